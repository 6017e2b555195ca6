//! The whole expansion of an extension.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Signature};

use super::{Extension, options, records};

/// The author's block, `impl spindle_sdk::Extension`, and for the kernel the descriptor and the records.
pub(crate) fn expand(extension: &Extension) -> TokenStream {
    let (block, state) = (&extension.block, &extension.state);
    let numbered = || extension.rows.iter().enumerate();
    let bodies = numbered().map(|(index, row)| row.expand_body(index, state));
    let options = numbered().map(|(index, row)| options::expand(index, row));
    let rows = numbered().map(|(index, row)| row.expand_row(index, state));
    let (start, stop, object) = (start(extension), stop(extension), object(extension));
    quote! {
        #block

        const _: () = {
            #(#bodies)*
            #(#options)*

            impl ::spindle_sdk::Extension for #state {
                const NAME: &'static str = ::core::env!("CARGO_PKG_NAME");
                const HANDLERS: &'static [::spindle_sdk::abi::Handler<Self>] = &[#(#rows),*];
                #start
                #stop
            }

            #object
        };
    }
}

fn start(extension: &Extension) -> TokenStream {
    let state = &extension.state;
    let call = match &extension.start {
        None => {
            quote_spanned!(state.span()=> ::core::result::Result::Ok(::spindle_sdk::glue::start_by_default::<#state>()))
        }
        Some(signature) => {
            let name = &signature.ident;
            quote_spanned! {result_span(signature)=>
                let start: fn() -> ::core::result::Result<Self, ::spindle_sdk::abi::Status> = <#state>::#name;
                start()
            }
        }
    };
    quote! {
        fn start() -> ::core::result::Result<Self, ::spindle_sdk::abi::Status> {
            #call
        }
    }
}

/// Where the result of the author's method stands, for an error about its type.
fn result_span(signature: &Signature) -> Span {
    match &signature.output {
        ReturnType::Default => signature.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    }
}

fn stop(extension: &Extension) -> Option<TokenStream> {
    let (state, name) = (&extension.state, extension.stop.as_ref()?);
    Some(quote! {
        fn stop(&self) {
            <#state>::#name(self)
        }
    })
}

/// What the object file of an extension, native or Wasm, has beyond its code.
fn object(extension: &Extension) -> TokenStream {
    let state = &extension.state;
    let indices = 0..extension.rows.len();
    let records = records::expand(extension);
    quote! {
        #[cfg(any(target_os = "none", target_arch = "wasm32"))]
        const _: () = {
            const TABLE: &[::spindle_sdk::abi::Handler<#state>] = <#state as ::spindle_sdk::Extension>::HANDLERS;
            static ENTRIES: &[::spindle_sdk::abi::HandlerFn] = &[#(TABLE[#indices].entry().enter),*];

            #[unsafe(export_name = "spindle_extension")]
            static DESCRIPTOR: ::spindle_sdk::abi::ExtensionDescriptor =
                ::spindle_sdk::glue::descriptor::<#state>(ENTRIES);

            #records
        };
    }
}
