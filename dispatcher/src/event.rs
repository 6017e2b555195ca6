//! Events: what raisers see, and what an event is apart from its bindings.
//!
//! *Locking*: raise takes none. It may be called wherever the handlers may.

use crate::authorize::Slot;
use crate::raw::callee::{Callee, KernelFn};
use crate::raw::dispatch;
use crate::raw::keyed::keyed;
use crate::raw::mailbox::Mailbox;
use crate::raw::reference::Reference;
use crate::raw::shared::Shared;
use crate::sync::{AtomicPtr, AtomicU64, Ordering};
use crate::table::Table;
use crate::{Bound, Delivery, Handler, InstallError, Installed, Interface, Owner, RaiseError, Strand};
use core::any::TypeId;
use core::fmt;
use core::marker::PhantomData;
use core::ptr;
use spin::Once;
use spindle_abi::{Declaration, EventSpec, FrameLayout, KeyField};

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
/// let mut frame = (41, ());
/// HostStrand::with_current(|strand| ADDED.raise(strand, &mut frame)).unwrap();
/// assert_eq!(frame.0, 42);
/// ```
#[derive(Debug)]
pub struct Event<E: EventSpec, S: Strand> {
    core: EventCore,
    default: Option<E::Result>,
    kinds: PhantomData<fn(E, S)>,
}

/// An event without its types. The first two words are the hot ones.
#[repr(C)]
pub struct EventCore {
    pub(crate) native: AtomicPtr<Callee>,
    pub(crate) entry: AtomicPtr<()>,
    pub(crate) table: AtomicPtr<Table>,
    /// What `entry` is unless the event has one handler alone.
    pub(crate) indirect: KernelFn,
    /// What `entry` is while its handlers are found by one key field.
    pub(crate) keyed: KernelFn,
    /// What `entry` is while nothing is bound.
    pub(crate) unheard: KernelFn,
    /// Calls every handler of the table, on the raising strand.
    pub(crate) dispatch: KernelFn,
    /// How often `entry` was a handler itself and was called, since `direct` was last set.
    direct_calls: AtomicU64,
    /// The callee whose code `entry` is; for writers.
    pub(crate) direct: AtomicPtr<Callee>,
    traits: Traits,
    owner: Owner,
    interface: Option<&'static Interface>,
    authorizer: Slot,
    delivery: Delivery,
    is_asynchronous: bool,
    pub(crate) mailbox: Once<Shared<Mailbox>>,
    /// The event that was bound to before this one was for the first time; itself if none was.
    pub(crate) previous: Reference<EventCore>,
}

/// What an event's types say of it.
#[derive(Clone, Copy)]
struct Traits {
    declaration: &'static Declaration,
    keys: &'static [KeyField],
    frame: Option<&'static FrameLayout>,
    is_returning: bool,
    is_chained: bool,
    is_interrupt: bool,
    /// How many bytes a frame has, if it can be queued.
    queueable_bytes: Option<usize>,
    slots: usize,
    is_direct: bool,
    now: fn() -> u64,
    strand: fn() -> TypeId,
}

impl<E: EventSpec, S: Strand> Event<E, S> {
    /// How many bytes a frame has, if it is plain data that fits a queue.
    const QUEUEABLE_BYTES: Option<usize> = {
        let (bytes, align) = (size_of::<E::Frame<'static>>(), align_of::<E::Frame<'static>>());
        if E::QUEUEABLE && Mailbox::takes(bytes, align) { Some(bytes) } else { None }
    };

    const TRAITS: Traits = Traits {
        declaration: E::DECLARATION,
        keys: E::KEYS,
        frame: E::FRAME,
        is_returning: E::RETURNS,
        is_chained: E::CHAINED,
        is_interrupt: E::INTERRUPT,
        queueable_bytes: Self::QUEUEABLE_BYTES,
        slots: S::SLOTS,
        is_direct: S::DIRECT_KERNEL_HANDLERS,
        now: S::now,
        strand: TypeId::of::<S>,
    };

    crate::sync::const_unless_loom! {
        /// An event of the kernel without handlers, to which nobody else may bind.
        pub fn new() -> Self {
            let core = EventCore {
                native: AtomicPtr::new(ptr::null_mut()),
                entry: AtomicPtr::new(dispatch::unheard::<E> as *mut ()),
                table: AtomicPtr::new(ptr::null_mut()),
                indirect: dispatch::general::<E, S>,
                keyed: keyed::<E, S>,
                unheard: dispatch::unheard::<E>,
                dispatch: dispatch::general::<E, S>,
                direct_calls: AtomicU64::new(0),
                direct: AtomicPtr::new(ptr::null_mut()),
                traits: Self::TRAITS,
                owner: Owner::KERNEL,
                interface: None,
                authorizer: Slot::empty(),
                delivery: Delivery::DEFAULT,
                is_asynchronous: false,
                mailbox: Once::new(),
                previous: Reference::none(),
            };
            Self { core, default: None, kinds: PhantomData }
        }
    }

    /// The same as one of `interface`, whose authorizer decides who may bind.
    pub const fn of(mut self, interface: &'static Interface) -> Self {
        self.core.interface = Some(interface);
        self
    }

    /// The same with another owner than the kernel.
    pub const fn owned_by(mut self, owner: Owner) -> Self {
        self.core.owner = owner;
        self
    }

    /// The same with queues of this kind before what is asynchronous.
    pub const fn delivery(mut self, delivery: Delivery) -> Self {
        self.core.delivery = delivery;
        self
    }

