//! A callee: code that a raise may enter, with its closure and what is known of it.
//!
//! ```text
//!  Callee ┌─────────┐
//!       0 │ enter   │ ─> code            a crossing reads the first three words and names
//!       8 │ closure │ ─> state           the callee by its address; the rest is the
//!      16 │ counter │ ─> calls           dispatcher's
//!         └─────────┘
//! ```

use super::closure::{self, Closure};
use crate::event::EventCore;
use crate::sync::{AtomicBool, AtomicU64, Ordering};
use crate::tally::Tally;
use crate::{BindingId, Counters, Handler, InstallError, Kind, Owner};
use core::fmt;
use core::ptr;
use spindle_abi::{Declaration, HandlerFn};

/// The code of a kernel handler as an event calls it without going through a table.
///
/// It has the shape of the event's entry, so that an event with this single handler can hold it there itself. Returns the word of
/// an `Outcome`.
pub(crate) type KernelFn =
    unsafe extern "C" fn(event: *const EventCore, frame: *mut (), strand: *const ()) -> u64;

/// The code of a guard of the kernel.
pub(crate) type TestFn = unsafe extern "C" fn(closure: *const (), frame: *const ()) -> bool;

/// Code as somebody hands it to the dispatcher.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) enter: HandlerFn,
    pub(crate) closure: *const (),
    pub(crate) direct: Option<KernelFn>,
    pub(crate) test: Option<TestFn>,
    pub(crate) kind: Kind,
    pub(crate) owner: Owner,
    /// The only event whose frames it takes. For an extension's, its maker has vouched.
    pub(crate) takes: Option<&'static Declaration>,
    pub(crate) owned: Option<Closure>,
}

// SAFETY: the closure's address is passed on, and followed only by the code that came with it, whose maker has vouched for that.
unsafe impl Send for Code {}
// SAFETY: as above.
unsafe impl Sync for Code {}

/// Code that a raise may enter. Its first three words are what a crossing reads.
#[repr(C)]
pub struct Callee {
    enter: HandlerFn,
    closure: *const (),
    counter: *const AtomicU64,
    pub(crate) direct: Option<KernelFn>,
    test: Option<TestFn>,
    kind: Kind,
    owner: Owner,
    disabled: AtomicBool,
    id: BindingId,
    pub(crate) tally: Tally,
    _owned: Option<Closure>,
}

const _: () = assert!(core::mem::offset_of!(Callee, enter) == 0);
const _: () = assert!(core::mem::offset_of!(Callee, closure) == size_of::<usize>());
const _: () = assert!(core::mem::offset_of!(Callee, counter) == 2 * size_of::<usize>());

// SAFETY: the addresses in it are followed only as `Code`'s maker has allowed; the counter is an atomic that lives as long as it.
unsafe impl Send for Callee {}
// SAFETY: as above.
unsafe impl Sync for Callee {}

/// What counts the calls of those that nobody asks.
#[cfg(not(loom))]
struct Ignored(AtomicU64);

#[cfg(not(loom))]
static IGNORED: Ignored = Ignored(AtomicU64::new(0));

impl Callee {
    /// A callee outside any event, for crossings that no event makes: its id is 0.
    pub fn unlisted(handler: Handler) -> Self {
        Self::new(handler.code, BindingId::NONE, Tally::default())
    }

    pub(crate) fn new(code: Code, id: BindingId, tally: Tally) -> Self {
        let Code { enter, closure, direct, test, kind, owner, takes: _, owned } = code;
        let counter = tally.first_word().map_or(ignored(), ptr::from_ref);
        let disabled = AtomicBool::new(false);
        Self { enter, closure, counter, direct, test, kind, owner, disabled, id, tally, _owned: owned }
    }

    /// The number by which [`crate::Installed::id`] knows the binding; [`BindingId::NONE`] for a guard.
    pub fn id(&self) -> BindingId {
        self.id
    }

    /// Who the code belongs to.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// How it is entered.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it is to be entered no more, since its owner faulted.
    #[inline]
    pub fn is_disabled(&self) -> bool {
        self.disabled.load(Ordering::Acquire)
    }

    /// Has it entered no more; says whether it was until now.
    pub(crate) fn disable(&self) -> bool {
        !self.disabled.swap(true, Ordering::AcqRel)
    }

    /// Counts a call; for implementations of [`Strand::cross`](crate::Strand::cross), before they enter it.
    #[inline]
    pub fn count_call(&self, slot: usize) {
        self.tally.call(slot);
    }

