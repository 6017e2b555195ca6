//! The crate's unsafe code: calls into extension code that no event makes, and the ways back from a fault.
//!
//! # Invariants
//! - `INV-ENTER-1`: the entry points that are called here were resolved by the loader inside the domain's text, and
//!   certified to be of the type that the descriptor gives them (the package's signature vouches for it).

use crate::DomainId;
use core::ptr;
use core::sync::atomic::AtomicPtr;
use spindle_abi::HandlerFn;
use spindle_arch::crossing;
use spindle_dispatcher::{Binding, Crossed, Handler, Strand as _};
use spindle_strands::Strand;

// A stack check reads that far below a stack, and must land in the guard area even at the stack's very end.
const _: () = assert!((spindle_abi::raw::STACK_RESERVE_BYTES as u64) < spindle_mem::GUARD_BYTES);

/// What `start` of an extension is: it writes its state's address and returns a status code.
pub(crate) type StartFn = unsafe extern "C" fn(out: *mut *const ()) -> u32;
/// What `stop` of an extension is.
pub(crate) type StopFn = unsafe extern "C" fn(closure: *const ());

/// The extension faulted and was abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Faulted;

/// Entry points of a mapped extension, as the loader resolved them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryPoints {
    start: StartFn,
    stop: StopFn,
}

impl EntryPoints {
    /// Makes callable what the loader found at the two addresses.
    ///
    /// # Safety
    /// Both are the certified `start` and `stop` of a domain whose text is mapped there (INV-ENTER-1), and stays
    /// mapped for as long as they are called.
    pub(crate) unsafe fn new(start: u64, stop: u64) -> Self {
        // SAFETY: a code address in the kernel's own address space; the caller vouches for its type.
        let start = unsafe { core::mem::transmute::<usize, StartFn>(start as usize) };
        // SAFETY: as above.
        let stop = unsafe { core::mem::transmute::<usize, StopFn>(stop as usize) };
        Self { start, stop }
    }

    /// Starts the extension; returns its state's address, or the status code that it failed with.
    pub(crate) fn start(self, strand: &Strand, domain: DomainId) -> Result<Result<*const (), u32>, Faulted> {
        let mut call = StartCall { start: self.start, closure: ptr::null(), code: 0 };
        cross(strand, domain, start_entry, ptr::null(), ptr::from_mut(&mut call).cast())?;
        Ok(if call.code == 0 { Ok(call.closure) } else { Err(call.code) })
    }

    /// Stops the extension, whose state is at `closure`.
    pub(crate) fn stop(self, strand: &Strand, domain: DomainId, closure: *const ()) -> Result<(), Faulted> {
        let mut call = StopCall { stop: self.stop };
        cross(strand, domain, stop_entry, closure, ptr::from_mut(&mut call).cast())
    }
}

struct StartCall {
    start: StartFn,
    closure: *const (),
    code: u32,
}

struct StopCall {
    stop: StopFn,
}

/// Adapts `start` to a handler's shape; holds nothing that being abandoned would leak.
unsafe extern "C" fn start_entry(_closure: *const (), frame: *mut ()) {
    // SAFETY: `EntryPoints::start` passes its own `StartCall`.
    let call = unsafe { &mut *frame.cast::<StartCall>() };
    // SAFETY: INV-ENTER-1.
    call.code = unsafe { (call.start)(&mut call.closure) };
}

/// Adapts `stop` to a handler's shape; holds nothing that being abandoned would leak.
unsafe extern "C" fn stop_entry(closure: *const (), frame: *mut ()) {
    // SAFETY: `EntryPoints::stop` passes its own `StopCall`.
    let call = unsafe { &*frame.cast::<StopCall>() };
    // SAFETY: INV-ENTER-1; the closure is what `start` of the same domain wrote.
    unsafe { (call.stop)(closure) };
}

/// Crosses into `enter` on behalf of `domain`.
fn cross(
    strand: &Strand,
    domain: DomainId,
    enter: HandlerFn,
    closure: *const (),
    frame: *mut (),
) -> Result<(), Faulted> {
    // SAFETY: called once, below, while `closure` and `frame` are alive.
    let handler = unsafe { Handler::extension(enter, closure, domain.into()) };
    let mut binding = Binding::unlisted(handler);
    let source = AtomicPtr::new(ptr::from_mut(&mut binding));
    // SAFETY: the source holds the binding, which outlives the call, and the frame fits `enter`.
    match unsafe { strand.cross(&source, ptr::from_mut(&mut binding), frame) } {
        Crossed::Faulted => Err(Faulted),
        Crossed::Returned | Crossed::Stale => Ok(()),
    }
}

/// A handler of `domain` at the address that the loader resolved.
///
/// # Safety
/// INV-ENTER-1, for the event that the handler is then installed on; `closure` is what `start` wrote; both stay
/// until the binding's ticket was waited for.
pub(crate) unsafe fn handler(enter: u64, closure: *const (), domain: DomainId) -> Handler {
    // SAFETY: a code address in the kernel's own address space; the caller vouches for its type.
    let enter = unsafe { core::mem::transmute::<usize, HandlerFn>(enter as usize) };
    // SAFETY: the caller's promise.
    unsafe { Handler::extension(enter, closure, domain.into()) }
}

/// Leaves the extension code that called into the kernel to give up; the raiser goes on.
pub(crate) fn abandon(strand: &Strand) -> ! {
    // SAFETY: the strand is the caller's own, and between here and the node lie only the extension's frames and the
    // procedure that it called, which holds nothing.
    unsafe { crossing::abandon(strand.crossings()) }
}

/// Whether `rip` is the stack check of an exported kernel procedure.
pub(crate) fn is_stack_probe(rip: u64) -> bool {
    stack_probes().any(|probe| probe == rip)
}

/// The addresses of all stack checks.
#[cfg(target_os = "none")]
fn stack_probes() -> impl Iterator<Item = u64> {
    unsafe extern "C" {
        static __start_spindle_probes: [i32; 0];
        static __stop_spindle_probes: [i32; 0];
    }
    let (start, end) =
        ((&raw const __start_spindle_probes).cast::<i32>(), (&raw const __stop_spindle_probes).addr());
    let count = (end - start.addr()) / size_of::<i32>();
    (0..count).map(move |at| {
        let entry = start.wrapping_add(at);
        // SAFETY: the linker puts the two symbols around the section, which is an array of distances.
        let distance = unsafe { entry.read_unaligned() };
        (entry.addr() as u64).wrapping_add_signed(i64::from(distance))
    })
}

/// The addresses of all stack checks: on a host the procedures have none.
#[cfg(not(target_os = "none"))]
fn stack_probes() -> impl Iterator<Item = u64> {
    core::iter::empty()
}
