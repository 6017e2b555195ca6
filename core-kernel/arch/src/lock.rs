//! The kernel's one kind of lock: spins between processors, keeps interrupts off on its own.
//!
//! *Locking*: never held across a crossing; an interrupt handler takes none. Interrupts come back when the
//! last lock that the processor holds is released, in whatever order the locks are.

use crate::cpu;
use core::sync::atomic::{AtomicBool, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use lock_api::GuardNoSend;
use x86_64::instructions::interrupts;

/// The lock without its data, also for library types that want a `RawMutex`.
#[derive(Debug)]
pub struct RawLock(AtomicBool);

/// Data that one party at a time may use, with interrupts off.
pub type Lock<T> = lock_api::Mutex<RawLock, T>;

/// The right to use the data of a [`Lock`], until dropped.
pub type LockGuard<'a, T> = lock_api::MutexGuard<'a, RawLock, T>;

// SAFETY: `0` goes from false to true for one caller only (compare_exchange with Acquire) and back in
// `unlock` (Release); interrupts are off in between, so no handler on this processor can wait for it.
unsafe impl lock_api::RawMutex for RawLock {
    #[allow(clippy::declare_interior_mutable_const, reason = "the trait asks for an initial value")]
    const INIT: Self = Self(AtomicBool::new(false));
    /// A guard stays on its processor: the count of locks is that processor's.
    type GuardMarker = GuardNoSend;

    fn lock(&self) {
        while !self.try_lock() {
            while self.0.load(Relaxed) {
                core::hint::spin_loop();
            }
        }
    }

    fn try_lock(&self) -> bool {
        interrupts_off();
        let taken = self.0.compare_exchange(false, true, Acquire, Relaxed).is_ok();
        if !taken {
            interrupts_back();
        }
        taken
    }

    unsafe fn unlock(&self) {
        self.0.store(false, Release);
        interrupts_back();
    }
}

/// Whether this processor holds a lock: then a fault is the kernel's own, whoever it works for.
pub fn any_is_held() -> bool {
    cpu::HAS_RECORD && cpu::this().locks_held.load(Relaxed) > 0
}

fn interrupts_off() {
    if !cpu::HAS_RECORD {
        return;
    }
    let were_on = interrupts::are_enabled();
    interrupts::disable();
    let cpu = cpu::this();
    let held = cpu.locks_held.load(Relaxed);
    if held == 0 {
        cpu.restore_interrupts.store(were_on, Relaxed);
    }
    cpu.locks_held.store(held + 1, Relaxed);
}

fn interrupts_back() {
    if !cpu::HAS_RECORD {
        return;
    }
    let cpu = cpu::this();
    let held = cpu.locks_held.load(Relaxed) - 1;
    cpu.locks_held.store(held, Relaxed);
    if held == 0 && cpu.restore_interrupts.load(Relaxed) {
        interrupts::enable();
    }
}
