//! The model of an extension, and how it is parsed.

use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Error, FnArg, Ident, ImplItem, ImplItemFn, ItemImpl, Path, ReceiverKind, Result, Signature,
    Type,
};

use super::Row;
use super::row::{Guard, Kind};

/// The marks of methods that the kernel enters.
const ROWS: [&str; 5] = ["handler", "guard", "default_handler", "result_handler", "imposed_guard"];

/// An `impl` block with its Spindle attributes taken off.
pub(crate) struct Extension {
    pub(crate) block: ItemImpl,
    pub(crate) state: Type,
    pub(crate) rows: Vec<Row>,
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
        let mut extension = Self { block, state, rows: Vec::new(), start: None, stop: None };
        for (attribute, method) in &methods {
            extension.add(attribute, method)?;
        }
        extension.find_guards()?;
        extension.check_singles()?;
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
            "a method has one mark, such as `#[handler]`, `#[guard]` or `#[stop]`: split the method",
        )),
    }
}

fn is_ours(attribute: &Attribute) -> bool {
    let name = name(attribute);
    ROWS.contains(&name.as_str()) || name == "start" || name == "stop"
}

fn name(attribute: &Attribute) -> String {
    attribute.path().segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

impl Extension {
    fn add(&mut self, attribute: &Attribute, method: &ImplItemFn) -> Result<()> {
        check_signature(&method.sig)?;
        match name(attribute).as_str() {
            "start" => self.set_start(attribute, &method.sig),
            "stop" => self.set_stop(attribute, &method.sig),
            name => {
                let row = Row::new(Kind::parse(name, attribute)?, &method.sig)?;
                self.rows.push(row);
                Ok(())
            }
        }
    }

    /// Gives each guard the event of the first handler that names it, and each handler the row of its guard.
    fn find_guards(&mut self) -> Result<()> {
        for index in 0..self.rows.len() {
            let Kind::Handler(target, _) = &self.rows[index].kind else { continue };
            let Some(method) = target.guard.clone() else { continue };
            let handled = target.event.clone();
            let (row, event) = self.guard(&method)?;
            let event = event.get_or_insert(handled).clone();
            if let Kind::Handler(_, guard) = &mut self.rows[index].kind {
                *guard = Some(Guard { row, event });
            }
        }
        match self.rows.iter().find(|row| matches!(row.kind, Kind::Guard(None))) {
            Some(unused) => {
                let advice = format!(
                    "no handler names this guard: write `guard = {}` in its `#[handler]`, or remove it",
                    unused.method
                );
                Err(Error::new(unused.method.span(), advice))
            }
            None => Ok(()),
        }
    }

    /// Row and event of the guard called `method`.
    fn guard(&mut self, method: &Ident) -> Result<(usize, &mut Option<Path>)> {
        let found = self.rows.iter_mut().enumerate().find_map(|(row, candidate)| match &mut candidate.kind {
            Kind::Guard(event) if candidate.method == *method => Some((row, event)),
            _ => None,
        });
        found.ok_or_else(|| {
            let advice = format!("there is no guard of this name: write a method `#[guard] fn {method}`");
            Error::new(method.span(), advice)
        })
    }

    /// Refuses a second default or result handler of an event, as far as tokens show that it is one.
    fn check_singles(&self) -> Result<()> {
        let mut seen = Vec::new();
        for row in &self.rows {
            let (role, event) = match &row.kind {
                Kind::Default(event) => ("default handler", event),
                Kind::Result(event) => ("result handler", event),
                _ => continue,
            };
            let what = (role, event.to_token_stream().to_string());
            if seen.contains(&what) {
                let advice = format!("there is one {} of this event already: keep one", role);
                return Err(Error::new(row.method.span(), advice));
            }
            seen.push(what);
        }
        Ok(())
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
