//! Frames: the struct that carries arguments and result, and its layout as data.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::{Item, Outcome};

/// The layout of an item's frame, an expression of type `FrameLayout`.
pub(crate) fn layout(item: &Item) -> TokenStream {
    let arguments = item.arguments.iter().map(|argument| argument.layout());
    let result = match &item.outcome {
        Outcome::Plain(ty) => {
            let field = field(quote!(Value), ty);
            quote!(::core::option::Option::Some(#field))
        }
        Outcome::Nothing | Outcome::Never => quote!(::core::option::Option::None),
    };
    quote!(::spindle_abi::FrameLayout { arguments: &[#(#arguments),*], result: #result })
}

/// Asserts in a constant that the compiler lays `frame` out as `layout` says.
pub(crate) fn check(item: &Item, frame: &Ident, layout: &TokenStream) -> TokenStream {
    let arguments = item.arguments.iter().map(|argument| &argument.name);
    let slot = matches!(item.outcome, Outcome::Plain(_)).then(|| quote!(result_slot));
    let fields = arguments.map(|name| quote!(#name)).chain(slot);
    quote! {
        const _: () =
            #layout.check::<#frame<'static>>(&[#(::core::mem::offset_of!(#frame<'static>, #fields)),*]);
    }
}

/// The fields of a frame struct that carry the arguments.
pub(crate) fn fields(item: &Item) -> impl Iterator<Item = TokenStream> {
    item.arguments.iter().map(|argument| {
        let (name, ty) = (&argument.name, argument.lowered(quote!('a)));
        quote!(#name: #ty,)
    })
}

/// An expression of type `spindle_abi::frame::Field`. It names `ty` by way of the schema, so that a type that is not plain is
/// refused in the same words as where the declaration names it.
pub(crate) fn field(shape: TokenStream, ty: &Type) -> TokenStream {
    let schema = quote_spanned!(ty.span()=> <#ty as ::spindle_abi::AbiPlain>::SCHEMA);
    quote! {
        ::spindle_abi::frame::Field::new(
            ::spindle_abi::frame::Shape::#shape,
            #schema,
            ::core::mem::align_of::<#ty>(),
        )
    }
}
