//! Where the kernel enters an extension of either kind, but for its handlers.
//!
//! *Invariants.* `INV-SDK-1`: the closure that `stop` is given is the one that `start` wrote, once, with no
//! handler running (the kernel's part).
#![allow(unsafe_code, reason = "raw pointers at the border to the kernel")]

use alloc::boxed::Box;

use spindle_abi::descriptor::ABI_VERSION;
use spindle_abi::{ExtensionDescriptor, HandlerFn, Status};

use crate::Extension;

/// The descriptor of `E`, whose handlers are entered at `handlers`.
pub const fn descriptor<E: Extension>(handlers: &'static [HandlerFn]) -> ExtensionDescriptor {
    ExtensionDescriptor {
        abi_version: ABI_VERSION,
        handler_count: handlers.len() as u32,
        start: start::<E>,
        stop: stop::<E>,
        handlers: handlers.as_ptr(),
    }
}

/// # Safety
/// `out` is valid for a write.
unsafe extern "C" fn start<E: Extension>(out: *mut *const ()) -> u32 {
    let state = match E::start() {
        Ok(state) => Box::new(state),
        // A failed start must not look like a started extension.
        Err(status) if status.is_ok() => return Status::FAILED.code(),
        Err(status) => return status.code(),
    };
    let closure = Box::into_raw(state).cast_const().cast();
    // SAFETY: the caller's promise about `out`.
    unsafe { out.write(closure) };
    Status::OK.code()
}

/// # Safety
/// INV-SDK-1.
unsafe extern "C" fn stop<E: Extension>(closure: *const ()) {
    // SAFETY: INV-SDK-1: `start::<E>` made it from a box, and nothing else uses it now.
    let state = unsafe { Box::from_raw(closure.cast_mut().cast::<E>()) };
    state.stop();
}
