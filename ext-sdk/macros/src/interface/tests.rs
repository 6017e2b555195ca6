//! What an interface expands to, as far as it can be told without compiling it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Interface, expand};
use crate::unsafe_blocks;

fn expanded(interface: TokenStream) -> TokenStream {
    expand(&syn::parse2::<Interface>(interface).expect("it follows the grammar"))
}

#[test]
fn no_token_of_the_author_stands_in_an_unsafe_block() {
    let all = expanded(quote! {
        everything {
            /// A procedure.
            fn call(value: Plain, by: &Plain, into: &mut Plain, all: &[Plain], fill: &mut [Plain], text: &str) -> Plain;
            /// An event.
            #[chained]
            #[interrupt]
            event Raised(#[key] value: Plain, by: &Plain, into: &mut Plain, all: &[Plain], fill: &mut [Plain], text: &str) -> Plain;
        }
    });
    assert_eq!(unsafe_blocks::count(all), 0);
}

#[test]
fn a_call_of_an_extension_is_one_call_of_one_symbol() {
    let all = expanded(quote! { clock { /** The time. */ fn now() -> u64; } }).to_string();
    let import = quote! {
        unsafe extern "C" {
            #[link_name = "spindle.clock.now"]
            safe fn import() -> u64;
        }
        import()
    };
    assert!(all.contains(&import.to_string()), "{all}");
}

#[test]
fn a_call_of_a_wasm_extension_passes_one_frame_to_one_import() {
    let all = expanded(quote! { clock { /** The time. */ fn wait_until(ns: u64) -> u64; } }).to_string();
    let call = quote!(::spindle_abi::raw::call_import(WaitUntilCall::frame(ns)));
    let import = quote! {
        #[link(wasm_import_module = "spindle")]
        unsafe extern "C" {
            #[link_name = "clock.wait_until"]
            fn import(frame: *mut ());
        }
    };
    assert!(all.contains(&call.to_string()) && all.contains(&import.to_string()), "{all}");
}

#[test]
fn a_procedure_and_an_event_of_one_name_have_two_frames() {
    let all =
        expanded(quote! { bench { /** Nothing. */ fn null(); /** Nothing. */ event Null(); } }).to_string();
    assert!(all.contains("struct NullCall") && all.contains("struct NullFrame"), "{all}");
}

#[test]
fn an_entry_of_the_kernel_probes_the_stack_before_anything_else() {
    let all = expanded(quote! { console { /** Writes. */ fn write_line(line: &str); } }).to_string();
    let entry = quote! {
        extern "C" fn write_line<T: Procedures>(line: ::spindle_abi::raw::RawStr<'_>) {
            ::spindle_abi::raw::stack_probe();
            T::write_line(line.get())
        }
    };
    assert!(all.contains(&entry.to_string()), "{all}");
}

#[test]
fn an_interface_of_events_alone_has_no_procedures() {
    let all = expanded(quote! { clock { /** A tick. */ event Tick(now_ns: u64); } }).to_string();
    assert!(!all.contains("Procedures") && !all.contains("exports"), "{all}");
}
