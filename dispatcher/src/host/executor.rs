//! Threads that deliver, and how a raise wakes them.
//!
//! # Invariants
//! - `INV-HOST-4`: work that was announced is found: `wake` sets the word and then unparks every listed thread, a
//!   thread clears the word before it looks for work and reads it before it parks, and whoever keeps `wake` from
//!   reading the list unparks all afterwards.
//!
//! # Locking
//! The list of threads is locked by whoever starts or stops one. A raise only tries to read it.

use super::HostStrand;
use core::sync::atomic::{AtomicBool, Ordering};
use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::{self, JoinHandle, Thread};
use std::vec::Vec;

/// How many frames a thread delivers before it looks whether it is to stop.
const BATCH: usize = 64;

/// Something was queued since a thread last began to look.
static IS_WORK_ANNOUNCED: AtomicBool = AtomicBool::new(false);

static LIST: RwLock<Vec<Thread>> = RwLock::new(Vec::new());

/// All threads that deliver, as raises know them.
pub(crate) static THREADS: Threads = Threads;

/// See [`THREADS`].
#[derive(Debug)]
pub(crate) struct Threads;

/// A thread that runs what was raised asynchronously; it ends when this is dropped.
///
/// Several may run; what waits for one binding is delivered by one of them at a time, in order. What waits when the
/// last one ends stays in its queue.
#[derive(Debug)]
#[must_use = "it stops when it is dropped"]
pub struct Executor {
    is_to_stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Executor {
    /// Starts a thread.
    ///
    /// # Errors
    /// What the operating system says if it cannot make one.
    pub fn start() -> io::Result<Self> {
        let is_to_stop = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&is_to_stop);
        let thread = thread::Builder::new().name("spindle executor".into()).spawn(move || run(&stop))?;
        change_list(|list| list.push(thread.thread().clone()));
        Ok(Self { is_to_stop, thread: Some(thread) })
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        let id = thread.thread().id();
        change_list(|list| list.retain(|listed| listed.id() != id));
        self.is_to_stop.store(true, Ordering::Release);
        thread.thread().unpark();
        // A handler may drop the executor that runs it; it ends once the handler has returned.
        if id != thread::current().id() {
            thread.join().expect("whatever panics while it delivers ends the process");
        }
    }
}

impl crate::Executor for Threads {
    fn wake(&self) {
        if !IS_WORK_ANNOUNCED.swap(true, Ordering::AcqRel) {
            // Where this fails, somebody is changing the list and will wake them all.
            if let Ok(list) = LIST.try_read() {
                list.iter().for_each(Thread::unpark);
            }
        }
    }

    /// Waits for the threads. Impossible without any, and on a strand that delivers: they might wait for one
    /// another.
    fn make_room(&self) -> bool {
        let nobody_delivers = LIST.try_read().is_ok_and(|list| list.is_empty());
        if nobody_delivers || HostStrand::with_current(HostStrand::is_delivering) {
            return false;
        }
        thread::yield_now();
        true
    }
}

/// Delivers until it is to stop.
fn run(is_to_stop: &AtomicBool) {
    while !is_to_stop.load(Ordering::Acquire) {
        IS_WORK_ANNOUNCED.swap(false, Ordering::AcqRel);
        let delivered = HostStrand::with_current(|strand| crate::deliver(strand, BATCH));
        if delivered < BATCH && !IS_WORK_ANNOUNCED.load(Ordering::Acquire) {
            thread::park();
        }
    }
}

/// Changes the list of threads, and wakes all, since nobody else could meanwhile.
fn change_list(change: impl FnOnce(&mut Vec<Thread>)) {
    change(&mut LIST.write().unwrap_or_else(PoisonError::into_inner));
    LIST.read().unwrap_or_else(PoisonError::into_inner).iter().for_each(Thread::unpark);
}
