//! What a row asks for, as a constant that the compiler checks against the event.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Lit, Path};

use super::row::{Guard, Kind, Row};
use super::target::{Target, Term, Value};

/// The constant that holds the options of row `index`.
pub(super) fn name(index: usize) -> Ident {
    format_ident!("OPTIONS{index}")
}

/// The constant, or what there is to be checked for a row without options. The compiler evaluates it even if nobody uses it.
pub(super) fn expand(index: usize, row: &Row) -> TokenStream {
    let constant = name(index);
    match &row.kind {
        Kind::Handler(target, guard) => {
            let options = options(target, guard.as_ref());
            quote!(const #constant: ::spindle_sdk::abi::Options<'static> = #options;)
        }
        Kind::Result(event) => {
            let check = quote_spanned! {event.span().resolved_at(Span::mixed_site())=>
                ::spindle_sdk::abi::row::check_returns::<#event>()
            };
            quote!(const #constant: () = #check;)
        }
        Kind::Default(_) | Kind::Guard(_) | Kind::Impose(_) => TokenStream::new(),
    }
}

fn options(target: &Target, guard: Option<&Guard>) -> TokenStream {
    let terms = target.terms.iter().map(|term| expand_term(&target.event, term));
    let order = match (&target.first, &target.last) {
        (Some(_), _) => quote!(First),
        (None, Some(_)) => quote!(Last),
        (None, None) => quote!(Ordinary),
    };
    let cancels = target.cancel.is_some();
    let asynchronous = asynchronous(target);
    let guard = expand_guard(target, guard);
    quote! {
        ::spindle_sdk::abi::Options {
            terms: ::spindle_sdk::glue::terms(&[#(#terms),*]),
            order: ::spindle_sdk::abi::Order::#order,
            cancels: #cancels,
            asynchronous: #asynchronous,
            guard: #guard,
        }
    }
}

fn expand_term(event: &Path, term: &Term) -> TokenStream {
    let text = term.key.to_string();
    let asked = match &term.value {
        Value::Equal(Lit::Str(word)) => {
            quote!(::spindle_sdk::abi::Asked::Equal(::spindle_sdk::abi::Key::Word(#word)))
        }
        Value::Equal(number) => {
            quote!(::spindle_sdk::abi::Asked::Equal(::spindle_sdk::abi::Key::Integer(#number)))
        }
        Value::Range(from, to) => quote!(::spindle_sdk::glue::range(#from, #to)),
    };
    quote_spanned! {term.key.span().resolved_at(Span::mixed_site())=>
        ::spindle_sdk::abi::key::select(
            <#event as ::spindle_sdk::abi::EventSpec>::DECLARATION.name,
            <#event as ::spindle_sdk::abi::EventSpec>::KEYS,
            #text,
            #asked,
        )
    }
}

fn asynchronous(target: &Target) -> TokenStream {
    let Some(word) = &target.asynchronous else { return quote!(false) };
    let event = &target.event;
    quote_spanned! {word.span().resolved_at(Span::mixed_site())=>
        ::spindle_sdk::abi::row::called_later::<#event>()
    }
}

fn expand_guard(target: &Target, guard: Option<&Guard>) -> TokenStream {
    let (Some(method), Some(Guard { row, event })) = (&target.guard, guard) else {
        return quote!(::core::option::Option::None);
    };
    let handled = &target.event;
    quote_spanned! {method.span().resolved_at(Span::mixed_site())=>
        ::spindle_sdk::abi::row::guarded_by::<#handled, #event>(#row)
    }
}
