//! The crate's unsafe code: calls into extension code that no event makes, and the ways back from a fault.
//!
//! # Concepts
//! Every call goes through a crossing, native code's and the engine's alike: [`native`] enters the extension's own
//! code, [`wasm`] the engine, which works on the domain's heap and behalf until it returns.
//!
//! # Invariants
//! - `INV-ENTER-1`: the entry points that are called here were resolved by the loader inside the domain's text, and
//!   certified to be of the type that the descriptor gives them (the package's signature vouches for it).

pub(crate) mod native;
pub(crate) mod wasm;

use crate::DomainId;
use core::ptr;
use core::sync::atomic::AtomicPtr;
use spindle_abi::HandlerFn;
use spindle_arch::crossing;
use spindle_dispatcher::{Callee, Crossed, Handler, Strand as _};
use spindle_strands::Strand;

// A stack check reads that far below a stack, and must land in the guard area even at the stack's very end.
const _: () = assert!((spindle_abi::raw::STACK_RESERVE_BYTES as u64) < spindle_mem::GUARD_BYTES);

/// The extension faulted and was abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Faulted;

/// Runs `f` in a crossing on behalf of `domain`.
///
/// If that is abandoned, `f` is left where it is and what it was in the middle of is not dropped: what that owns must be the
/// domain's, or the caller's.
fn inside<F: FnMut()>(strand: &Strand, domain: DomainId, mut f: F) -> Result<(), Faulted> {
    unsafe extern "C" fn call<F: FnMut()>(_closure: *const (), frame: *mut ()) {
        // SAFETY: `inside` passes its own `f`, which nothing else uses meanwhile.
        let f = unsafe { &mut *frame.cast::<F>() };
        f();
    }
    cross(strand, domain, call::<F>, ptr::from_mut(&mut f).cast())
}

/// Crosses into `enter` on behalf of `domain`.
fn cross(strand: &Strand, domain: DomainId, enter: HandlerFn, frame: *mut ()) -> Result<(), Faulted> {
    // SAFETY: called once, below, while `frame` is alive.
    let handler = unsafe { Handler::extension(enter, ptr::null(), domain.into()) };
    let mut binding = Callee::unlisted(handler);
    let source = AtomicPtr::new(ptr::from_mut(&mut binding));
    // SAFETY: the source holds the binding, which outlives the call, and the frame fits `enter`.
    match unsafe { strand.cross(&source, ptr::from_mut(&mut binding), frame) } {
        Crossed::Faulted => Err(Faulted),
        Crossed::Declined => unreachable!("nobody else is in a domain that starts or stops"),
        Crossed::Returned | Crossed::Stale => Ok(()),
    }
}

/// Leaves the extension code that called into the kernel to give up; the raiser goes on.
pub(crate) fn abandon(strand: &Strand) -> ! {
    // SAFETY: the strand is the caller's own, and between here and the node lie only the extension's frames and the
    // procedure that it called, which holds nothing.
    unsafe { crossing::abandon(strand.crossings()) }
}

/// Gives up at once if the domain that control is about to return to was condemned meanwhile.
///
/// Every procedure that raises events calls this when it is done: a raise can come back into the calling domain, and
/// fault there. Costs a load and a test.
pub fn return_to_caller() {
    let strand = spindle_strands::current();
    if strand.innermost().is_some_and(Callee::is_disabled) {
        abandon(strand)
    }
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
