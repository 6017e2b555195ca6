//! The whole expansion of an interface.

use proc_macro2::TokenStream;
use quote::quote;

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

/// The rule about `&mut`. That every type is plain follows from its schema, which the declaration names.
fn checks(interface: &Interface) -> TokenStream {
    let items = interface.procedures.iter().chain(&interface.events);
    let checks = items.flat_map(|item| &item.arguments).filter_map(|argument| argument.check());
    quote!(const _: () = { #(#checks)* };)
}

impl Item {
    /// For what takes the arguments: whether there are too many is for the author of the interface to judge.
    pub(crate) fn allow_many(&self) -> Option<TokenStream> {
        let allow = quote! {
            #[allow(clippy::too_many_arguments, reason = "as many as the declaration has")]
        };
        (self.arguments.len() > 6).then_some(allow)
    }
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
