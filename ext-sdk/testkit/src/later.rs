//! What asynchronous handlers were called for and have yet to do, per thread.

use std::cell::RefCell;
use std::collections::VecDeque;

thread_local! {
    static LATER: RefCell<VecDeque<Box<dyn FnOnce()>>> = const { RefCell::new(VecDeque::new()) };
}

/// Has `call` made by the next [`run`] of this thread.
pub(crate) fn push(call: impl FnOnce() + 'static) {
    LATER.with_borrow_mut(|later| later.push_back(Box::new(call)));
}

/// Makes the calls in the order in which they came, those included that come meanwhile.
pub(crate) fn run() {
    while let Some(call) = LATER.with_borrow_mut(VecDeque::pop_front) {
        call();
    }
}

/// Forgets them all.
pub(crate) fn clear() {
    LATER.take();
}
