//! One marked method: a row of the handler table.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Attribute, Error, FnArg, Ident, Lifetime, Path, Result, ReturnType, Signature, Type};

use super::parse::check_receiver;
use super::target::Target;

/// What a row is for.
pub(super) enum Kind {
    /// With the row of its guard, once that is known.
    Handler(Box<Target>, Option<Guard>),
    Default(Path),
    Result(Path),
    /// With the event of the first handler that names it, once that is known.
    Guard(Option<Path>),
    Impose(Path),
}

/// A guard, as a handler knows it.
pub(super) struct Guard {
    pub(super) row: usize,
    pub(super) event: Path,
}

/// A method that the kernel enters.
pub(crate) struct Row {
    pub(super) kind: Kind,
    pub(super) method: Ident,
    /// The types of the arguments after `&self`, as the author wrote them.
    arguments: Vec<Type>,
    output: TokenStream,
    /// Where `&self` stands, for errors about the number of arguments.
    receiver: Span,
}

impl Kind {
    /// Reads the attribute called `name`.
    pub(super) fn parse(name: &str, attribute: &Attribute) -> Result<Self> {
        match name {
            "guard" => attribute.meta.require_path_only().map(|_| Self::Guard(None)).map_err(|_| {
                let advice = "a guard takes no arguments: write `#[guard]`, and `guard = METHOD` in the handlers it is for";
                Error::new_spanned(attribute, advice)
            }),
            "default_handler" => event(name, attribute).map(Self::Default),
            "result_handler" => event(name, attribute).map(Self::Result),
            "imposed_guard" => event(name, attribute).map(Self::Impose),
            _ => {
                let example = "`#[handler(console::Command, word = \"hello\")]`";
                let target = arguments::<Target>(attribute, example)?;
                check_event(&target.event)?;
                Ok(Self::Handler(Box::new(target), None))
            }
        }
    }

    fn takes_state(&self) -> &'static str {
        match self {
            Self::Guard(_) | Self::Impose(_) => {
                "a guard takes `&self` first: the state is shared; keep what changes in atomics or a lock"
            }
            _ => "a handler takes `&self` first: the state is shared; keep what changes in atomics or a lock",
        }
    }
}

/// Reads an event that stands alone.
fn event(name: &str, attribute: &Attribute) -> Result<Path> {
    let Alone(event) = arguments(attribute, &format!("`#[{name}(console::Command)]`"))?;
    check_event(&event).map(|()| event)
}

/// Beside the event are traits that are found by its path.
fn check_event(event: &Path) -> Result<()> {
    match event.segments.len() {
        1 => {
            let advice = "name the interface too: `console::Command`, or `self::Command` for one that is declared here";
            Err(Error::new_spanned(event, advice))
        }
        _ => Ok(()),
    }
}

struct Alone(Path);

impl Parse for Alone {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let event = input.parse()?;
        match input.is_empty() {
            true => Ok(Self(event)),
            false => Err(input.error("here stands the event alone: remove this")),
        }
    }
}

fn arguments<T: Parse>(attribute: &Attribute, example: &str) -> Result<T> {
    attribute.parse_args().map_err(|error| match attribute.meta.require_list() {
        Ok(list) if !list.tokens.is_empty() => error,
        _ => Error::new_spanned(attribute, format!("name the event: {example}")),
    })
}

impl Row {
    pub(super) fn new(kind: Kind, signature: &Signature) -> Result<Self> {
        check_receiver(signature, kind.takes_state())?;
        check_lifetimes(signature)?;
        let arguments = signature.inputs.iter().skip(1).filter_map(|argument| match argument {
            FnArg::Typed(typed) => Some((*typed.ty).clone()),
            FnArg::Receiver(_) => None,
        });
        Ok(Self {
            kind,
            method: signature.ident.clone(),
            arguments: arguments.collect(),
            output: explicit_output(signature),
            receiver: signature.inputs.span(),
        })
    }

    /// The event, by the path of its interface.
    ///
    /// # Panics
    /// For a guard that no handler was found for.
    pub(super) fn event(&self) -> &Path {
        match &self.kind {
            Kind::Handler(target, _) => &target.event,
            Kind::Default(event) | Kind::Result(event) | Kind::Impose(event) => event,
            Kind::Guard(event) => event.as_ref().expect("guards were given the events of their handlers"),
        }
    }

    /// How many terms it has.
    pub(super) fn term_count(&self) -> usize {
        match &self.kind {
            Kind::Handler(target, _) => target.terms.len(),
            _ => 0,
        }
    }

    /// The name of the type that stands for this row.
    fn body(&self, index: usize) -> Ident {
        format_ident!("Row{index}")
    }

    /// A type that implements what rows of this kind are made of, by calling the method.
    pub(super) fn expand_body(&self, index: usize, state: &Type) -> TokenStream {
        let (body, method, output) = (self.body(index), &self.method, &self.output);
        let (body_trait, procedure) = self.body_trait(state);
        let names: Vec<_> = (0..self.arguments.len()).map(|at| format_ident!("argument{at}")).collect();
        let types = &self.arguments;
        let receiver = at(self.receiver, quote!(state: &#state));
        let signature = quote!(fn #procedure(#receiver #(, #names: #types)*) #output);
        quote! {
            struct #body;

            impl #body_trait for #body {
                #[inline(always)]
                #signature {
                    state.#method(#(#names),*)
                }
            }
        }
    }

    /// The trait of the body and its procedure. `console::Command` names `console::CommandHandler`.
    fn body_trait(&self, state: &Type) -> (TokenStream, TokenStream) {
        let event = self.event();
        match &self.kind {
            Kind::Handler(..) | Kind::Default(_) => {
                let name = suffixed(event, "Handler");
                (quote!(#name<#state>), quote!(handle))
            }
            Kind::Guard(_) | Kind::Impose(_) => {
                let name = suffixed(event, "Guard");
                (quote!(#name<#state>), quote!(holds))
            }
            Kind::Result(_) => (quote!(::spindle_sdk::abi::Combine<#event, #state>), quote!(combine)),
        }
    }

    /// The row of the table, an expression of type `Handler<State>`.
    pub(super) fn expand_row(&self, index: usize, state: &Type) -> TokenStream {
        let (event, body) = (self.event(), self.body(index));
        match &self.kind {
            Kind::Handler(..) => {
                let options = super::options::name(index);
                quote!(<#event>::handler::<#state, #body>(#options))
            }
            Kind::Default(_) => quote!(<#event>::default_handler::<#state, #body>()),
            Kind::Guard(_) => quote!(<#event>::guard::<#state, #body>()),
            Kind::Impose(_) => quote!(<#event>::imposed_guard::<#state, #body>()),
            Kind::Result(_) => quote!(::spindle_sdk::abi::Handler::result::<#event, #body>()),
        }
    }
}

fn suffixed(event: &Path, suffix: &str) -> Path {
    let mut path = event.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = format_ident!("{}{suffix}", last.ident);
    }
    path
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
