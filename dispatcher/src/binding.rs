//! A binding: one handler on one event, with the guard that is evaluated before it.

use crate::{EventCore, KeyGuard};
use core::fmt;
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};
use spindle_abi::{Declaration, EventSpec, HandlerFn};

/// Who a handler belongs to. The dispatcher only carries it; the kernel numbers its domains so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner(pub u32);

impl Owner {
    /// The kernel itself.
    pub const KERNEL: Self = Self(0);
}

/// Whether a handler is entered by a plain call or by a crossing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Kernel code: called directly; a fault in it is the kernel's own.
    Kernel,
    /// An extension's code: entered by a crossing and abandoned if it faults.
    Extension,
}

/// The code of a kernel handler as an event calls it.
///
/// It has the shape of the event's entry, so that an event with this single handler can hold it there itself.
/// Returns [`crate::event::HANDLED`].
pub type KernelFn = unsafe extern "C" fn(event: *const EventCore, frame: *mut (), strand: *const ()) -> u64;

/// A handler that is part of the kernel, or of the program that uses the crate.
pub trait KernelHandler<E: EventSpec>: 'static {
    /// Handles one raise.
    fn handle(frame: &mut E::Frame<'_>);
}

/// A handler about to be installed.
#[derive(Clone, Copy, Debug)]
#[must_use = "a handler does nothing until it is installed"]
pub struct Handler {
    pub(crate) enter: HandlerFn,
    pub(crate) closure: *const (),
    pub(crate) kernel: Option<KernelFn>,
    pub(crate) owner: Owner,
    pub(crate) key: Option<KeyGuard>,
    /// The only event whose frames a kernel handler takes. For an extension's, its maker has vouched.
    pub(crate) event: Option<&'static Declaration>,
}

impl Handler {
    /// The kernel handler `H`.
    pub fn kernel<E: EventSpec, H: KernelHandler<E>>() -> Self {
        Self {
            enter: never_entered,
            closure: ptr::null(),
            kernel: Some(kernel_entry::<E, H>),
            owner: Owner::KERNEL,
            key: None,
            event: Some(E::DECLARATION),
        }
    }

    /// A handler of an extension: `enter` is called with `closure` and the event's frame.
    ///
    /// # Safety
    /// Until the binding's ticket has been waited for, `enter` may be called with `closure` and any frame of the
    /// event that the handler is installed on.
    pub unsafe fn extension(enter: HandlerFn, closure: *const (), owner: Owner) -> Self {
        Self { enter, closure, kernel: None, owner, key: None, event: None }
    }

    /// The same handler, called only if `guard` holds.
    pub fn with_key(self, guard: KeyGuard) -> Self {
        Self { key: Some(guard), ..self }
    }
}

/// A handler that is installed. Its first two words are what a crossing reads (`enter`, `closure`).
#[repr(C)]
pub struct Binding {
    pub(crate) enter: HandlerFn,
    pub(crate) closure: *const (),
    pub(crate) kernel: Option<KernelFn>,
    pub(crate) id: u64,
    pub(crate) owner: Owner,
    pub(crate) disabled: AtomicBool,
    pub(crate) key: Option<KeyGuard>,
}

const _: () = assert!(core::mem::offset_of!(Binding, enter) == 0);
const _: () = assert!(core::mem::offset_of!(Binding, closure) == size_of::<usize>());

impl Binding {
    /// A binding outside any event, for crossings that no event makes: its id is 0.
    pub fn unlisted(handler: Handler) -> Self {
        Self::new(handler, 0)
    }

    pub(crate) fn new(handler: Handler, id: u64) -> Self {
        let Handler { enter, closure, kernel, owner, key, event: _ } = handler;
        Self { enter, closure, kernel, id, owner, disabled: AtomicBool::new(false), key }
    }

    /// The number by which [`crate::Installed::id`] knows it.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Who the handler belongs to.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Whether the handler needs a crossing.
    pub fn kind(&self) -> Kind {
        if self.kernel.is_some() { Kind::Kernel } else { Kind::Extension }
    }

    /// Whether it is to be called no more, since its owner faulted.
    #[inline]
    pub fn is_disabled(&self) -> bool {
        self.disabled.load(Ordering::Acquire)
    }
}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Binding").field("id", &self.id).field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// What a listing shows of a binding.
#[derive(Clone, Copy, Debug)]
pub struct BindingView {
    /// Who owns the handler.
    pub owner: Owner,
    /// How it is entered.
    pub kind: Kind,
    /// Its guard, if any.
    pub key: Option<KeyGuard>,
    /// Whether it was disabled because its owner faulted.
    pub disabled: bool,
}

impl From<&Binding> for BindingView {
    fn from(binding: &Binding) -> Self {
        Self { owner: binding.owner, kind: binding.kind(), key: binding.key, disabled: binding.is_disabled() }
    }
}

/// What an event's entry becomes when `H` is its only handler: the handler itself.
unsafe extern "C" fn kernel_entry<E: EventSpec, H: KernelHandler<E>>(
    _event: *const EventCore,
    frame: *mut (),
    _strand: *const (),
) -> u64 {
    // SAFETY: a raise passes the frame that it was given by `&mut`; it is of this event's type, since the handler
    // is installed on no other (INV-DISP-1).
    H::handle(unsafe { &mut *frame.cast::<E::Frame<'_>>() });
    crate::event::HANDLED
}

unsafe extern "C" fn never_entered(_closure: *const (), _frame: *mut ()) {
    unreachable!("a kernel handler is called through its kernel entry");
}
