//! Keys: guards as data, and the index that finds who they let through.
//!
//! # Concepts
//! A *key guard* asks for values of the event's key fields: it needs no call, and an event with many of them finds those that hold
//! without looking at the others.
//!
//! ```text
//!   handlers of a table ──> place: where is each one found? ──> linear   no key guard
//!                                                          ├──> flat     `field == value`, one hash table per field
//!                                                          └──> tree     ranges only, one segment tree per field
//!   keys of a raise ──> candidates: those places merged, in the order of the table
//! ```
//!
//! # Interface
//! To guard a handler make a [`KeyGuard`]. A table builds an [`Index`] of its handlers once, and asks it for candidates.
//!
//! # Invariants
//! - `INV-KEY-1`: the candidates are positions in the table, ascend, and name every handler whose key guard holds or that has none.
//!   They may name others: the dispatcher asks each guard itself.
//! - `INV-KEY-3`: none of those others has just one term, on an integer.

mod candidates;
mod flat;
mod guard;
mod index;
mod place;
#[cfg(test)]
mod tests;
mod tree;

pub use guard::KeyGuard;
pub(crate) use index::Index;