    crate::sync::const_unless_loom! {
        /// The same, raised asynchronously: the whole raise is queued, and the executor calls the handlers.
        ///
        /// # Panics
        /// When compiled, if frames of `E` cannot be queued.
        pub fn asynchronous(mut self) -> Self {
            const { assert!(Self::QUEUEABLE_BYTES.is_some(), "up to 128 bytes of plain values can be queued") };
            self.core.is_asynchronous = true;
            self.core.indirect = dispatch::queue_all::<S>;
            self.core.keyed = dispatch::queue_all::<S>;
            self.core.unheard = dispatch::queue_all::<S>;
            self.core.entry = AtomicPtr::new(dispatch::queue_all::<S> as *mut ());
            self
        }
    }

    /// The same with `result` as the answer of raises that no handler ran for.
    pub const fn with_default_result(mut self, result: E::Result) -> Self {
        self.default = Some(result);
        self
    }

    /// Raises the event: calls every handler whose guards hold.
    ///
    /// With one unguarded handler of an extension this is a load, a test and the crossing, inlined; with one of
    /// the kernel, two loads, a test and an indirect call.
    ///
    /// # Errors
    /// [`RaiseError::NoHandler`] if an answer was wanted (the event returns a value, or is chained), nobody gave one, and there is no
    /// default result; [`RaiseError::Fault`] if a callee was abandoned; [`RaiseError::Busy`] if one was in use.
    #[inline(always)]
    pub fn raise(&'static self, strand: &S, frame: &mut E::Frame<'_>) -> Result<(), RaiseError> {
        match self.core.raise::<E, S>(strand, frame) {
            Err(RaiseError::NoHandler) if E::RETURNS || E::CHAINED => self.unhandled(frame),
            result => result,
        }
    }

    #[cold]
    fn unhandled(&self, frame: &mut E::Frame<'_>) -> Result<(), RaiseError> {
        *E::result(frame) = self.default.ok_or(RaiseError::NoHandler)?;
        Ok(())
    }

    /// Makes a binding of `handler`, checked and authorised, but not installed.
    ///
    /// # Errors
    /// As [`EventCore::bind`].
    pub fn bind(&'static self, handler: Handler) -> Result<Bound, InstallError> {
        self.core.bind(handler)
    }

    /// Binds `handler`; raises that begin later see it.
    ///
    /// # Errors
    /// See [`InstallError`]; nothing has changed then.
    pub fn install(&'static self, handler: Handler) -> Result<Installed, InstallError> {
        self.core.install(handler)
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

impl EventCore {
    /// The event's declaration: its name, schema and fingerprint.
    pub const fn declaration(&self) -> &'static Declaration {
        self.traits.declaration
    }

    /// The fields that handlers may guard on.
    pub const fn keys(&self) -> &'static [KeyField] {
        self.traits.keys
    }

    /// Where the fields of the event's frames lie; `None` if only native handlers can take them.
    pub const fn frame_layout(&self) -> Option<&'static FrameLayout> {
        self.traits.frame
    }

    /// Whose event it is.
    pub const fn owner(&self) -> Owner {
        self.owner
    }

    /// The interface that it belongs to.
    pub const fn interface(&self) -> Option<&'static Interface> {
        self.interface
    }

    /// Whether handlers answer something.
    pub const fn is_returning(&self) -> bool {
        self.traits.is_returning
    }

    /// Whether a raise ends at the first handler whose answer is one.
    pub const fn is_chained(&self) -> bool {
        self.traits.is_chained
    }

    /// Whether it is raised in interrupt context.
    pub const fn is_interrupt(&self) -> bool {
        self.traits.is_interrupt
    }

    /// Whether whole raises are queued.
    pub const fn is_asynchronous(&self) -> bool {
        self.is_asynchronous
    }

    /// What queues before asynchronous handlers are like.
    pub const fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// How many raises wait to be dispatched, and how many were dropped; `None` unless whole raises are queued.
    pub fn queued(&self) -> Option<(usize, u64)> {
        let counts = self.mailbox.get().map_or((0, 0), |mailbox| (mailbox.len(), mailbox.lost()));
        self.is_asynchronous.then_some(counts)
    }

    /// How many bytes a queued frame has.
    ///
    /// # Errors
    /// [`InstallError::NotAsynchronous`]
    pub(crate) fn queueable_bytes(&self) -> Result<usize, InstallError> {
        self.traits.queueable_bytes.ok_or(InstallError::NotAsynchronous(self.declaration().name))
    }

    pub(crate) fn own_authorizer(&self) -> &Slot {
        &self.authorizer
    }

    /// How many slots strands that raise it count in.
    pub(crate) fn slots(&self) -> usize {
        self.traits.slots
    }

    /// Whether a kernel handler may be called without any mark.
    pub(crate) fn is_direct(&self) -> bool {
        self.traits.is_direct
    }

    /// The time, in the unit of the strands that raise it.
    pub(crate) fn now(&self) -> u64 {
        (self.traits.now)()
    }

    /// Whether it is raised by strands of type `S`.
    pub(crate) fn is_raised_by<S: Strand>(&self) -> bool {
        (self.traits.strand)() == TypeId::of::<S>()
    }

    /// Counts a call that did not go through a table.
    #[inline(always)]
    pub(crate) fn count_direct(&self) {
        self.direct_calls.store(self.direct_calls.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
    }

    pub(crate) fn direct_calls(&self) -> &AtomicU64 {
        &self.direct_calls
    }
}

impl PartialEq for EventCore {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}

impl Eq for EventCore {}

impl fmt::Debug for EventCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventCore").field("name", &self.declaration().name).finish_non_exhaustive()
    }
}
