//! Locks and interrupts: off while any lock is held, back when the last one goes, in whatever order.

use crate::{Outcome, Test, case, check};
use spindle_arch::lock::Lock;
use spindle_arch::{interrupts, serial, time};

pub(crate) const TESTS: &[Test] = &[
    case!(interrupts_are_on_outside_locks),
    case!(interrupts_come_back_with_the_last_lock),
    case!(a_lock_taken_with_interrupts_off_leaves_them_off),
    case!(a_held_lock_is_not_taken_twice),
    case!(input_that_waits_when_interrupts_start_is_not_lost),
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

/// A byte that came before the controller was set up once left the line high for good, without an edge.
fn input_that_waits_when_interrupts_start_is_not_lost() -> Outcome {
    while serial::take_byte().is_some() {}
    interrupts::restart_with_input_waiting(b'!');
    let from = time::now_ns();
    while serial::input_is_empty() && time::now_ns() - from < 1_000_000_000 {}
    check!(serial::take_byte() == Some(b'!'), "nothing arrived");
    Ok(())
}

fn check_off() -> Outcome {
    check!(!interrupts::are_enabled(), "interrupts are on");
    Ok(())
}
