//! The implementations, with a check per field at the field's type.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Type};

use super::{Body, Plain};

/// `impl AbiPlain`, and the assertion that there is no padding.
pub(crate) fn expand_plain(plain: &Plain) -> TokenStream {
    let name = &plain.name;
    let (schema, padding) = match &plain.body {
        Body::Struct(fields) => (struct_schema(name, fields), Some(assert_no_padding(plain, fields))),
        Body::Enum(integer, variants) => (enum_schema(name, integer, variants), None),
    };
    quote! {
        #padding
        // SAFETY: `repr` was checked by the derive; every field is plain (its `SCHEMA` is named) and there is
        // no padding.
        unsafe impl ::spindle_abi::AbiPlain for #name {
            const SCHEMA: &'static ::spindle_abi::schema::Schema = &#schema;
        }
    }
}

/// `impl AbiBits`; not for enums, of which some bit patterns are no values.
pub(crate) fn expand_bits(plain: &Plain) -> TokenStream {
    let name = &plain.name;
    let Body::Struct(fields) = &plain.body else {
        let advice = "an enum does not have a value for every bit pattern: remove `AbiBits`, and use an integer behind `&mut`";
        return syn::Error::new(plain.span(), advice).into_compile_error();
    };
    let checks =
        fields.iter().map(|(_, ty)| quote_spanned!(ty.span()=> ::spindle_abi::plain::check_bits::<#ty>();));
    quote! {
        const _: () = { #(#checks)* };
        // SAFETY: every field is `AbiBits`, as the line above checks, and `AbiPlain` asserts that there is no
        // padding.
        unsafe impl ::spindle_abi::AbiBits for #name {}
    }
}

fn struct_schema(name: &Ident, fields: &[(String, Type)]) -> TokenStream {
    let name = name.to_string();
    let fields = fields
        .iter()
        .map(|(name, ty)| quote_spanned!(ty.span()=> (#name, <#ty as ::spindle_abi::AbiPlain>::SCHEMA)));
    quote!(::spindle_abi::schema::Schema::Struct { name: #name, fields: &[#(#fields),*] })
}

fn enum_schema(name: &Ident, integer: &Ident, variants: &[Ident]) -> TokenStream {
    let (text, integer) = (name.to_string(), integer.to_string());
    let variants = variants.iter().map(|variant| {
        let text = variant.to_string();
        quote!((#text, #name::#variant as i128))
    });
    quote!(::spindle_abi::schema::Schema::Enum { name: #text, repr: #integer, variants: &[#(#variants),*] })
}

fn assert_no_padding(plain: &Plain, fields: &[(String, Type)]) -> TokenStream {
    let name = &plain.name;
    let types = fields.iter().map(|(_, ty)| ty);
    let advice =
        format!("`{name}` has padding: order its fields by size, or name the gap (`reserved: [u8; N]`)");
    quote_spanned! {plain.span()=>
        const _: () = ::spindle_abi::plain::check_no_padding(
            ::core::mem::size_of::<#name>(),
            &[#(::core::mem::size_of::<#types>()),*],
            #advice,
        );
    }
}
