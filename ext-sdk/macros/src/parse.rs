//! What several macros parse alike.

use syn::{Error, Result, Type};

/// Checks, as far as tokens show it, that `ty` is plain data. What an alias hides is left to the trait bound.
pub(crate) fn check_plain(ty: &Type) -> Result<()> {
    let advice = match ty {
        Type::Path(path) => return check_path(path),
        Type::Array(array) => return check_plain(&array.elem),
        Type::Paren(inner) => return check_plain(&inner.elem),
        Type::Group(inner) => return check_plain(&inner.elem),
        Type::Reference(_) => {
            "a reference inside plain data would outlive the call: pass it as an argument of its own"
        }
        Type::Ptr(_) => {
            "a pointer means nothing in another domain: pass `&T` or `&[T]` as an argument of its own"
        }
        Type::FnPtr(_) => "a function of one domain is not called from another: declare an event",
        Type::Slice(_) => "a slice has no size of its own: pass `&[T]`, or use an array `[T; N]`",
        Type::Tuple(_) => {
            "a tuple has no promised layout: name a struct with `#[repr(C)] #[derive(AbiPlain)]`"
        }
        Type::TraitObject(_) | Type::ImplTrait(_) => {
            "trait objects do not cross a domain boundary: declare an event"
        }
        Type::Never(_) => "only a procedure that does not return has the result `!`",
        _ => "this type does not cross a domain boundary: name one that is `AbiPlain`",
    };
    Err(Error::new_spanned(ty, advice))
}

fn check_path(ty: &syn::TypePath) -> Result<()> {
    let advice = match ty.path.get_ident().map(ToString::to_string).as_deref() {
        Some("usize") => "`usize` differs between targets: use `u64`",
        Some("isize") => "`isize` differs between targets: use `i64`",
        Some("str") => "a string has no size of its own: pass `&str`",
        _ => return Ok(()),
    };
    Err(Error::new_spanned(ty, advice))
}
