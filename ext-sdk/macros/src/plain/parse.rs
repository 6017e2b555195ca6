//! The model of a plain type, and how it is parsed.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Data, DataEnum, DeriveInput, Error, Fields, Ident, Result, Type, Variant};

use crate::parse::check_plain;

const INTEGERS: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];

/// A struct of plain fields, or an enum without data.
pub(crate) struct Plain {
    pub(crate) name: Ident,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    /// Name and type of each field.
    Struct(Vec<(String, Type)>),
    /// The integer that represents it, and the variants.
    Enum(Ident, Vec<Ident>),
}

impl Parse for Plain {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let input: DeriveInput = input.parse()?;
        if !input.generics.params.is_empty() {
            let advice = "a generic type has no single schema: write one struct for each type that crosses";
            return Err(Error::new_spanned(&input.generics, advice));
        }
        let representations = representations(&input)?;
        let body = match &input.data {
            Data::Struct(data) => parse_struct(&input.ident, &data.fields, &representations)?,
            Data::Enum(data) => parse_enum(&input.ident, data, &representations)?,
            Data::Union(data) => {
                let advice = "a union does not say which field is valid: use a struct or an enum";
                return Err(Error::new(data.union_token.span, advice));
            }
        };
        Ok(Self { name: input.ident, body })
    }
}

/// The words in `#[repr(...)]`.
fn representations(input: &DeriveInput) -> Result<Vec<Ident>> {
    let mut words = Vec::new();
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        attribute.parse_nested_meta(|meta| {
            words.extend(meta.path.get_ident().cloned());
            if meta.input.peek(syn::token::Paren) {
                return Err(
                    meta.error("plain data has neither `packed` nor `align`: name explicit fields instead")
                );
            }
            Ok(())
        })?;
    }
    Ok(words)
}

fn parse_struct(name: &Ident, fields: &Fields, representations: &[Ident]) -> Result<Body> {
    if !representations.iter().any(|word| word == "C" || word == "transparent") {
        return Err(Error::new(name.span(), "add `#[repr(C)]`: the layout must be the same on both sides"));
    }
    if let Some(packed) = representations.iter().find(|word| *word == "packed") {
        return Err(Error::new(packed.span(), "plain data is not packed: name explicit fields instead"));
    }
    let mut parsed = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        check_plain(&field.ty)?;
        let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
        parsed.push((name, field.ty.clone()));
    }
    Ok(Body::Struct(parsed))
}

fn parse_enum(name: &Ident, data: &DataEnum, representations: &[Ident]) -> Result<Body> {
    let Some(integer) = representations.iter().find(|word| INTEGERS.contains(&word.to_string().as_str()))
    else {
        return Err(Error::new(
            name.span(),
            "add `#[repr(u8)]` or another integer up to 64 bits: an enum has no other layout",
        ));
    };
    let variants = data.variants.iter().map(parse_variant).collect::<Result<_>>()?;
    Ok(Body::Enum(integer.clone(), variants))
}

fn parse_variant(variant: &Variant) -> Result<Ident> {
    match variant.fields {
        Fields::Unit => Ok(variant.ident.clone()),
        _ => Err(Error::new_spanned(
            &variant.fields,
            "a variant carries no data across: put it into a struct beside the enum",
        )),
    }
}

impl Plain {
    pub(crate) fn span(&self) -> Span {
        self.name.span()
    }
}
