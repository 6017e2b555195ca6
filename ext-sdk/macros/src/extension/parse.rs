//! The model of an extension, and how it is parsed.

use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Error, FnArg, Ident, ImplItem, ImplItemFn, ItemImpl, ReceiverKind, Result, Signature, Type,
};

use super::Handler;

/// An `impl` block with its Spindle attributes taken off.
pub(crate) struct Extension {
    pub(crate) block: ItemImpl,
    pub(crate) state: Type,
    pub(crate) handlers: Vec<Handler>,
    pub(crate) start: Option<Signature>,
    pub(crate) stop: Option<Ident>,
}

impl Parse for Extension {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut block: ItemImpl = input.parse()?;
        check_block(&block)?;
        let state = (*block.self_ty).clone();
        let mut methods = Vec::new();
        for item in &mut block.items {
            let ImplItem::Fn(method) = item else { continue };
            if let Some(attribute) = take_attribute(method)? {
                methods.push((attribute, method.clone()));
            }
        }
        let mut extension = Self { block, state, handlers: Vec::new(), start: None, stop: None };
        for (attribute, method) in &methods {
            extension.add(attribute, method)?;
        }
        Ok(extension)
    }
}

fn check_block(block: &ItemImpl) -> Result<()> {
    if let Some((path, _)) = &block.trait_ {
        return Err(Error::new_spanned(
            path,
            "`#[extension]` goes on the type's own `impl`, not on that of a trait",
        ));
    }
    if !block.generics.params.is_empty() {
        return Err(Error::new_spanned(&block.generics, "an extension is one type: remove the generics"));
    }
    Ok(())
}

/// Takes the one Spindle attribute off a method.
fn take_attribute(method: &mut ImplItemFn) -> Result<Option<Attribute>> {
    let (mut taken, kept): (Vec<_>, Vec<_>) =
        core::mem::take(&mut method.attrs).into_iter().partition(is_ours);
    method.attrs = kept;
    match taken.len() {
        0 | 1 => Ok(taken.pop()),
        _ => Err(Error::new_spanned(
            &taken[1],
            "one of `#[handler]`, `#[start]` and `#[stop]` per method: split the method",
        )),
    }
}

fn is_ours(attribute: &Attribute) -> bool {
    let name = attribute.path().segments.last().map(|segment| segment.ident.to_string());
    matches!(name.as_deref(), Some("handler" | "start" | "stop"))
}

impl Extension {
    fn add(&mut self, attribute: &Attribute, method: &ImplItemFn) -> Result<()> {
        check_signature(&method.sig)?;
        let name = attribute.path().segments.last().map(|segment| segment.ident.to_string());
        match name.as_deref() {
            Some("start") => self.set_start(attribute, &method.sig),
            Some("stop") => self.set_stop(attribute, &method.sig),
            _ => Handler::parse(attribute, &method.sig).map(|handler| self.handlers.push(handler)),
        }
    }

    fn set_start(&mut self, attribute: &Attribute, signature: &Signature) -> Result<()> {
        attribute.meta.require_path_only()?;
        if let Some(argument) = signature.inputs.first() {
            let advice = "`#[start]` takes no arguments: `fn start() -> Result<Self, Status>`";
            return Err(Error::new_spanned(argument, advice));
        }
        match self.start.replace(signature.clone()) {
            None => Ok(()),
            Some(_) => Err(Error::new(signature.ident.span(), "there is one `#[start]` already: keep one")),
        }
    }

    fn set_stop(&mut self, attribute: &Attribute, signature: &Signature) -> Result<()> {
        attribute.meta.require_path_only()?;
        check_receiver(signature, "`#[stop]` takes `&self` alone: `fn stop(&self)`")?;
        if let Some(argument) = signature.inputs.iter().nth(1) {
            return Err(Error::new_spanned(argument, "`#[stop]` takes `&self` alone: remove this argument"));
        }
        match self.stop.replace(signature.ident.clone()) {
            None => Ok(()),
            Some(_) => Err(Error::new(signature.ident.span(), "there is one `#[stop]` already: keep one")),
        }
    }
}

/// What no marked method may be.
fn check_signature(signature: &Signature) -> Result<()> {
    if let Some(token) = &signature.asyncness {
        return Err(Error::new_spanned(token, "the kernel enters this method and waits: remove `async`"));
    }
    if let Some(token) = &signature.abi {
        return Err(Error::new_spanned(token, "the macro makes the entry point: remove `extern`"));
    }
    if !signature.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &signature.generics,
            "the kernel enters one method: remove the generics",
        ));
    }
    Ok(())
}

/// Requires `&self`.
pub(super) fn check_receiver(signature: &Signature, advice: &str) -> Result<()> {
    match signature.inputs.first() {
        Some(FnArg::Receiver(receiver)) => match &receiver.kind {
            ReceiverKind::Reference(_, None, None) => Ok(()),
            _ => Err(Error::new_spanned(receiver, advice)),
        },
        Some(other) => Err(Error::new_spanned(other, advice)),
        None => Err(Error::new(signature.ident.span(), advice)),
    }
}
