//! What `#[extension]` expands to calls of.

use spindle_abi::{Asked, Term, Terms};

/// Asks for a number from `from` to `to`, both among them.
///
/// # Panics
/// If there is none; the macro has looked.
pub const fn range(from: u64, to: u64) -> Asked<'static> {
    match Asked::range(from, to) {
        Ok(asked) => asked,
        Err(_) => panic!("no number is in this range: exchange its ends"),
    }
}

/// Makes the state of an extension that has no `#[start]` method: derive `Default` for it, or write one.
pub fn start_by_default<State: Default>() -> State {
    State::default()
}

/// Puts the terms of a handler together.
///
/// # Panics
/// If there are more than an event has keys, or two of one key; the macro has looked.
pub const fn terms(terms: &[Term<'static>]) -> Terms<'static> {
    match Terms::new(terms) {
        Ok(terms) => terms,
        Err(_) => panic!("a handler asks for each key once, and for at most 4"),
    }
}

#[cfg(any(target_os = "none", target_arch = "wasm32"))]
pub use crate::entry::descriptor;
