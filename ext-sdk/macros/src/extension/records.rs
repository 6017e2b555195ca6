//! The records of an extension: what it is, and what each row of its table is for.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Extension, Row, options};

/// All records, as bytes in the section that the packer reads.
pub(super) fn expand(extension: &Extension) -> TokenStream {
    let state = &extension.state;
    let identity = quote! {
        Identity {
            name: <#state as ::spindle_sdk::Extension>::NAME,
            version: ::core::env!("CARGO_PKG_VERSION"),
            sdk: ::spindle_sdk::VERSION,
        }
    };
    let identity = record(&format_ident!("IDENTITY"), &identity);
    let rows = (0u32..).zip(&extension.rows).map(|(index, row)| expand_row(index, row));
    quote!(#identity #(#rows)*)
}

/// The records of one row: its own, and one for each of its terms.
fn expand_row(number: u32, row: &Row) -> TokenStream {
    let (event, index) = (row.event(), number as usize);
    let itself = quote! {
        Row { index: #number, event: TABLE[#index].entry().event, role: TABLE[#index].entry().role }
    };
    let itself = record(&format_ident!("ROW{index}"), &itself);
    let options = options::name(index);
    let terms = (0..row.term_count()).map(|term| {
        let wanted = quote!(#options.terms.as_slice()[#term]);
        let wanted = quote! {
            Where {
                index: #number,
                field: <#event as ::spindle_sdk::abi::EventSpec>::KEYS[#wanted.field].name,
                asked: #wanted.asked,
            }
        };
        record(&format_ident!("ROW{index}_TERM{term}"), &wanted)
    });
    quote!(#itself #(#terms)*)
}

fn record(name: &Ident, record: &TokenStream) -> TokenStream {
    let bytes = format_ident!("{name}_BYTES");
    quote! {
        const #name: ::spindle_sdk::abi::record::Record<'static> = ::spindle_sdk::abi::record::Record::#record;
        #[used]
        #[unsafe(link_section = ".note.spindle")]
        static #bytes: [u8; #name.length()] = #name.bytes();
    }
}
