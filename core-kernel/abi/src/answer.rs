//! Answers that say whether somebody has dealt with a raise.

use crate::Status;

/// The result of a chained event, whose raises end at the first handler that deals with them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether a raise was dealt with",
    label = "the result of a chained event implements `Answer`",
    note = "implement `spindle_abi::Answer` for it: which value means \"not mine, go on\"?"
)]
pub trait Answer {
    /// Whether this ends the raise; otherwise the next handler is called.
    fn is_handled(&self) -> bool;
}

/// Everything but [`Status::UNHANDLED`].
impl Answer for Status {
    fn is_handled(&self) -> bool {
        *self != Self::UNHANDLED
    }
}

/// `true`.
impl Answer for bool {
    fn is_handled(&self) -> bool {
        *self
    }
}
