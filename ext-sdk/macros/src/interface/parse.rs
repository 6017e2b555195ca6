//! The model of an interface, and how it is parsed.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Ident, Result, Token, Type, braced, parenthesized};

use super::Argument;
use super::marks::Marks;
use crate::parse::check_plain;

mod keyword {
    syn::custom_keyword!(event);
}

/// How many arguments of an event may be keys (`KeyField::MAX_PER_EVENT`).
const MAX_KEYS: usize = 4;

/// `name { item ... }`
pub(crate) struct Interface {
    pub(crate) name: Ident,
    pub(crate) procedures: Vec<Item>,
    pub(crate) events: Vec<Item>,
}

/// A procedure or an event.
pub(crate) struct Item {
    pub(crate) documentation: Vec<Attribute>,
    pub(crate) marks: Marks,
    pub(crate) name: Ident,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) outcome: Outcome,
}

/// What comes back.
pub(crate) enum Outcome {
    Nothing,
    Never,
    Plain(Box<Type>),
}

impl Parse for Interface {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name: Ident = input.parse()?;
        let items;
        braced!(items in input);
        let mut interface = Self { name, procedures: Vec::new(), events: Vec::new() };
        while !items.is_empty() {
            interface.parse_item(&items)?;
        }
        Ok(interface)
    }
}

impl Interface {
    fn parse_item(&mut self, input: ParseStream<'_>) -> Result<()> {
        let (documentation, marks) = Marks::take(input.call(Attribute::parse_outer)?)?;
        if documentation.is_empty() {
            return Err(input.error("say in a `///` comment what this is: it becomes the reference page"));
        }
        let is_event = parse_kind(input)?;
        let item = Item::parse(documentation, marks, input)?;
        match is_event {
            true => item.check_event().map(|()| self.events.push(item)),
            false => item.check_procedure().map(|()| self.procedures.push(item)),
        }
    }
}

fn parse_kind(input: ParseStream<'_>) -> Result<bool> {
    if input.peek(keyword::event) {
        return input.parse::<keyword::event>().map(|_| true);
    }
    if input.peek(Token![fn]) {
        return input.parse::<Token![fn]>().map(|_| false);
    }
    Err(input.error("expected `fn name(...);` or `event Name(...);`"))
}

impl Item {
    fn parse(documentation: Vec<Attribute>, marks: Marks, input: ParseStream<'_>) -> Result<Self> {
        let name: Ident = input.parse()?;
        if input.peek(Token![<]) {
            return Err(input.error("an interface has no generics: declare one item for each type"));
        }
        let arguments;
        parenthesized!(arguments in input);
        let arguments = Punctuated::<Argument, Token![,]>::parse_terminated(&arguments)?;
        let outcome = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self { documentation, marks, name, arguments: arguments.into_iter().collect(), outcome })
    }

    /// The key arguments, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Argument> {
        self.arguments.iter().filter(|argument| argument.is_key)
    }

    fn check_procedure(&self) -> Result<()> {
        self.marks.check_procedure()?;
        match self.keys().next() {
            Some(key) => Err(Error::new(key.name.span(), "only events have keys: remove `#[key]`")),
            None => Ok(()),
        }
    }

    fn check_event(&self) -> Result<()> {
        if let Some(key) = self.keys().nth(MAX_KEYS) {
            return Err(Error::new(key.name.span(), "an event has at most 4 keys: remove `#[key]` from one"));
        }
        match self.outcome {
            Outcome::Never => Err(Error::new(self.name.span(), "a handler returns: remove `-> !`")),
            Outcome::Nothing => self.marks.check_without_result(),
            Outcome::Plain(_) => Ok(()),
        }
    }
}

impl Parse for Outcome {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(Token![->]) {
            return Ok(Self::Nothing);
        }
        input.parse::<Token![->]>()?;
        match input.parse()? {
            Type::Never(_) => Ok(Self::Never),
            Type::Reference(reference) => {
                let advice = "no reference is returned: return plain data, or write the answer through a `&mut` argument";
                Err(Error::new_spanned(reference, advice))
            }
            ty => check_plain(&ty).map(|()| Self::Plain(Box::new(ty))),
        }
    }
}
