//! Rows of an extension's table, by what each is entered with.

use spindle_abi::FrameLayout;
use spindle_abi::frame::{Field, Shape};

/// What a row is entered with.
#[derive(Clone, Copy, Debug)]
pub enum Row {
    /// A handler: the frame of its event, laid out so. By [`Instance::enter`](crate::Instance::enter).
    Handler(&'static FrameLayout),
    /// A guard: a `GuardCall` with a frame of its event. By [`Instance::ask`](crate::Instance::ask).
    Guard(&'static FrameLayout),
    /// A result handler: a `Fold` of its event's result. By [`Instance::enter`](crate::Instance::enter).
    Fold(Field),
}

impl Row {
    /// The result handler of an event with frames of this layout; `None` if the event has no result to fold.
    pub fn fold(layout: &FrameLayout) -> Option<Self> {
        layout.result.filter(|result| result.shape == Shape::Value).map(Self::Fold)
    }
}

impl From<&'static FrameLayout> for Row {
    fn from(layout: &'static FrameLayout) -> Self {
        Self::Handler(layout)
    }
}
