//! What stands before an item besides its comments: `#[chained]` and `#[interrupt]`, for events alone.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Result};

/// Where the marks of an item stand.
#[derive(Default)]
pub(crate) struct Marks {
    /// A raise ends at the first handler that deals with it.
    pub(crate) chained: Option<Span>,
    /// It is raised in interrupt context.
    pub(crate) interrupt: Option<Span>,
}

impl Marks {
    /// Divides attributes into comments and marks.
    pub(super) fn take(attributes: Vec<Attribute>) -> Result<(Vec<Attribute>, Self)> {
        let mut marks = Self::default();
        let (documentation, others): (Vec<_>, Vec<_>) =
            attributes.into_iter().partition(|attribute| attribute.path().is_ident("doc"));
        others.iter().try_for_each(|attribute| marks.add(attribute))?;
        Ok((documentation, marks))
    }

    fn add(&mut self, attribute: &Attribute) -> Result<()> {
        let place = match attribute.path().get_ident().map(ToString::to_string).as_deref() {
            Some("chained") => &mut self.chained,
            Some("interrupt") => &mut self.interrupt,
            _ => {
                let advice = "remove this attribute: only `///` comments, `#[chained]` and `#[interrupt]` are allowed here";
                return Err(Error::new_spanned(attribute, advice));
            }
        };
        attribute.meta.require_path_only()?;
        match place.replace(attribute.path().span()) {
            None => Ok(()),
            Some(_) => Err(Error::new_spanned(attribute, "this stands here twice: remove one")),
        }
    }

    /// A procedure has none.
    pub(super) fn check_procedure(&self) -> Result<()> {
        match self.chained.or(self.interrupt) {
            Some(span) => {
                Err(Error::new(span, "only events are chained or raised in interrupts: remove this"))
            }
            None => Ok(()),
        }
    }

    /// An event without a result is not chained.
    pub(super) fn check_without_result(&self) -> Result<()> {
        match self.chained {
            Some(span) => {
                let advice = "a chained raise ends at an answer: declare a result, or remove `#[chained]`";
                Err(Error::new(span, advice))
            }
            None => Ok(()),
        }
    }
}
