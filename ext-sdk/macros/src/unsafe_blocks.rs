//! For tests of `INV-MACRO-1`: finds `unsafe { ... }` in an expansion.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// How many unsafe blocks there are. `unsafe impl`, `unsafe extern` and `#[unsafe(...)]` are none: they make a
/// promise of the macro's own, and put nothing that stands in them into an unsafe context.
pub(crate) fn count(tokens: TokenStream) -> usize {
    let mut after_unsafe = false;
    let mut found = 0;
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            found += usize::from(after_unsafe && group.delimiter() == Delimiter::Brace);
            found += count(group.stream());
        }
        after_unsafe = matches!(&token, TokenTree::Ident(word) if word == "unsafe");
    }
    found
}

#[test]
fn a_block_inside_a_block_is_found() {
    let tokens = quote::quote! {
        unsafe impl Promise for Thing {
            fn keep() { unsafe { outer(|| unsafe { inner() }) } }
        }
    };
    assert_eq!(count(tokens), 2);
}
