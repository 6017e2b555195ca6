//! The strands of the system as whoever changes bindings sees them.

use crate::current;
use spindle_dispatcher::Grace;

/// All strands: at present the kernel's main strand, which makes every change itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllStrands;

// SAFETY: the one strand that can have marks is the caller, so its own marks are all there are, and they are
// visible to itself without a barrier.
unsafe impl Grace for AllStrands {
    fn barrier(&self) {}

    fn is_marked(&self, word: *const ()) -> bool {
        current().has_marked(word)
    }

    fn inside_raise(&self) -> bool {
        current().is_inside_raise()
    }
}
