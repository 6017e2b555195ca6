//! `interface!`: one declaration, and everything that follows from it.

mod argument;
mod call;
mod event;
mod expand;
mod frame;
mod guard;
mod marks;
mod parse;
mod procedure;
mod schema;

pub(crate) use argument::Argument;
pub(crate) use expand::expand;
pub(crate) use parse::{Interface, Item, Outcome};

#[cfg(test)]
mod tests;
