//! `#[extension]`: from an `impl` block to what the loader and testkit read.

mod expand;
mod options;
mod parse;
mod records;
mod row;
mod target;

use proc_macro2::TokenStream;
use syn::Error;

pub(crate) use expand::expand;
pub(crate) use parse::Extension;
pub(crate) use row::Row;

#[cfg(test)]
mod tests;

/// The attribute macro.
pub(crate) fn attribute(arguments: TokenStream, input: TokenStream) -> TokenStream {
    if !arguments.is_empty() {
        return Error::new_spanned(arguments, "`#[extension]` takes no arguments").into_compile_error();
    }
    match syn::parse2::<Extension>(input) {
        Ok(extension) => expand(&extension),
        Err(error) => error.into_compile_error(),
    }
}

/// What the marks of methods say where `#[extension]` did not take them away.
pub(crate) fn misplaced(attribute: &str, input: TokenStream) -> TokenStream {
    let advice =
        format!("`#[{attribute}]` marks a method of an `impl` block: put `#[extension]` on that block");
    let first: TokenStream = input.into_iter().take(1).collect();
    Error::new_spanned(first, advice).into_compile_error()
}
