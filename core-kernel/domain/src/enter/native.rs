//! Entering native code: start, stop, and the handlers of a mapped object.

use super::{Faulted, inside};
use crate::DomainId;
use core::ptr;
use spindle_abi::{HandlerFn, Status};
use spindle_dispatcher::{Guard, Handler, InstallError};
use spindle_strands::Strand;

/// What `start` of an extension is: it writes its state's address and returns a status code.
type StartFn = unsafe extern "C" fn(out: *mut *const ()) -> u32;
/// What `stop` of an extension is.
type StopFn = unsafe extern "C" fn(closure: *const ());

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

    /// Starts the extension; returns its state's address, or the status that it failed with.
    pub(crate) fn start(
        self,
        strand: &Strand,
        domain: DomainId,
    ) -> Result<Result<*const (), Status>, Faulted> {
        let (mut closure, mut code) = (ptr::null(), 0);
        // SAFETY: INV-ENTER-1; the address is that of a local.
        inside(strand, domain, || code = unsafe { (self.start)(&mut closure) })?;
        let status = Status::new(code);
        Ok(if status.is_ok() { Ok(closure) } else { Err(status) })
    }

    /// Stops the extension, whose state is at `closure`.
    pub(crate) fn stop(self, strand: &Strand, domain: DomainId, closure: *const ()) -> Result<(), Faulted> {
        // SAFETY: INV-ENTER-1; the closure is what `start` of the same domain wrote.
        inside(strand, domain, || unsafe { (self.stop)(closure) })
    }
}

/// A handler of `domain` at the address that the loader resolved.
///
/// # Safety
/// INV-ENTER-1, for the event that the handler is then installed on; `closure` is what `start` wrote; both stay
/// until the binding's ticket was waited for.
pub(crate) unsafe fn handler(enter: u64, closure: *const (), domain: DomainId) -> Handler {
    // SAFETY: the caller's promise.
    let enter = unsafe { entry(enter) };
    // SAFETY: the caller's promise.
    unsafe { Handler::extension(enter, closure, domain.into()) }
}

/// A guard of `domain` at the address that the loader resolved.
///
/// # Safety
/// As for [`handler`], about every binding that it guards.
///
/// # Errors
/// [`InstallError::OutOfMemory`]
pub(crate) unsafe fn guard(enter: u64, closure: *const (), domain: DomainId) -> Result<Guard, InstallError> {
    // SAFETY: the caller's promise.
    let enter = unsafe { entry(enter) };
    // SAFETY: the caller's promise.
    unsafe { Guard::extension(enter, closure, domain.into()) }
}

/// # Safety
/// INV-ENTER-1.
unsafe fn entry(address: u64) -> HandlerFn {
    // SAFETY: a code address in the kernel's own address space; the caller vouches for its type.
    unsafe { core::mem::transmute::<usize, HandlerFn>(address as usize) }
}
