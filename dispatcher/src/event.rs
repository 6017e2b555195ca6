//! Events and the two ways through a raise.
//!
//! # Invariants
//! - `INV-DISP-1`: `EventCore` is only ever used with frames of the one `EventSpec` of the `Event` around it, and
//!   has only handlers that take those.
//! - `INV-DISP-2`: `native` is null, or the one binding of the current table: unguarded, an extension's, enabled.
//! - `INV-DISP-3`: `entry` is callable at any time, whatever `native` says. It is the general path, or the code of
//!   the one binding of the current table: unguarded, the kernel's.
//! - `INV-DISP-4`: a binding or table that an event held is freed only after it was out of reach, a barrier, and
//!   a scan that found no mark of it.
//!
//! # Locking
//! Raise takes none. It may be called wherever the handlers may.

use crate::binding::{Binding, BindingView};
use crate::strand::{Crossed, Mark, Strand};
use crate::table::{self, Table};
use crate::{Handler, InstallError, Installed, KernelFn, Owner, RaiseError, install};
use core::marker::PhantomData;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering, fence};
use spindle_abi::{Declaration, EventSpec, FrameLayout, Key, KeyField};

/// What an entry returns when a handler ran and none faulted.
pub(crate) const HANDLED: u64 = 0;
const NO_HANDLER: u64 = 1;
const FAULT: u64 = 2;

/// An event of type `E`, raised by strands of type `S`.
///
/// ```
/// use spindle_abi::{Declaration, EventSpec, Key, KeyField};
/// use spindle_dispatcher::{Event, Handler, KernelHandler, host::HostStrand};
///
/// struct Added;
/// // SAFETY: no other event has this declaration.
/// unsafe impl EventSpec for Added {
///     const DECLARATION: &'static Declaration = &Declaration::new("example.Added", "event example.Added(sum: u64)");
///     const KEYS: &'static [KeyField] = &[];
///     type Frame<'a> = (u64, ());
///     type Result = ();
///     fn result<'a>(frame: &'a mut (u64, ())) -> &'a mut () { &mut frame.1 }
///     fn key<'a>(_: &'a (u64, ()), _: usize) -> Key<'a> { unreachable!("no key fields") }
/// }
/// struct AddOne;
/// impl KernelHandler<Added> for AddOne {
///     fn handle(frame: &mut (u64, ())) { frame.0 += 1 }
/// }
/// static ADDED: Event<Added, HostStrand> = Event::new();
///
/// ADDED.install(Handler::kernel::<Added, AddOne>()).unwrap();
/// let mut sum = (41, ());
/// HostStrand::with_current(|strand| ADDED.raise(strand, &mut sum)).unwrap();
/// assert_eq!(sum.0, 42);
/// ```
#[repr(transparent)]
#[derive(Debug)]
pub struct Event<E: EventSpec, S: Strand> {
    core: EventCore,
    kinds: PhantomData<fn(E, S)>,
}

impl<E: EventSpec, S: Strand> Event<E, S> {
    /// An event without handlers.
    pub const fn new() -> Self {
        let core = EventCore {
            native: AtomicPtr::new(ptr::null_mut()),
            entry: AtomicPtr::new(general::<S> as *mut ()),
            table: AtomicPtr::new(ptr::null_mut()),
            general: general::<S>,
            declaration: E::DECLARATION,
            keys: E::KEYS,
            frame: E::FRAME,
            key: read_key::<E>,
            direct_kernel: S::DIRECT_KERNEL_HANDLERS,
        };
        Self { core, kinds: PhantomData }
    }

    /// Raises the event: calls every handler whose guard holds.
    ///
    /// With one unguarded handler of an extension this is a load, a test and the crossing, inlined; with one of
    /// the kernel, two loads, a test and an indirect call.
    ///
    /// # Errors
    /// [`RaiseError::NoHandler`] if nobody handled it; [`RaiseError::Fault`] if a handler was abandoned.
    #[inline(always)]
    pub fn raise(&self, strand: &S, frame: &mut E::Frame<'_>) -> Result<(), RaiseError> {
        // SAFETY: the frame is of this event's type (INV-DISP-1), and `&mut` makes it ours.
        unsafe { self.core.raise(strand, ptr::from_mut(frame).cast()) }
    }

