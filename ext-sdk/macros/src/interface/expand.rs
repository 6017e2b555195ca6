//! The whole expansion of an interface.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{Interface, Item, Outcome, event, procedure};

/// Expands an interface in the module that it stands in.
pub(crate) fn expand(interface: &Interface) -> TokenStream {
    let checks = checks(interface);
    let procedures = procedure::expand(interface);
    let events = interface.events.iter().map(|item| event::expand(interface, item));
    quote! {
        #checks
        #procedures
        #(#events)*
    }
}

/// The rules that need types, each at the author's token.
fn checks(interface: &Interface) -> TokenStream {
    let items = || interface.procedures.iter().chain(&interface.events);
    let arguments = items().flat_map(|item| &item.arguments).filter_map(|argument| argument.check());
    let procedures = interface.procedures.iter().filter_map(|item| check_outcome(item, "check_plain"));
    let events = interface.events.iter().filter_map(|item| check_outcome(item, "check_result"));
    quote!(const _: () = { #(#arguments)* #(#procedures)* #(#events)* };)
}

fn check_outcome(item: &Item, check: &str) -> Option<TokenStream> {
    let Outcome::Plain(ty) = &item.outcome else { return None };
    let check = format_ident!("{check}");
    Some(quote_spanned!(ty.span()=> ::spindle_abi::plain::#check::<#ty>();))
}

impl Outcome {
    /// `-> T`, or nothing.
    pub(crate) fn arrow(&self) -> TokenStream {
        match self {
            Self::Nothing => TokenStream::new(),
            Self::Never => quote!(-> !),
            Self::Plain(ty) => quote!(-> #ty),
        }
    }
}
