//! Arguments: the closed grammar of what may cross, and how each shape is lowered.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, Result, Token, Type, TypeReference};

use super::frame;
use crate::parse::check_plain;

/// One argument of a procedure or event.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) shape: Shape,
    pub(crate) is_key: bool,
}

/// How an argument crosses.
pub(crate) enum Shape {
    Value(Type),
    Ref(Type),
    RefMut(Type),
    Slice(Type),
    SliceMut(Type),
    Str,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty: Type = input.parse()?;
        let is_key = parse_key(&attributes)?;
        let shape = Shape::of(&ty)?;
        if is_key && !matches!(shape, Shape::Value(_) | Shape::Str) {
            return Err(Error::new_spanned(&ty, "a key is an unsigned integer or `&str`: remove `#[key]`"));
        }
        Ok(Self { name, shape, is_key })
    }
}

fn parse_key(attributes: &[Attribute]) -> Result<bool> {
    for attribute in attributes {
        if !attribute.path().is_ident("key") {
            return Err(Error::new_spanned(attribute, "an argument has no attribute but `#[key]`"));
        }
        attribute.meta.require_path_only()?;
    }
    Ok(!attributes.is_empty())
}

impl Shape {
    fn of(ty: &Type) -> Result<Self> {
        match ty {
            Type::Reference(reference) => Self::of_reference(reference),
            Type::Group(inner) => Self::of(&inner.elem),
            Type::Paren(inner) => Self::of(&inner.elem),
            _ => check_plain(ty).map(|()| Self::Value(ty.clone())),
        }
    }

    fn of_reference(reference: &TypeReference) -> Result<Self> {
        if let Some(lifetime) = &reference.lifetime {
            let advice = "remove the lifetime: an argument is borrowed until the call returns, and no longer";
            return Err(Error::new_spanned(lifetime, advice));
        }
        let is_mutable = reference.mutability.is_some();
        match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => match is_mutable {
                true => Err(Error::new_spanned(
                    reference,
                    "a killed callee could leave invalid text: pass `&mut [u8]`",
                )),
                false => Ok(Self::Str),
            },
            Type::Slice(slice) => {
                check_plain(&slice.elem)?;
                let element = (*slice.elem).clone();
                Ok(if is_mutable { Self::SliceMut(element) } else { Self::Slice(element) })
            }
            target => {
                check_plain(target)?;
                Ok(if is_mutable { Self::RefMut(target.clone()) } else { Self::Ref(target.clone()) })
            }
        }
    }

    /// The plain type in it, if any.
    pub(crate) fn plain(&self) -> Option<&Type> {
        match self {
            Self::Value(ty) | Self::Ref(ty) | Self::RefMut(ty) | Self::Slice(ty) | Self::SliceMut(ty) => {
                Some(ty)
            }
            Self::Str => None,
        }
    }

    fn is_mutable(&self) -> bool {
        matches!(self, Self::RefMut(_) | Self::SliceMut(_))
    }

    /// What stands before and after the plain type in a schema text.
    pub(crate) fn schema_text(&self) -> (&'static str, &'static str) {
        match self {
            Self::Value(_) => ("", ""),
            Self::Ref(_) => ("&", ""),
            Self::RefMut(_) => ("&mut ", ""),
            Self::Slice(_) => ("&[", "]"),
            Self::SliceMut(_) => ("&mut [", "]"),
            Self::Str => ("&str", ""),
        }
    }
}