    /// Binds `handler`; raises that begin later see it.
    ///
    /// # Errors
    /// See [`InstallError`]; nothing has changed then.
    pub fn install(&'static self, handler: Handler) -> Result<Installed, InstallError> {
        install(&self.core, handler)
    }

    /// The part that does not depend on the types, for registries and loaders.
    pub const fn core(&self) -> &EventCore {
        &self.core
    }
}

impl<E: EventSpec, S: Strand> Default for Event<E, S> {
    fn default() -> Self {
        Self::new()
    }
}

/// An event without its types. The first two words are the hot ones.
#[repr(C)]
#[derive(Debug)]
pub struct EventCore {
    pub(crate) native: AtomicPtr<Binding>,
    pub(crate) entry: AtomicPtr<()>,
    pub(crate) table: AtomicPtr<Table>,
    pub(crate) general: KernelFn,
    declaration: &'static Declaration,
    keys: &'static [KeyField],
    frame: Option<&'static FrameLayout>,
    key: unsafe fn(frame: *const (), field: usize) -> Key<'static>,
    pub(crate) direct_kernel: bool,
}

impl EventCore {
    /// Raises the event with an untyped frame.
    ///
    /// # Safety
    /// `frame` points to a frame of this event that nobody else uses meanwhile; `S` is the event's strand type.
    #[inline(always)]
    unsafe fn raise<S: Strand>(&self, strand: &S, frame: *mut ()) -> Result<(), RaiseError> {
        loop {
            let native = self.native.load(Ordering::Acquire);
            if native.is_null() {
                // SAFETY: INV-DISP-3; only `KernelFn`s are ever stored there.
                let entry: KernelFn = unsafe { core::mem::transmute(self.entry.load(Ordering::Acquire)) };
                // SAFETY: INV-DISP-1 and INV-DISP-3.
                let outcome = unsafe { entry(self, frame, ptr::from_ref(strand).cast()) };
                return if outcome == HANDLED { Ok(()) } else { Err(error(outcome)) };
            }
            // SAFETY: `native` was read from the source; INV-DISP-4 keeps it while marked; INV-DISP-1.
            match unsafe { strand.cross(&self.native, native, frame) } {
                Crossed::Returned => return Ok(()),
                // Somebody changed the bindings just now: see what they are.
                Crossed::Stale => {}
                Crossed::Faulted => return Err(RaiseError::Fault(strand.offender())),
            }
        }
    }

    /// The event's declaration: its name, schema and fingerprint.
    pub const fn declaration(&self) -> &'static Declaration {
        self.declaration
    }

    /// The fields that handlers may guard on.
    pub const fn keys(&self) -> &'static [KeyField] {
        self.keys
    }

    /// Where the fields of the event's frames lie; `None` if only native handlers can take them.
    pub const fn frame_layout(&self) -> Option<&'static FrameLayout> {
        self.frame
    }

    /// Shows every binding, in the order in which they are called.
    pub fn for_each_binding<S: Strand>(&self, strand: &S, mut see: impl FnMut(BindingView)) {
        self.with_table(strand, |table| table.bindings().for_each(|binding| see(binding.into())));
    }

    /// Stops every handler of `owner` from being called again, at once; the bindings stay until uninstalled.
    ///
    /// Takes no lock and allocates nothing, so that it can be used where a fault is handled.
    pub fn disable_owner<S: Strand>(&self, strand: &S, owner: Owner) {
        self.with_table(strand, |table| {
            for binding in table.bindings().filter(|binding| binding.owner == owner) {
                binding.disabled.store(true, Ordering::Release);
                // Either this sees what an install has just published, or the install sees the line above.
                fence(Ordering::SeqCst);
                let native = ptr::from_ref(binding).cast_mut();
                // Losing the race means that somebody took it out already.
                let _ = self.native.compare_exchange(
                    native,
                    ptr::null_mut(),
                    Ordering::AcqRel,
                    Ordering::Relaxed,
                );
            }
        });
    }

    /// Runs `f` on the current table, marked so that it stays.
    pub(crate) fn with_table<S: Strand, R>(&self, strand: &S, f: impl FnOnce(&Table) -> R) -> R {
        let mark = Mark::new();
        table::with_marked(&self.table, strand, &mark, f)
    }
}