    /// As [`Callee::count_call`], for a strand that has the slot for itself: a plain increment.
    #[inline(always)]
    pub fn count_own_call(&self, slot: usize) {
        self.tally.own_call(slot);
    }

    /// What has been counted.
    pub(crate) fn counters(&self) -> Counters {
        self.tally.sums()
    }

    /// Enters the code by a plain call.
    ///
    /// # Safety
    /// `frame` is what the callee takes, and nobody else uses it meanwhile; the callee stays until it returns.
    #[inline(always)]
    pub unsafe fn enter(&self, frame: *mut ()) {
        // SAFETY: the maker of the code has vouched for the closure, the caller vouches for the frame.
        unsafe { (self.enter)(self.closure, frame) };
    }

    /// The code and the closure.
    pub(super) fn entered(&self) -> (HandlerFn, *const ()) {
        (self.enter, self.closure)
    }

    /// The code and the closure of a guard of the kernel.
    pub(super) fn tested(&self) -> Option<(TestFn, *const ())> {
        self.test.map(|test| (test, self.closure))
    }

    /// Evaluates a guard of the kernel; `None` if it is an extension's.
    ///
    /// # Safety
    /// `frame` is one of the guard's event, and nobody changes it meanwhile; the callee stays until it returns.
    #[inline(always)]
    pub(super) unsafe fn test(&self, frame: *const ()) -> Option<bool> {
        // SAFETY: as for `enter`.
        self.test.map(|test| unsafe { test(self.closure, frame) })
    }
}

impl fmt::Debug for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callee").field("id", &self.id).field("owner", &self.owner).finish_non_exhaustive()
    }
}

impl Code {
    /// An extension's: `enter` is called with `closure` and whatever the role asks for.
    pub(crate) fn extension(enter: HandlerFn, closure: *const (), owner: Owner) -> Self {
        Self {
            enter,
            closure,
            direct: None,
            test: None,
            kind: Kind::Extension,
            owner,
            takes: None,
            owned: None,
        }
    }

    /// The kernel's, for frames of one event.
    pub(crate) fn kernel(enter: HandlerFn, takes: &'static Declaration, owned: Option<Closure>) -> Self {
        let closure = owned.as_ref().map_or(closure::NONE, Closure::address);
        let (kind, owner, takes) = (Kind::Kernel, Owner::KERNEL, Some(takes));
        Self { enter, closure, direct: None, test: None, kind, owner, takes, owned }
    }

    /// A guard of the kernel.
    pub(crate) fn test(test: TestFn, takes: &'static Declaration, owned: Closure) -> Self {
        Self { test: Some(test), ..Self::kernel(never_entered, takes, Some(owned)) }
    }

    /// Whether it takes frames of `event`.
    pub(crate) fn check(&self, event: &EventCore) -> Result<(), InstallError> {
        match self.takes.filter(|of| of.fingerprint != event.declaration().fingerprint) {
            Some(of) => Err(InstallError::OtherEvent(of.name)),
            None => Ok(()),
        }
    }
}

impl Handler {
    /// A handler, default handler or result handler of an extension: `enter` is called with `closure` and the event's frame, a result
    /// handler with a [`Fold`](spindle_abi::Fold).
    ///
    /// # Safety
    /// Until the binding's ticket has been waited for, `enter` may be called with `closure` and any such frame of the event that it
    /// is installed on.
    pub unsafe fn extension(enter: HandlerFn, closure: *const (), owner: Owner) -> Self {
        Self::new(Code::extension(enter, closure, owner))
    }
}

impl crate::Guard {
    /// A guard of an extension: `enter` is called with `closure` and a [`GuardCall`](spindle_abi::GuardCall).
    ///
    /// # Safety
    /// Until the ticket of every binding that it guards has been waited for, `enter` may be called with `closure` and a call about any
    /// frame of the event. It does not change what the frame refers to.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub unsafe fn extension(
        enter: HandlerFn,
        closure: *const (),
        owner: Owner,
    ) -> Result<Self, InstallError> {
        Self::try_new(Code::extension(enter, closure, owner))
    }
}

#[cfg(not(loom))]
fn ignored() -> *const AtomicU64 {
    &raw const IGNORED.0
}

#[cfg(loom)]
fn ignored() -> *const AtomicU64 {
    ptr::null()
}

unsafe extern "C" fn never_entered(_closure: *const (), _frame: *mut ()) {
    unreachable!("a guard of the kernel is tested, not entered");
}
