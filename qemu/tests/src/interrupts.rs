//! Locks and interrupts: off while any lock is held, back when the last one goes, in whatever order.

use crate::{Outcome, Test, case, check};
use spindle_arch::interrupts;
use spindle_arch::lock::Lock;

pub(crate) const TESTS: &[Test] = &[
    case!(interrupts_are_on_outside_locks),
    case!(interrupts_come_back_with_the_last_lock),
    case!(a_lock_taken_with_interrupts_off_leaves_them_off),
    case!(a_held_lock_is_not_taken_twice),
];

fn interrupts_are_on_outside_locks() -> Outcome {
    check!(interrupts::are_enabled(), "they are off");
    interrupts::without(check_off)?;
    check!(interrupts::are_enabled(), "they are off after `without`");
    Ok(())
}

fn interrupts_come_back_with_the_last_lock() -> Outcome {
    let (a, b) = (Lock::new(1), Lock::new(2));
    let (first, second) = (a.lock(), b.lock());
    check_off()?;
    drop(first);
    check_off()?;
    drop(second);
    check!(interrupts::are_enabled(), "no lock is held, and they are off");
    Ok(())
}

fn a_lock_taken_with_interrupts_off_leaves_them_off() -> Outcome {
    interrupts::disable();
    drop(Lock::new(()).lock());
    let outcome = check_off();
    interrupts::enable();
    outcome
}

fn a_held_lock_is_not_taken_twice() -> Outcome {
    let lock = Lock::new(5);
    let held = lock.lock();
    check!(lock.try_lock().is_none(), "two have it");
    check_off()?;
    drop(held);
    check!(interrupts::are_enabled(), "a refused attempt was counted");
    check!(lock.try_lock().is_some_and(|value| *value == 5), "nobody has it, and it is refused");
    Ok(())
}

fn check_off() -> Outcome {
    check!(!interrupts::are_enabled(), "interrupts are on");
    Ok(())
}
