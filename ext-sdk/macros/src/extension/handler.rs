//! One `#[handler(EVENT, KEY = VALUE)]` method.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Attribute, Error, FnArg, Ident, Lifetime, Lit, Path, Result, ReturnType, Signature, Token, Type};

use super::parse::check_receiver;

/// The longest word that a handler may ask for (`Key::MAX_WORD_BYTES`).
const MAX_WORD_BYTES: usize = 64;

/// A method that handles an event.
pub(crate) struct Handler {
    event: Path,
    key: Option<(Ident, Lit)>,
    method: Ident,
    /// The types of the arguments after `&self`, as the author wrote them.
    arguments: Vec<Type>,
    output: TokenStream,
    /// Where `&self` stands, for errors about the number of arguments.
    receiver: Span,
}

/// What stands in `#[handler(...)]`.
struct Target {
    event: Path,
    key: Option<(Ident, Lit)>,
}

impl Parse for Target {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let event = input.parse()?;
        let key = parse_key(input)?;
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        match input.is_empty() {
            true => Ok(Self { event, key }),
            false => {
                Err(input
                    .error("a handler asks for one key at most: remove this one, and test it in the method"))
            }
        }
    }
}

fn parse_key(input: ParseStream<'_>) -> Result<Option<(Ident, Lit)>> {
    if !(input.peek(Token![,]) && input.peek2(Ident)) {
        return Ok(None);
    }
    input.parse::<Token![,]>()?;
    let name = input.parse()?;
    input.parse::<Token![=]>()?;
    let value: Lit = input.parse().map_err(|error| {
        Error::new(error.span(), "a key is a literal: a string such as \"hello\", or an unsigned integer")
    })?;
    check_value(&value).map(|()| Some((name, value)))
}

fn check_value(value: &Lit) -> Result<()> {
    match value {
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

impl Handler {
    pub(super) fn parse(attribute: &Attribute, signature: &Signature) -> Result<Self> {
        let target: Target = attribute.parse_args().map_err(|error| match attribute.meta.require_list() {
            Ok(list) if !list.tokens.is_empty() => error,
            _ => Error::new_spanned(
                attribute,
                "name the event: `#[handler(console::Command, word = \"hello\")]`",
            ),
        })?;
        check_receiver(
            signature,
            "a handler takes `&self` first: the state is shared; keep what changes in atomics or a lock",
        )?;
        check_lifetimes(signature)?;
        let arguments = signature.inputs.iter().skip(1).filter_map(|argument| match argument {
            FnArg::Typed(typed) => Some((*typed.ty).clone()),
            FnArg::Receiver(_) => None,
        });
        Ok(Self {
            event: target.event,
            key: target.key,
            method: signature.ident.clone(),
            arguments: arguments.collect(),
            output: explicit_output(signature),
            receiver: signature.inputs.span(),
        })
    }

    /// The name of the type that stands for this handler.
    fn body(&self, index: usize) -> Ident {
        format_ident!("Handler{index}")
    }

    /// A type that implements the event's typed handler trait by calling the method.
    pub(super) fn expand_body(&self, index: usize, state: &Type) -> TokenStream {
        let (body, handler_trait, method, output) =
            (self.body(index), self.handler_trait(), &self.method, &self.output);
        let names: Vec<_> = (0..self.arguments.len()).map(|at| format_ident!("argument{at}")).collect();
        let types = &self.arguments;
        let receiver = at(self.receiver, quote!(state: &#state));
        let signature = quote!(fn handle(#receiver #(, #names: #types)*) #output);
        quote! {
            struct #body;

            impl #handler_trait<#state> for #body {
                #[inline(always)]
                #signature {
                    state.#method(#(#names),*)
                }
            }
        }
    }

    /// `console::Command` names the trait `console::CommandHandler`.
    fn handler_trait(&self) -> Path {
        let mut path = self.event.clone();
        if let Some(last) = path.segments.last_mut() {
            last.ident = format_ident!("{}Handler", last.ident);
        }
        path
    }

    /// The constant that holds the options.
    pub(super) fn options(&self, index: usize) -> Ident {
        format_ident!("OPTIONS{index}")
    }

    /// How many terms there are.
    pub(super) fn term_count(&self) -> usize {
        usize::from(self.key.is_some())
    }

    /// A constant with the options, which the compiler checks against the event even if nobody uses it.
    pub(super) fn expand_options(&self, index: usize) -> TokenStream {
        let constant = self.options(index);
        let terms = self.key.iter().map(|(name, value)| self.select(name, value));
        quote! {
            const #constant: ::spindle_sdk::abi::Options<'static> = ::spindle_sdk::abi::Options {
                terms: ::spindle_sdk::glue::terms(&[#(#terms),*]),
                ..::spindle_sdk::abi::Options::NONE
            };
        }
    }

    fn select(&self, name: &Ident, value: &Lit) -> TokenStream {
        let (event, text) = (&self.event, name.to_string());
        let value = match value {
            Lit::Str(word) => quote!(::spindle_sdk::abi::Key::Word(#word)),
            other => quote!(::spindle_sdk::abi::Key::Integer(#other)),
        };
        quote_spanned! {name.span().resolved_at(Span::mixed_site())=>
            ::spindle_sdk::abi::key::select(
                <#event as ::spindle_sdk::abi::EventSpec>::DECLARATION.name,
                <#event as ::spindle_sdk::abi::EventSpec>::KEYS,
                #text,
                ::spindle_sdk::abi::Asked::Equal(#value),
            )
        }
    }

    /// The row of the table, an expression of type `Handler<State>`.
    pub(super) fn expand_row(&self, index: usize, state: &Type) -> TokenStream {
        let (event, body, options) = (&self.event, self.body(index), self.options(index));
        quote!(<#event>::handler::<#state, #body>(#options))
    }

    /// The event, by the path of its interface.
    pub(super) fn event(&self) -> &Path {
        &self.event
    }
}

/// The result type, `()` written out, so that an error about it has a place.
fn explicit_output(signature: &Signature) -> TokenStream {
    match &signature.output {
        ReturnType::Default => quote_spanned!(signature.paren_token.span.close()=> -> ()),
        written => written.to_token_stream(),
    }
}

/// Refuses named lifetimes: what a handler is given, it is given until it returns.
fn check_lifetimes(signature: &Signature) -> Result<()> {
    struct First(Option<Lifetime>);
    impl<'a> Visit<'a> for First {
        fn visit_lifetime(&mut self, lifetime: &'a Lifetime) {
            self.0.get_or_insert_with(|| lifetime.clone());
        }
    }
    let mut first = First(None);
    signature.inputs.iter().for_each(|argument| first.visit_fn_arg(argument));
    match first.0 {
        Some(lifetime) => {
            let advice =
                "remove the lifetime: an argument is borrowed until the handler returns; copy what you keep";
            Err(Error::new_spanned(lifetime, advice))
        }
        None => Ok(()),
    }
}

/// The same tokens, as if they stood elsewhere.
fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    moved.collect()
}
