//! `interface!`: one declaration, and everything that follows from it.

mod argument;
mod event;
mod expand;
mod parse;
mod procedure;
mod schema;

pub(crate) use argument::Argument;
pub(crate) use expand::expand;
pub(crate) use parse::{Interface, Item, Outcome};

#[cfg(test)]
mod tests;
