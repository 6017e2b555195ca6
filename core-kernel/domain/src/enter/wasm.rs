//! Entering Wasm code: the engine, run in the domain's crossing and on the domain's heap.
//!
//! ```text
//!  raise ── crossing ──> enter ── domain's heap in force ──> engine ──> the module's handler
//!                                                              │
//!  kernel procedure <── kernel heap in force <── call_kernel <─┘
//!        └── on return: condemned meanwhile? then to the crossing, and no more of the engine
//! ```
//!
//! # Invariants
//! - `INV-ENTER-2`: an engine and everything that it made lie in the domain's heap, which outlives every binding and
//!   node of the domain. Nothing of it is ever dropped piece by piece: the heap goes whole.
//! - `INV-ENTER-3`: an engine that was abandoned is never entered again: abandoning condemns the domain.

use super::{Faulted, inside, return_to_caller};
use crate::heap::EngineHeap;
use crate::{DomainId, fault};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};
use core::ptr::NonNull;
use spindle_abi::frame::FramedFn;
use spindle_abi::raw::stack_probe;
use spindle_abi::{Export, GuardCall, Status};
use spindle_dispatcher::{Guard, Handler, InstallError};
use spindle_mem::heap;
use spindle_strands::Strand;
use spindle_wasm::{Chain, Import, Instance, Limits, Row};

/// A Wasm module about to become an engine's instance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) imports: &'a [&'static Export],
    pub(crate) rows: &'a [Row],
    pub(crate) limits: Limits,
}

/// An instance with its engine, and the heap that both lie in (INV-ENTER-2).
#[derive(Clone, Copy, Debug)]
struct Machine {
    heap: NonNull<EngineHeap>,
    instance: NonNull<Instance>,
}

/// What enters a module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Engine {
    machine: Machine,
    /// One for each row, in the order of the manifest.
    entries: NonNull<Entry>,
}

/// What the binding of a row has as its closure.
#[derive(Debug)]
struct Entry {
    machine: Machine,
    row: usize,
}

impl Machine {
    /// Has the engine work on the domain's heap; a fault of the module ends the crossing.
    #[inline(always)]
    fn work<R>(self, f: impl FnOnce(&Instance) -> Result<R, spindle_wasm::Error>) -> R {
        // SAFETY: INV-ENTER-2.
        let heap = unsafe { self.heap.as_ref() };
        // SAFETY: INV-ENTER-2.
        let instance = unsafe { self.instance.as_ref() };
        match on(heap, || f(instance)) {
            Ok(result) => result,
            Err(spindle_wasm::Error::Busy) => fault::declined(),
            Err(error) => fault::trapped(&error),
        }
    }
}

impl Engine {
    /// Validates, compiles and instantiates `module` on `heap`, or says why not.
    pub(crate) fn new(
        strand: &Strand,
        domain: DomainId,
        heap: &EngineHeap,
        module: Module<'_>,
    ) -> Result<Result<Self, String>, Faulted> {
        // What `build` leaves on the kernel's heap is ours, also if it is abandoned.
        let (mut made, mut wrong) = (None, String::new());
        inside(strand, domain, || made = Some(on(heap, || build(heap, module, &mut wrong))))?;
        Ok(made.expect("it was not abandoned, so it returned"))
    }

    /// Starts the extension.
    pub(crate) fn start(self, strand: &Strand, domain: DomainId) -> Result<Result<(), Status>, Faulted> {
        let mut status = Status::OK;
        inside(strand, domain, || {
            status = self.machine.work(|instance| instance.start(chain(strand)));
        })?;
        Ok(if status.is_ok() { Ok(()) } else { Err(status) })
    }

    /// Stops the extension.
    pub(crate) fn stop(self, strand: &Strand, domain: DomainId) -> Result<(), Faulted> {
        inside(strand, domain, || self.machine.work(|instance| instance.stop(chain(strand))))
    }