impl Argument {
    /// The type as an author writes it, with `lifetime` (or none) on its reference.
    pub(crate) fn typed(&self, lifetime: Option<TokenStream>) -> TokenStream {
        match &self.shape {
            Shape::Value(ty) => ty.to_token_stream(),
            Shape::Ref(ty) => quote!(& #lifetime #ty),
            Shape::RefMut(ty) => quote!(& #lifetime mut #ty),
            Shape::Slice(ty) => quote!(& #lifetime [#ty]),
            Shape::SliceMut(ty) => quote!(& #lifetime mut [#ty]),
            Shape::Str => quote!(& #lifetime str),
        }
    }

    /// `name: Type` as an author writes it.
    pub(crate) fn parameter(&self, lifetime: Option<TokenStream>) -> TokenStream {
        let (name, ty) = (&self.name, self.typed(lifetime));
        quote!(#name: #ty)
    }

    /// `name: Type` as a guard takes it: what is behind a reference is there to be read.
    pub(crate) fn shown_parameter(&self) -> TokenStream {
        let name = &self.name;
        match &self.shape {
            Shape::RefMut(ty) => quote!(#name: &#ty),
            Shape::SliceMut(ty) => quote!(#name: &[#ty]),
            _ => self.parameter(None),
        }
    }

    /// From the field of a `frame` that is borrowed to what a guard takes.
    pub(crate) fn show(&self) -> TokenStream {
        let name = &self.name;
        match &self.shape {
            Shape::RefMut(_) => quote!(&*frame.#name),
            Shape::SliceMut(_) => quote!(frame.#name.get()),
            _ => self.take(),
        }
    }

    /// The type that crosses natively.
    pub(crate) fn lowered(&self, lifetime: TokenStream) -> TokenStream {
        match &self.shape {
            Shape::Slice(ty) => quote!(::spindle_abi::raw::RawSlice<#lifetime, #ty>),
            Shape::SliceMut(ty) => quote!(::spindle_abi::raw::RawSliceMut<#lifetime, #ty>),
            Shape::Str => quote!(::spindle_abi::raw::RawStr<#lifetime>),
            Shape::Value(_) | Shape::Ref(_) | Shape::RefMut(_) => self.typed(Some(lifetime)),
        }
    }

    /// From the author's type to the native one.
    pub(crate) fn lower(&self) -> TokenStream {
        let name = &self.name;
        match &self.shape {
            Shape::Slice(_) => quote!(::spindle_abi::raw::RawSlice::new(#name)),
            Shape::SliceMut(_) => quote!(::spindle_abi::raw::RawSliceMut::new(#name)),
            Shape::Str => quote!(::spindle_abi::raw::RawStr::new(#name)),
            Shape::Value(_) | Shape::Ref(_) | Shape::RefMut(_) => name.to_token_stream(),
        }
    }

    /// From the native type, found at `place`, to the author's.
    pub(crate) fn lift(&self, place: &TokenStream) -> TokenStream {
        match &self.shape {
            Shape::Slice(_) | Shape::Str => quote!(#place.get()),
            Shape::SliceMut(_) => quote!(#place.get_mut()),
            Shape::RefMut(_) => quote!(&mut *#place),
            Shape::Value(_) | Shape::Ref(_) => place.clone(),
        }
    }

    /// From the field of a `frame` that is borrowed mutably to the author's type.
    pub(crate) fn take(&self) -> TokenStream {
        let name = &self.name;
        match &self.shape {
            Shape::Value(ty) => {
                quote_spanned!(ty.span()=> <#ty as ::spindle_abi::AbiPlain>::copied(&frame.#name))
            }
            _ => self.lift(&quote!(frame.#name)),
        }
    }

    /// Whether `lift` borrows the native value mutably.
    pub(crate) fn is_lifted_by_borrow(&self) -> bool {
        matches!(self.shape, Shape::SliceMut(_))
    }

    /// An expression of type `spindle_abi::frame::Field`.
    pub(crate) fn layout(&self) -> TokenStream {
        let shape = match &self.shape {
            Shape::Value(_) => quote!(Value),
            Shape::Ref(_) => quote!(Ref),
            Shape::RefMut(_) => quote!(RefMut),
            Shape::Slice(_) => quote!(Slice),
            Shape::SliceMut(_) => quote!(SliceMut),
            Shape::Str => return quote!(::spindle_abi::frame::Field::text()),
        };
        let ty = self.shape.plain().expect("every shape but text has one");
        frame::field(shape, ty)
    }

    /// Where its type stands, for errors that the compiler finds.
    pub(crate) fn span(&self) -> Span {
        self.shape.plain().map_or_else(|| self.name.span(), Spanned::span)
    }

    /// A statement that does not compile unless the type may cross behind `&mut`, if it does.
    pub(crate) fn check(&self) -> Option<TokenStream> {
        let ty = self.shape.plain().filter(|_| self.shape.is_mutable())?;
        Some(quote_spanned!(ty.span()=> ::spindle_abi::plain::check_bits::<#ty>();))
    }
}