/// The general path: reads the key fields once, then runs the table in order.
///
/// Costs a mark, and per binding a compare for its key and, if it holds, a call or a crossing. Allocates nothing.
unsafe extern "C" fn general<S: Strand>(event: *const EventCore, frame: *mut (), strand: *const ()) -> u64 {
    // SAFETY: raise passes its own `self`.
    let event = unsafe { &*event };
    // SAFETY: raise passes its own `strand`, of type `S`.
    let strand = unsafe { &*strand.cast::<S>() };
    event.with_table(strand, |table| {
        let mut keys = [Key::Integer(0); KeyField::MAX_PER_EVENT];
        for (field, key) in keys.iter_mut().enumerate().take(event.keys.len()) {
            // SAFETY: the frame is of this event (INV-DISP-1) and `field` is one of its key fields; the keys are
            // dropped before this function returns the frame to the raiser.
            *key = unsafe { (event.key)(frame, field) };
        }
        let keys = &keys[..event.keys.len()];
        let mut outcome = NO_HANDLER;
        for binding in table.bindings().filter(|binding| binding.accepts(keys)) {
            // SAFETY: the table is marked and keeps its bindings (INV-DISP-4); INV-DISP-1.
            outcome = outcome.max_fault(unsafe { call(event, binding, frame, strand) });
        }
        outcome
    })
}

/// Calls one handler of a marked table.
///
/// # Safety
/// As for [`EventCore::raise`]; `binding` stays during the call.
unsafe fn call<S: Strand>(event: &EventCore, binding: &Binding, frame: *mut (), strand: &S) -> u64 {
    if let Some(kernel) = binding.kernel {
        // SAFETY: the caller vouches for the frame.
        return unsafe { kernel(event, frame, ptr::from_ref(strand).cast()) };
    }
    let binding = ptr::from_ref(binding).cast_mut();
    // The table's mark already keeps the binding, so the crossing's own check has nothing to refuse.
    let source = AtomicPtr::new(binding);
    // SAFETY: the source holds the binding, which the marked table keeps; the caller vouches for the frame.
    match unsafe { strand.cross(&source, binding, frame) } {
        Crossed::Faulted => FAULT | u64::from(strand.offender().0) << 32,
        Crossed::Returned | Crossed::Stale => HANDLED,
    }
}

/// How outcomes of several handlers combine: a fault outlasts everything, and having run outlasts not having run.
trait Outcome {
    fn max_fault(self, next: u64) -> u64;
}

impl Outcome for u64 {
    fn max_fault(self, next: u64) -> u64 {
        if self & FAULT != 0 { self } else { next }
    }
}

#[cold]
fn error(outcome: u64) -> RaiseError {
    if outcome & FAULT != 0 {
        RaiseError::Fault(Owner((outcome >> 32) as u32))
    } else {
        RaiseError::NoHandler
    }
}

impl Binding {
    fn accepts(&self, keys: &[Key<'_>]) -> bool {
        !self.is_disabled() && self.key.as_ref().is_none_or(|guard| guard.holds(keys))
    }
}

/// # Safety
/// `frame` is a frame of `E`, and outlives the key.
unsafe fn read_key<E: EventSpec>(frame: *const (), field: usize) -> Key<'static> {
    // SAFETY: the caller vouches for both.
    E::key(unsafe { &*frame.cast::<E::Frame<'_>>() }, field)
}
