//! The whole expansion of an extension.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, ReturnType, Signature};

use super::Extension;

/// The author's block, `impl spindle_sdk::Extension`, and for the kernel the descriptor and the records.
pub(crate) fn expand(extension: &Extension) -> TokenStream {
    let (block, state) = (&extension.block, &extension.state);
    let bodies = extension.handlers.iter().enumerate().map(|(at, handler)| handler.expand_body(at, state));
    let options = extension.handlers.iter().enumerate().map(|(at, handler)| handler.expand_options(at));
    let rows = extension.handlers.iter().enumerate().map(|(at, handler)| handler.expand_row(at, state));
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
    let indices: Vec<_> = (0..extension.handlers.len()).collect();
    let identity = record(
        &format_ident!("IDENTITY"),
        &quote! {
            Identity {
                name: <#state as ::spindle_sdk::Extension>::NAME,
                version: ::core::env!("CARGO_PKG_VERSION"),
                sdk: ::spindle_sdk::VERSION,
            }
        },
    );
    let records = indices.iter().map(|&index| handler_records(extension, index));
    quote! {
        #[cfg(any(target_os = "none", target_arch = "wasm32"))]
        const _: () = {
            const TABLE: &[::spindle_sdk::abi::Handler<#state>] = <#state as ::spindle_sdk::Extension>::HANDLERS;
            static ENTRIES: &[::spindle_sdk::abi::HandlerFn] = &[#(TABLE[#indices].entry().enter),*];

            #[unsafe(export_name = "spindle_extension")]
            static DESCRIPTOR: ::spindle_sdk::abi::ExtensionDescriptor =
                ::spindle_sdk::glue::descriptor::<#state>(ENTRIES);

            #identity
            #(#records)*
        };
    }
}

/// The records of one row: its own, and one for each of its terms.
fn handler_records(extension: &Extension, index: usize) -> TokenStream {
    let handler = &extension.handlers[index];
    let number = u32::try_from(index).expect("a source file has fewer than 2^32 methods");
    let row = record(
        &format_ident!("ROW{index}"),
        &quote! {
            Row {
                index: #number,
                event: TABLE[#index].entry().event,
                role: TABLE[#index].entry().role,
            }
        },
    );
    let (event, options) = (handler.event(), handler.options(index));
    let terms = (0..handler.term_count()).map(|term| {
        record(&format_ident!("ROW{index}_TERM{term}"), &quote! {
            Where {
                index: #number,
                field: <#event as ::spindle_sdk::abi::EventSpec>::KEYS[#options.terms.as_slice()[#term].field].name,
                asked: #options.terms.as_slice()[#term].asked,
            }
        })
    });
    quote!(#row #(#terms)*)
}

/// A record, as bytes in its section.
fn record(name: &Ident, record: &TokenStream) -> TokenStream {
    let bytes = format_ident!("{name}_BYTES");
    quote! {
        const #name: ::spindle_sdk::abi::record::Record<'static> = ::spindle_sdk::abi::record::Record::#record;
        #[used]
        #[unsafe(link_section = ".note.spindle")]
        static #bytes: [u8; #name.length()] = #name.bytes();
    }
}
