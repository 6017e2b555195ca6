//! What `#[extension]` expands to calls of.

/// Makes the state of an extension that has no `#[start]` method: derive `Default` for it, or write one.
pub fn start_by_default<State: Default>() -> State {
    State::default()
}

#[cfg(any(target_os = "none", target_arch = "wasm32"))]
pub use crate::entry::descriptor;
