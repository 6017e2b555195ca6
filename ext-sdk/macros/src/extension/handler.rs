//! One `#[handler(EVENT, KEY = VALUE)]` method.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, FnArg, Ident, Lit, Path, Result, ReturnType, Signature, Token, Type};

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
    output: ReturnType,
    /// The whole parameter list, for errors about it.
    inputs: Span,
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
        let arguments = signature.inputs.iter().skip(1).filter_map(|argument| match argument {
            FnArg::Typed(typed) => Some((*typed.ty).clone()),
            FnArg::Receiver(_) => None,
        });
        Ok(Self {
            event: target.event,
            key: target.key,
            method: signature.ident.clone(),
            arguments: arguments.collect(),
            output: signature.output.clone(),
            inputs: signature.paren_token.span.join(),
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
        let signature = quote_spanned!(self.inputs=> fn handle(state: &#state #(, #names: #types)*) #output);
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

    /// The row of the table, an expression of type `Handler<State>`.
    pub(super) fn expand_row(&self, index: usize, state: &Type) -> TokenStream {
        let (event, body) = (&self.event, self.body(index));
        let key = match &self.key {
            None => quote!(::core::option::Option::None),
            Some((name, value)) => self.expand_key(name, value),
        };
        quote!(<#event>::handler::<#state, #body>(#key))
    }

    fn expand_key(&self, name: &Ident, value: &Lit) -> TokenStream {
        let (event, text) = (&self.event, name.to_string());
        let value = match value {
            Lit::Str(word) => quote!(::spindle_sdk::abi::Key::Word(#word)),
            other => quote!(::spindle_sdk::abi::Key::Integer(#other)),
        };
        let select =
            quote_spanned!(name.span().resolved_at(Span::mixed_site())=> ::spindle_sdk::abi::key::select);
        quote! {
            ::core::option::Option::Some(#select(
                <#event as ::spindle_sdk::abi::EventSpec>::DECLARATION.name,
                <#event as ::spindle_sdk::abi::EventSpec>::KEYS,
                #text,
                #value,
            ))
        }
    }

    pub(super) fn span(&self) -> Span {
        self.event.span()
    }
}
