//! Guards: the typed trait of an event's guards, and the body made of it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{Interface, Item, schema};

/// What an event expands to for its guards.
pub(crate) fn expand(interface: &Interface, item: &Item) -> TokenStream {
    let (name, frame, guard) = (&item.name, format_ident!("{}Frame", item.name), trait_name(item));
    let documentation = format!(
        "What says whether a raise of `{}` is wanted, with a `State` of its own.",
        schema::full_name(interface, item)
    );
    let parameters = item.arguments.iter().map(|argument| argument.shown_parameter());
    let arguments = item.arguments.iter().map(|argument| argument.show());
    let many = item.allow_many();
    quote! {
        #[doc = #documentation]
        pub trait #guard<State> {
            /// Whether this raise is wanted.
            #many
            fn holds(state: &State, #(#parameters),*) -> bool;
        }

        impl<State, G: #guard<State>> ::spindle_abi::Ask<#name, State> for ::spindle_abi::handler::Body<G> {
            #[inline(always)]
            #[allow(unused_variables, reason = "an event without arguments has an empty frame")]
            fn ask(state: &State, frame: &#frame<'_>) -> bool {
                G::holds(state, #(#arguments),*)
            }
        }
    }
}

/// What makes rows of guards, for the event's own `impl`.
pub(crate) fn constructors(item: &Item) -> TokenStream {
    let guard = trait_name(item);
    quote! {
        /// Makes a guard with body `G`, for handlers of this event to name.
        pub const fn guard<State: 'static, G: #guard<State> + 'static>() -> ::spindle_abi::Handler<State> {
            ::spindle_abi::Handler::guard::<Self, ::spindle_abi::handler::Body<G>>()
        }

        /// Makes a guard with body `G` that is imposed on others' handlers of this event.
        pub const fn imposed_guard<State: 'static, G: #guard<State> + 'static>() -> ::spindle_abi::Handler<State> {
            ::spindle_abi::Handler::imposed::<Self, ::spindle_abi::handler::Body<G>>()
        }
    }
}

fn trait_name(item: &Item) -> Ident {
    format_ident!("{}Guard", item.name)
}
