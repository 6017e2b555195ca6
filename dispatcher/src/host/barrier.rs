//! The fence between a raise that marks and a writer that looks for marks.
//!
//! # Concepts
//! Either side stores first and then reads what the other has stored, so both need a full fence in between. Linux
//! lets the writer run the fence of every thread (`membarrier`), so that a raise has to keep only the compiler in
//! order. Elsewhere both sides fence. Which of the two, is decided once, when the first strand is made.

use core::sync::atomic::{Ordering, fence};
use std::sync::OnceLock;

/// Whether raises have to fence for themselves.
pub(super) fn is_symmetric() -> bool {
    static IS_SYMMETRIC: OnceLock<bool> = OnceLock::new();
    *IS_SYMMETRIC.get_or_init(|| !register())
}

/// The writer's fence, and those of all threads that do not fence for themselves.
pub(super) fn wait_for_all() {
    fence(Ordering::SeqCst);
    if !is_symmetric() {
        run_everywhere();
    }
}

/// Announces that the process will want its threads' fences run; `false` if this system cannot.
#[cfg(target_os = "linux")]
fn register() -> bool {
    rustix::thread::membarrier(rustix::thread::MembarrierCommand::RegisterPrivateExpedited).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn register() -> bool {
    false
}

#[cfg(target_os = "linux")]
fn run_everywhere() {
    rustix::thread::membarrier(rustix::thread::MembarrierCommand::PrivateExpedited)
        .expect("the process is registered, which is all that can be missing");
}

#[cfg(not(target_os = "linux"))]
fn run_everywhere() {
    unreachable!("where nothing was registered, every thread fences for itself");
}
