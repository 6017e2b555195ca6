//! What an extension expands to, as far as it can be told without compiling it.

use quote::quote;

use super::attribute;
use crate::unsafe_blocks;

#[test]
fn no_token_of_the_author_stands_in_an_unsafe_block() {
    let all = attribute(
        quote!(),
        quote! {
            impl Hello {
                #[start]
                fn start() -> Result<Self, Status> { Ok(Self) }
                #[handler(console::Command, word = "hello", first, cancel, asynchronous, guard = is_mine)]
                fn hello(&self, word: &str, name: &str) -> Status { Status::OK }
                #[guard]
                fn is_mine(&self, word: &str, name: &str) -> bool { true }
                #[default_handler(console::Command)]
                fn other(&self, word: &str, name: &str) -> Status { Status::OK }
                #[result_handler(console::Command)]
                fn worse(&self, previous: Status, next: Status) -> Status { next }
                #[imposed_guard(console::Command)]
                fn may(&self, word: &str, name: &str) -> bool { true }
                #[stop]
                fn stop(&self) {}
            }
        },
    );
    assert!(!all.to_string().contains("compile_error"), "{all}");
    assert_eq!(unsafe_blocks::count(all), 0);
}

#[test]
fn the_authors_block_is_kept_word_for_word() {
    let block = quote! {
        impl Hello {
            const GREETING: &str = "hello";
            #[inline]
            fn greet(&self) -> &str { Self::GREETING }
        }
    };
    let all = attribute(quote!(), block.clone()).to_string();
    assert!(all.starts_with(&block.to_string()), "{all}");
}

#[test]
fn handlers_are_numbered_in_the_order_of_their_methods() {
    let all = attribute(
        quote!(),
        quote! {
            impl Hello {
                #[handler(console::Command, word = "one")]
                fn one(&self, word: &str, name: &str) -> Status { Status::OK }
                #[handler(clock::Tick)]
                fn two(&self, now_ns: u64) {}
            }
        },
    );
    let (first, second) =
        (quote!(index: 0u32, event: TABLE[0usize]), quote!(index: 1u32, event: TABLE[1usize]));
    assert!(all.to_string().contains(&first.to_string()), "{all}");
    assert!(all.to_string().contains(&second.to_string()), "{all}");
}

#[test]
fn a_guard_has_the_event_of_the_handler_that_names_it_wherever_it_stands() {
    let all = attribute(
        quote!(),
        quote! {
            impl Hello {
                #[guard]
                fn is_mine(&self, now_ns: u64) -> bool { true }
                #[handler(clock::Tick, guard = is_mine)]
                fn tick(&self, now_ns: u64) {}
            }
        },
    );
    let row = quote!(<clock::Tick>::guard::<Hello, Row0>());
    let named = quote!(::spindle_sdk::abi::row::guarded_by::<clock::Tick, clock::Tick>(0usize));
    assert!(all.to_string().contains(&row.to_string()), "{all}");
    assert!(all.to_string().contains(&named.to_string()), "{all}");
}

#[test]
fn each_term_has_a_record_of_its_own() {
    let all = attribute(
        quote!(),
        quote! {
            impl Hello {
                #[handler(net::Sent, port = 80..=90, proto = 6)]
                fn sent(&self, port: u16, proto: u8) {}
            }
        },
    );
    assert_eq!(all.to_string().matches("Record :: Where").count(), 2, "{all}");
}

#[test]
fn what_the_kernel_reads_is_made_for_both_kinds_and_not_for_tests() {
    let all = attribute(quote!(), quote! { impl Hello {} }).to_string();
    let object = quote! {
        #[cfg(any(target_os = "none", target_arch = "wasm32"))]
        const _: () =
    };
    assert_eq!(all.matches("spindle_extension").count(), 1, "{all}");
    assert!(all.contains(&object.to_string()), "{all}");
}
