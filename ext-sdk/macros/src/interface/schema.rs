//! The schema text of an item, as parts: text that is known here, and the types that only the compiler knows.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Type};

use super::{Argument, Interface, Item, Outcome};

/// The name of the constant that holds an item's declaration.
pub(crate) fn constant(item: &Item) -> Ident {
    format_ident!("{}", item.name.to_string().to_uppercase(), span = item.name.span())
}

/// `console.write_line`
pub(crate) fn full_name(interface: &Interface, item: &Item) -> String {
    format!("{}.{}", interface.name, item.name)
}

/// An expression of type `&'static Declaration`.
pub(crate) fn declaration(kind: &str, interface: &Interface, item: &Item) -> TokenStream {
    let name = full_name(interface, item);
    let mut parts = Parts::default();
    parts.text(&format!("{kind} {name}("));
    for (at, argument) in item.arguments.iter().enumerate() {
        parts.text(if at > 0 { ", " } else { "" });
        parts.argument(argument);
    }
    parts.text(")");
    parts.outcome(&item.outcome);
    let parts = parts.finish();
    quote!(&::spindle_abi::declaration!(#name, &[#(#parts),*]))
}

/// Parts, with neighbouring texts joined.
#[derive(Default)]
struct Parts {
    done: Vec<TokenStream>,
    text: String,
}

impl Parts {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn argument(&mut self, argument: &Argument) {
        let key = if argument.is_key { "key " } else { "" };
        let (before, after) = argument.shape.schema_text();
        self.text(&format!("{key}{}: {before}", argument.name));
        if let Some(ty) = argument.shape.plain() {
            self.ty(ty);
        }
        self.text(after);
    }

    fn outcome(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Nothing => {}
            Outcome::Never => self.text(" -> !"),
            Outcome::Plain(ty) => {
                self.text(" -> ");
                self.ty(ty);
            }
        }
    }

    fn ty(&mut self, ty: &Type) {
        self.flush();
        self.done.push(quote_spanned! {ty.span()=>
            ::spindle_abi::schema::Part::Type(<#ty as ::spindle_abi::AbiPlain>::SCHEMA)
        });
    }

    fn flush(&mut self) {
        let text = core::mem::take(&mut self.text);
        if !text.is_empty() {
            self.done.push(quote!(::spindle_abi::schema::Part::Text(#text)));
        }
    }

    fn finish(mut self) -> Vec<TokenStream> {
        self.flush();
        self.done
    }
}
