//! The crate's unsafe code: native frames, the memory that lifted frames are made in, and the store.
//!
//! Everything here rests on INV-WASM-2 (who may use the store) and INV-WASM-4 (what a frame looks like).
#![allow(
    unsafe_code,
    reason = "native frames hold addresses, and an import's call comes back to a store in use"
)]

use alloc::boxed::Box;
use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::ptr;
use core::slice;
use core::sync::atomic::Ordering;

use spindle_abi::FramedFn;
use wasmi::{AsContextMut, Store, StoreContextMut};

use crate::activity::{Activity, Chain, Entry};
use crate::error::{Error, Fault};
use crate::host::Host;
use crate::instance::Instance;
use crate::plan::{Plan, Slot};

/// How an import is called: the kernel does around it what must be done when control leaves a module and comes back.
///
/// # Safety
/// It calls `call` with `frame`, once, on the calling strand, and otherwise leaves both alone.
pub type Call = unsafe fn(call: FramedFn, frame: *mut ());

/// Calls with nothing around it: for tests and benchmarks on the host.
pub const DIRECT: Call = direct;

unsafe fn direct(call: FramedFn, frame: *mut ()) {
    // SAFETY: the caller's promise.
    unsafe { call(frame) }
}

impl Instance {
    /// Enters handler `handler`, an index into the rows that the instance was made with. `frame` is a native frame of its
    /// event, or for a result handler the `Fold`; the handler's result and what it wrote behind `&mut` are in it afterwards.
    ///
    /// Allocates nothing itself; the interpreter does when its stack grows. Time is bounded by the fuel.
    ///
    /// With an empty frame this adds to the interpreter's own call: the handler's lookup, one exchange to claim the
    /// instance, the fuel, and a store to release it. That is about 40 of 630 instructions on the host (callgrind); the
    /// rest is the interpreter's: its handle's reference count, its pool of stacks, locked twice, and parking its context.
    ///
    /// # Errors
    /// [`Error::Fault`] if the handler did not come to its end, [`Error::Busy`] if another strand is in the instance.
    /// In both cases the frame is as it was.
    ///
    /// # Panics
    /// If there is no such handler.
    ///
    /// # Safety
    /// `frame` is laid out as the handler's layout says in its native form; it and all that it refers to are valid,
    /// initialised, and used by nobody else until this returns.
    #[inline]
    pub unsafe fn enter(&self, chain: Chain, handler: usize, frame: *mut ()) -> Result<(), Error> {
        let handler = self.handler(handler);
        // SAFETY: the caller's promise, for the plan of the same layout.
        let frame = unsafe { Frame::new(frame, &handler.plan) };
        self.handle(chain, handler, frame)
    }

    /// Asks guard `guard`, an index into the rows that the instance was made with, whether it holds for `frame`, a native
    /// frame of its event. What it writes to the frame, it writes to a copy.
    ///
    /// Allocates and takes as much time as [`Instance::enter`].
    ///
    /// # Errors
    /// As [`Instance::enter`]: then it does not hold.
    ///
    /// # Panics
    /// If there is no such row.
    ///
    /// # Safety
    /// `frame` is laid out as the guard's layout says in its native form; it and all that it refers to are valid,
    /// initialised, and changed by nobody until this returns.
    #[inline]
    pub unsafe fn ask(&self, chain: Chain, guard: usize, frame: *const ()) -> Result<bool, Error> {
        let guard = self.handler(guard);
        // SAFETY: the caller's promise, for the plan of the same layout; `ask_frame` only reads it.
        let frame = unsafe { Frame::new(frame.cast_mut(), &guard.plan) };
        self.ask_frame(chain, guard, frame)
    }
}

/// A native frame and its plan.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    base: *mut u8,
    plan: &'a Plan,
}

impl<'a> Frame<'a> {
    /// # Safety
    /// As [`Instance::enter`] says about its frame, for as long as this lives; the slots that the methods are given
    /// are of this plan.
    unsafe fn new(frame: *mut (), plan: &'a Plan) -> Self {
        Self { base: frame.cast(), plan }
    }

    pub(crate) fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// The bytes of a field.
    pub(crate) fn value(&self, slot: &Slot) -> &[u8] {
        // SAFETY: a field of the frame; plain data has no padding, so every byte of it is initialised.
        unsafe { slice::from_raw_parts(self.base.wrapping_add(slot.native), slot.field.size) }
    }

    /// The same, to be written: with a value of the field's type only.
    pub(crate) fn value_mut(&mut self, slot: &Slot) -> &mut [u8] {
        // SAFETY: as above, and nobody else uses the frame.
        unsafe { slice::from_raw_parts_mut(self.base.wrapping_add(slot.native), slot.field.size) }
    }

    /// The bytes that a reference refers to.
    pub(crate) fn referent(&self, slot: &Slot) -> &[u8] {
        // SAFETY: the frame's promise about its references.
        unsafe { slice::from_raw_parts(self.address(slot), self.elements(slot) * slot.field.size) }
    }

    /// The same behind `&mut`, of which every bit pattern is a value.
    pub(crate) fn referent_mut(&mut self, slot: &Slot) -> &mut [u8] {
        // SAFETY: as above; the reference is mutable.
        unsafe { slice::from_raw_parts_mut(self.address(slot), self.elements(slot) * slot.field.size) }
    }

    /// How many values a reference refers to.
    pub(crate) fn elements(&self, slot: &Slot) -> usize {
        if !slot.field.shape.has_length() {
            return 1;
        }
        let length = self.base.wrapping_add(slot.native).cast::<usize>().wrapping_add(1);
        // SAFETY: the length follows the address (abi::raw).
        unsafe { length.read() }
    }

