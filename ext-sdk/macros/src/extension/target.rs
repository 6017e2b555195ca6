//! What stands in `#[handler(...)]`: the event, what is asked of its keys, and the options.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, Lit, LitInt, Path, Result, Token};

/// The longest word that a handler may ask for (`Key::MAX_WORD_BYTES`).
const MAX_WORD_BYTES: usize = 64;
/// How many keys an event has at most (`KeyField::MAX_PER_EVENT`).
const MAX_TERMS: usize = 4;

/// The arguments of the attribute. An option is known by where it stands.
pub(super) struct Target {
    pub(super) event: Path,
    pub(super) terms: Vec<Term>,
    pub(super) first: Option<Ident>,
    pub(super) last: Option<Ident>,
    pub(super) cancel: Option<Ident>,
    pub(super) asynchronous: Option<Ident>,
    /// The method named as guard.
    pub(super) guard: Option<Ident>,
}

/// `KEY = VALUE`
pub(super) struct Term {
    pub(super) key: Ident,
    pub(super) value: Value,
}

pub(super) enum Value {
    Equal(Lit),
    Range(LitInt, LitInt),
}

impl Parse for Target {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut target = Self::of(input.parse()?);
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let word = input.call(Ident::parse_any)?;
            match input.peek(Token![=]) {
                true => target.add_pair(word, input)?,
                false => target.add_word(word)?,
            }
        }
        target.check_place().map(|()| target)
    }
}

impl Target {
    /// Every raise of `event`.
    pub(super) fn of(event: Path) -> Self {
        Self {
            event,
            terms: Vec::new(),
            first: None,
            last: None,
            cancel: None,
            asynchronous: None,
            guard: None,
        }
    }

    fn add_word(&mut self, word: Ident) -> Result<()> {
        let place = match word.to_string().as_str() {
            "first" => &mut self.first,
            "last" => &mut self.last,
            "cancel" => &mut self.cancel,
            "asynchronous" => &mut self.asynchronous,
            _ => {
                let advice =
                    "expected `KEY = VALUE`, `guard = METHOD`, `first`, `last`, `cancel` or `asynchronous`";
                return Err(Error::new(word.span(), advice));
            }
        };
        once(place, word)
    }

    fn add_pair(&mut self, word: Ident, input: ParseStream<'_>) -> Result<()> {
        input.parse::<Token![=]>()?;
        if word == "guard" && input.peek(Ident) {
            return once(&mut self.guard, input.parse()?);
        }
        let term = Term { key: word, value: input.parse()? };
        if self.terms.iter().any(|other| other.key == term.key) {
            let advice = "this key is asked for twice: write one value, or a range such as `80..=90`";
            return Err(Error::new(term.key.span(), advice));
        }
        if self.terms.len() == MAX_TERMS {
            return Err(Error::new(term.key.span(), "an event has at most 4 keys: remove this one"));
        }
        self.terms.push(term);
        Ok(())
    }

    fn check_place(&self) -> Result<()> {
        match (&self.first, &self.last) {
            (Some(_), Some(last)) => {
                Err(Error::new(last.span(), "a handler has one place: keep `first` or `last`"))
            }
            _ => Ok(()),
        }
    }
}

fn once(place: &mut Option<Ident>, found: Ident) -> Result<()> {
    let span = found.span();
    match place.replace(found) {
        None => Ok(()),
        Some(_) => Err(Error::new(span, "this stands here twice: remove one")),
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let from: Lit = input.parse().map_err(|error| {
            Error::new(error.span(), "a key is a literal: a string such as \"hello\", or an unsigned integer")
        })?;
        check_value(&from)?;
        if input.peek(Token![..=]) {
            input.parse::<Token![..=]>()?;
            return range(from, input.parse()?);
        }
        if input.peek(Token![..]) {
            return Err(input.error("both ends belong to a range: write `FROM..=TO`"));
        }
        Ok(Self::Equal(from))
    }
}

fn check_value(value: &Lit) -> Result<()> {
    match value {
        Lit::Str(word) if word.value().is_empty() => {
            Err(Error::new_spanned(word, "no word is empty: remove this key, or name a word"))
        }
        Lit::Str(word) if word.value().len() > MAX_WORD_BYTES => {
            Err(Error::new_spanned(word, "a word key has at most 64 bytes: shorten it"))
        }
        Lit::Str(word) if word.value().contains(|character: char| character.is_ascii_control()) => {
            Err(Error::new_spanned(word, "a word key has no control characters: remove them"))
        }
        Lit::Int(integer) => integer.base10_parse::<u64>().map(drop),
        Lit::Str(_) => Ok(()),
        other => {
            Err(Error::new_spanned(other, "a key is a string such as \"hello\", or an unsigned integer"))
        }
    }
}

fn range(from: Lit, to: Lit) -> Result<Value> {
    match (from, to) {
        (Lit::Int(from), Lit::Int(to)) => {
            if from.base10_parse::<u64>()? > to.base10_parse::<u64>()? {
                return Err(Error::new_spanned(&to, "no number is in this range: exchange its ends"));
            }
            Ok(Value::Range(from, to))
        }
        (Lit::Int(_), other) | (other, _) => {
            Err(Error::new_spanned(other, "a range has unsigned integers at both ends"))
        }
    }
}
