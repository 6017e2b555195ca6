//! Who is in an instance, and how deep. Kept apart from the store, which the running interpreter holds.

use core::num::NonZeroUsize;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// A chain of activations inside each other, by the strand that they are on: any number that no other strand has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain(pub NonZeroUsize);

/// The most activations inside each other. Each takes some of the strand's stack.
const MAX_NESTED: usize = 16;

/// Nobody's chain.
const NOBODY: usize = 0;

/// Who is in an instance. Only the owner's chain touches anything but `owner`, hence the relaxed orders.
#[derive(Debug)]
pub(crate) struct Activity {
    owner: AtomicUsize,
    /// The context of the innermost import's call, a `StoreContextMut`; null while the module's own code runs.
    pub(crate) innermost: AtomicPtr<()>,
    nested: AtomicUsize,
    window_top: AtomicUsize,
}

/// How a chain may go on.
pub(crate) enum Entry {
    /// Nobody was in the instance; now the chain owns it.
    Outermost,
    /// The chain owns it already.
    Nested,
    /// Another one does.
    Busy,
}

impl Activity {
    /// Nobody.
    pub(crate) fn new() -> Self {
        Self {
            owner: AtomicUsize::new(NOBODY),
            innermost: AtomicPtr::default(),
            nested: AtomicUsize::new(0),
            window_top: AtomicUsize::new(0),
        }
    }

    /// Lets `chain` in if it may.
    #[inline(always)]
    pub(crate) fn claim(&self, chain: Chain) -> Entry {
        match self.owner.compare_exchange(NOBODY, chain.0.get(), Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => Entry::Outermost,
            Err(owner) if owner == chain.0.get() => Entry::Nested,
            Err(_) => Entry::Busy,
        }
    }

    /// The owner leaves.
    #[inline(always)]
    pub(crate) fn release(&self) {
        self.owner.store(NOBODY, Ordering::Release);
    }

    /// Counts an activation inside another; `false` if there are too many.
    pub(crate) fn nest(&self) -> bool {
        let nested = self.nested.load(Ordering::Relaxed) + 1;
        let fits = nested < MAX_NESTED;
        if fits {
            self.nested.store(nested, Ordering::Relaxed);
        }
        fits
    }

    /// The innermost activation ends.
    pub(crate) fn unnest(&self) {
        self.nested.store(self.nested.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
    }

    /// How many bytes of the window are in use.
    pub(crate) fn window_top(&self) -> usize {
        self.window_top.load(Ordering::Relaxed)
    }

    /// Changes how many are.
    pub(crate) fn set_window_top(&self, top: usize) {
        self.window_top.store(top, Ordering::Relaxed);
    }
}