    fn address(&self, slot: &Slot) -> *mut u8 {
        let address = self.base.wrapping_add(slot.native).cast::<*mut u8>();
        // SAFETY: a reference's field begins with its address.
        unsafe { address.read() }
    }
}

/// Alignment of a scratch: as much as any plain data needs.
pub(crate) const SCRATCH_ALIGN: usize = align_of::<u128>();
/// What fits without an allocation.
const INLINE_WORDS: usize = 32;

/// Zeroed memory that a native frame and what it refers to are made in. The frame is at its start.
pub(crate) struct Scratch {
    inline: UnsafeCell<[u128; INLINE_WORDS]>,
    heap: Option<Box<[UnsafeCell<u128>]>>,
    bytes: usize,
}

impl Scratch {
    pub(crate) fn new(bytes: usize) -> Self {
        let words = bytes.div_ceil(size_of::<u128>());
        let heap = (words > INLINE_WORDS).then(|| (0..words).map(|_| UnsafeCell::new(0)).collect());
        Self { inline: UnsafeCell::new([0; INLINE_WORDS]), heap, bytes }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes
    }

    /// All of it.
    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: `new` made as many bytes, zeroed; `self` is borrowed for the result.
        unsafe { slice::from_raw_parts_mut(self.base(), self.bytes) }
    }

    /// Writes the address of offset `target` to offset `field`, and the length after it if there is one.
    pub(crate) fn link(&mut self, field: usize, target: usize, elements: Option<usize>) {
        let length_bytes = if elements.is_some() { size_of::<usize>() } else { 0 };
        assert!(field + size_of::<usize>() + length_bytes <= self.bytes && target <= self.bytes);
        let (field, target) = (self.base().wrapping_add(field), self.base().wrapping_add(target));
        // SAFETY: inside the scratch, as just asserted.
        unsafe { field.cast::<*mut u8>().write_unaligned(target) };
        if let Some(elements) = elements {
            let length = field.cast::<usize>().wrapping_add(1);
            // SAFETY: as above.
            unsafe { length.write_unaligned(elements) };
        }
    }

    /// The frame's address, valid until the scratch is moved.
    pub(crate) fn frame(&mut self) -> *mut () {
        self.base().cast()
    }

    fn base(&self) -> *mut u8 {
        self.heap.as_ref().map_or(self.inline.get().cast(), |heap| UnsafeCell::raw_get(heap.as_ptr()).cast())
    }
}

/// Calls a procedure with a frame that was lifted for it, or with none if it takes none. Meanwhile activations inside
/// the call may use `context`.
pub(crate) fn call_import(
    activity: &Activity,
    mut context: StoreContextMut<'_, Host>,
    via: Call,
    call: FramedFn,
    frame: *mut (),
) {
    activity.innermost.store((&raw mut context).cast(), Ordering::Relaxed);
    // SAFETY: the frame is the procedure's (INV-WASM-4): lifting has checked every value and made every reference.
    unsafe { via(call, frame) };
    activity.innermost.store(ptr::null_mut(), Ordering::Relaxed);
}

/// The store, and who may use it.
pub(crate) struct Guarded(UnsafeCell<Store<Host>>);

// SAFETY: `enter` lets in one chain at a time (INV-WASM-2); stores may be sent between threads.
unsafe impl Sync for Guarded {}

/// Leave to use the store.
pub(crate) enum Leave<'a> {
    /// For the first activation of a chain.
    Outermost(&'a mut Store<Host>),
    /// For one inside an import's call.
    Nested(Nested<'a>),
}

impl Guarded {
    pub(crate) fn new(store: Store<Host>) -> Self {
        Self(UnsafeCell::new(store))
    }

    /// Lets `chain` in. Who is let in outermost calls [`Activity::release`] when it has ended.
    #[inline(always)]
    pub(crate) fn enter<'a>(&'a self, activity: &'a Activity, chain: Chain) -> Result<Leave<'a>, Error> {
        match activity.claim(chain) {
            // SAFETY: nobody was in the instance, and nobody will be until it is released (INV-WASM-2).
            Entry::Outermost => Ok(Leave::Outermost(unsafe { &mut *self.0.get() })),
            Entry::Nested => Nested::new(activity).map(Leave::Nested),
            Entry::Busy => Err(Error::Busy),
        }
    }
}

/// Leave to use the store inside an import's call; ends when dropped.
pub(crate) struct Nested<'a> {
    context: *mut (),
    activity: &'a Activity,
    chain: PhantomData<&'a mut Store<Host>>,
}

impl<'a> Nested<'a> {
    #[cold]
    fn new(activity: &'a Activity) -> Result<Self, Error> {
        let context = activity.innermost.load(Ordering::Relaxed);
        if context.is_null() {
            return Err(Error::Busy);
        }
        if !activity.nest() {
            return Err(Fault::TooDeep.into());
        }
        activity.innermost.store(ptr::null_mut(), Ordering::Relaxed);
        Ok(Self { context, activity, chain: PhantomData })
    }

    pub(crate) fn context(&mut self) -> StoreContextMut<'_, Host> {
        // SAFETY: `call_import` put it there and waits for the procedure that we are inside of, on this strand; it was
        // taken out above, so nobody else has it.
        let context = unsafe { &mut *self.context.cast::<StoreContextMut<'_, Host>>() };
        context.as_context_mut()
    }
}

impl Drop for Nested<'_> {
    fn drop(&mut self) {
        self.activity.innermost.store(self.context, Ordering::Relaxed);
        self.activity.unnest();
    }
}