    /// The handler or result handler at row `index` of `domain`.
    ///
    /// # Safety
    /// The module has such a row of that number, for the event that the result is then installed on; the domain's heap
    /// stays until the binding's ticket was waited for.
    pub(crate) unsafe fn handler(self, index: usize, domain: DomainId) -> Handler {
        // SAFETY: one entry was made for each handler.
        let closure = unsafe { self.entries.add(index) };
        // SAFETY: `enter` takes an entry, and the caller's promise.
        unsafe { Handler::extension(enter, closure.as_ptr().cast_const().cast(), domain.into()) }
    }

    /// The guard at row `index` of `domain`.
    ///
    /// # Safety
    /// As for [`Self::handler`], about every binding that it guards.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub(crate) unsafe fn guard(self, index: usize, domain: DomainId) -> Result<Guard, InstallError> {
        // SAFETY: one entry was made for each row.
        let closure = unsafe { self.entries.add(index) };
        // SAFETY: `ask` takes an entry, and the caller's promise.
        unsafe { Guard::extension(ask, closure.as_ptr().cast_const().cast(), domain.into()) }
    }
}

/// Runs kernel code that works for the domain of `heap` alone.
#[inline(always)]
fn on<R>(heap: &EngineHeap, f: impl FnOnce() -> R) -> R {
    heap::within(Some(heap), f)
}

fn chain(strand: &Strand) -> Chain {
    Chain(NonNull::from(strand).addr())
}

/// Where a raise enters a Wasm handler.
///
/// # Safety
/// As for any `HandlerFn`: `closure` is an [`Entry`] of a domain that is alive, `frame` one of its handler's event.
unsafe extern "C" fn enter(closure: *const (), frame: *mut ()) {
    // SAFETY: the caller's promise.
    let entry = unsafe { &*closure.cast::<Entry>() };
    let chain = chain(spindle_strands::current());
    // SAFETY: the caller's promise about the frame.
    entry.machine.work(|instance| unsafe { instance.enter(chain, entry.row, frame) });
}

/// Where a raise asks a Wasm guard.
///
/// # Safety
/// As for any `HandlerFn`: `closure` is an [`Entry`] of a domain that is alive, `frame` a [`GuardCall`] about a frame of its
/// guard's event.
unsafe extern "C" fn ask(closure: *const (), frame: *mut ()) {
    // SAFETY: the caller's promise.
    let entry = unsafe { &*closure.cast::<Entry>() };
    // SAFETY: the caller's promise.
    let call = unsafe { &mut *frame.cast::<GuardCall>() };
    let chain = chain(spindle_strands::current());
    // SAFETY: the caller's promise about the frame.
    let holds = entry.machine.work(|instance| unsafe { instance.ask(chain, entry.row, call.frame) });
    call.holds = holds.into();
}

/// How the engine calls a procedure of the kernel: on the kernel's heap, and back only into a living domain.
///
/// # Safety
/// As for `call`.
unsafe fn call_kernel(call: FramedFn, frame: *mut ()) {
    // A framed entry does not look at the stack itself: a fault here is the calling domain's, one in it the kernel's.
    stack_probe();
    // SAFETY: the caller's promise.
    heap::within(None, || unsafe { call(frame) });
    return_to_caller();
}

/// Everything that an instance needs, made on the domain's heap; what is wrong is said on the kernel's, in `wrong`, of
/// which there is little (INV-WASM-5).
fn build(heap: &EngineHeap, module: Module<'_>, wrong: &mut String) -> Result<Engine, String> {
    let imports: Vec<Import> = module.imports.iter().map(|export| Import::from(*export)).collect();
    let mut report = |line: fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = heap::within(None, || write!(wrong, "\n  {line}"));
    };
    let made = Instance::new(module.bytes, &imports, module.rows, module.limits, call_kernel, &mut report);
    let instance = made.map_err(|error| heap::within(None, || format!("{error}{wrong}")))?;
    let machine = Machine { heap: NonNull::from(heap), instance: NonNull::from(Box::leak(instance)) };
    let entries = (0..module.rows.len()).map(|row| Entry { machine, row });
    let entries = NonNull::from(Vec::leak(entries.collect())).cast();
    Ok(Engine { machine, entries })
}
