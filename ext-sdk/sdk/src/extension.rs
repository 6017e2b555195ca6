//! The trait that `#[extension]` implements.

use spindle_abi::{Handler, Status};

/// An extension: its state, its rows, its beginning and its end. Implemented by `#[extension]`.
pub trait Extension: Sized + Send + Sync + 'static {
    /// The name of the extension's crate.
    const NAME: &'static str;

    /// The rows of its table (handlers, guards and the like), in the order of their methods.
    const HANDLERS: &'static [Handler<Self>];

    /// Makes the state.
    ///
    /// # Errors
    /// The status that loading the extension fails with.
    fn start() -> Result<Self, Status>;

    /// Runs once, after the last handler has returned and before the state is dropped. Not called after a
    /// fault.
    fn stop(&self) {}
}
