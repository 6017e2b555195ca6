//! In-kernel tests of what extensions may bind to, and what that does: interposing, imposing, folding, being late.
//!
//! Each is done with the native and with the Wasm kind of an extension, and ends with the books balanced.

use alloc::vec::Vec;

use spindle_abi::Status;
use spindle_arch::time;
use spindle_dispatcher::{Counters, Entry, What, recorded};
use spindle_interfaces::health::Report;
use spindle_kernel_tests::{Failure, Outcome, Test, case, check, check_equal};

use super::extensions::{balanced, both, is_reported, is_reported_as, loaded, unloaded};
use crate::console::Session;
use crate::events;

pub(super) const TESTS: &[Test] = &[
    case!(an_interposing_handler_sees_every_line_and_can_veto_it),
    case!(a_command_runs_after_the_raise_that_named_it),
    case!(an_interposing_handler_that_faults_does_not_stop_the_line),
    case!(a_guard_that_faults_holds_nobody_back_for_long),
    case!(an_imposed_guard_limits_handlers_of_others_until_it_is_lifted),
    case!(a_result_handler_folds_what_everybody_answers),
    case!(a_result_handler_is_there_once),
    case!(a_fault_in_an_asynchronous_handler_is_settled_like_any_other),
    case!(who_is_late_for_interrupts_misses_the_oldest),
    case!(times_are_taken_while_they_are_switched_on),
    case!(the_flight_recorder_notes_every_raise_while_it_is_switched_on),
];

/// What was counted at the binding that extension `owner` has on `event`.
fn counters(event: &str, owner: &str) -> Result<Counters, Failure> {
    let missing = || Failure(alloc::format!("{owner} has no binding on {event}"));
    let domain = spindle_domain::info(owner).ok_or_else(missing)?.id;
    let mut found = None;
    let event = spindle_domain::event(event).ok_or_else(missing)?;
    event.for_each_binding(spindle_strands::current(), |binding| {
        if binding.owner() == domain.into() {
            found = Some(binding.counters());
        }
    });
    found.ok_or_else(missing)
}

fn an_interposing_handler_sees_every_line_and_can_veto_it() -> Outcome {
    let test = |name: &str| {
        let mut session = Session::default();
        loaded(name)?;
        check!(session.execute("uptime"), "`uptime` failed before");
        check!(session.execute("logger forbid uptime"), "`logger forbid` failed");
        check!(!session.execute("uptime"), "`uptime` was not vetoed");
        check!(session.execute("mem"), "`mem` was vetoed");
        check!(session.execute("logger allow uptime"), "`logger allow` failed");
        check!(session.execute("uptime"), "`uptime` failed after");
        check!(!session.execute("nosuchcommand"), "a line that nobody answers succeeded");
        unloaded(name)
    };
    balanced(|| both("logger", test))
}

/// `ext unload` waits for raises to end, so it could not run inside one.
fn a_command_runs_after_the_raise_that_named_it() -> Outcome {
    let test = |name: &str| {
        let mut session = Session::default();
        check!(session.execute(&alloc::format!("ext load {name}")), "not loaded");
        check!(session.execute(&alloc::format!("ext unload {name}")), "not unloaded");
        check!(spindle_domain::info(name).is_none(), "still there");
        Ok(())
    };
    balanced(|| both("logger", test))
}

fn an_interposing_handler_that_faults_does_not_stop_the_line() -> Outcome {
    let test = |name: &str| {
        loaded(name)?;
        check_equal!(events::command("faulty", "next"), Ok(Status::OK));
        check!(Session::default().execute("uptime"), "the line was stopped");
        check!(spindle_domain::info(name).is_none(), "still loaded");
        is_reported(name, "next", "handling console.Command")
    };
    balanced(|| both("faulty", test))
}

fn an_imposed_guard_limits_handlers_of_others_until_it_is_lifted() -> Outcome {
    let ran = |expected: Counters| -> Outcome {
        let Counters { calls, rejections, .. } = counters("clock.Tick", "ticker")?;
        check_equal!((calls, rejections), (expected.calls, expected.rejections));
        Ok(())
    };
    let counted = |calls, rejections| Counters { calls, rejections, ..Counters::default() };
    let test = |name: &str| {
        loaded("ticker")?;
        (0..2).for_each(|_| events::tick(1));
        ran(counted(2, 0))?;
        loaded(name)?;
        check_equal!(events::command("limiter", "3"), Ok(Status::OK));
        (0..10).for_each(|_| events::tick(1));
        ran(counted(5, 7))?;
        events::tick(1_000_000_000);
        ran(counted(6, 7))?;
        unloaded(name)?;
        (0..10).for_each(|_| events::tick(1_000_000_000));
        ran(counted(16, 7))?;
        // Who comes later is limited too.
        unloaded("ticker")?;
        loaded(name)?;
        loaded("ticker")?;
        (0..20).for_each(|_| events::tick(1));
        ran(counted(10, 10))?;
        unloaded("ticker")?;
        unloaded(name)
    };
    balanced(|| both("limiter", test))
}

/// A guard that faults does not hold; with its extension it is gone before the next raise.
fn a_guard_that_faults_holds_nobody_back_for_long() -> Outcome {
    let test = |name: &str| {
        loaded("ticker")?;
        loaded(name)?;
        events::tick(1);
        check_equal!(events::command("faulty", "tick"), Ok(Status::OK));
        events::tick(1);
        check!(spindle_domain::info(name).is_none(), "still loaded");
        is_reported_as(name, "guarding clock.Tick", "told to panic in a guard")?;
        events::tick(1);
        let Counters { calls, rejections, .. } = counters("clock.Tick", "ticker")?;
        check_equal!((calls, rejections), (2, 1));
        unloaded("ticker")
    };
    balanced(|| both("faulty", test))
}

fn a_result_handler_folds_what_everybody_answers() -> Outcome {
    let asked = |report: Report| report.fine + report.strained + report.failing;
    let test = |name: &str| {
        loaded("logger")?;
        loaded("limiter")?;
        check_equal!(events::check_health().map(asked), Ok(1));
        loaded(name)?;
        check_equal!(events::check_health().map(asked), Ok(3));
        unloaded("limiter")?;
        check_equal!(events::check_health().map(asked), Ok(2));
        unloaded(name)?;
        check_equal!(events::check_health().map(asked), Ok(1));
        unloaded("logger")
    };
    balanced(|| both("tally", test))
}

fn a_result_handler_is_there_once() -> Outcome {
    let test = |(first, second): (&str, &str)| {
        loaded(first)?;
        let Err(Failure(why)) = loaded(second) else {
            check!(false, "{second} is loaded beside {first}");
            return Ok(());
        };
        check!(why.contains("health.Check: the event has a result handler already"), "{why}");
        unloaded(first)
    };
    balanced(|| {
        test(("tally", "tally.wasm"))?;
        test(("tally.wasm", "tally"))
    })
}

/// Runs for as long as a few timer interrupts take.
fn a_few_interrupts() {
    let until = time::ticks() + 3;
    while time::ticks() < until {
        core::hint::spin_loop();
    }
}

fn a_fault_in_an_asynchronous_handler_is_settled_like_any_other() -> Outcome {
    let test = |name: &str| {
        loaded(name)?;
        check_equal!(events::command("faulty", "later"), Ok(Status::OK));
        a_few_interrupts();
        events::settle();
        check!(spindle_domain::info(name).is_none(), "still loaded");
        is_reported(name, "later", "handling clock.Interrupt")
    };
    balanced(|| both("faulty", test))
}

fn who_is_late_for_interrupts_misses_the_oldest() -> Outcome {
    let test = |name: &str| {
        loaded(name)?;
        let from = time::ticks();
        while time::ticks() < from + 20 {
            core::hint::spin_loop();
        }
        events::settle();
        let Counters { calls, drops, .. } = counters("clock.Interrupt", name)?;
        check!(calls >= 16 && drops >= 3, "it was called {calls} times, and missed {drops}");
        unloaded(name)
    };
    balanced(|| both("faulty", test))
}

fn times_are_taken_while_they_are_switched_on() -> Outcome {
    let test = |name: &str| {
        let mut session = Session::default();
        loaded(name)?;
        events::tick(1);
        check_equal!(counters("clock.Tick", name)?.total_time, 0);
        check!(session.execute("event times on"), "they are not switched on");
        events::tick(1);
        check!(session.execute("event times off"), "they are not switched off");
        let Counters { calls, total_time, longest_time, .. } = counters("clock.Tick", name)?;
        check!(total_time > 0 && longest_time == total_time, "{total_time} in all, {longest_time} at most");
        check_equal!(calls, 2);
        unloaded(name)
    };
    balanced(|| both("ticker", test))
}

fn the_flight_recorder_notes_every_raise_while_it_is_switched_on() -> Outcome {
    let test = |name: &str| {
        let mut session = Session::default();
        loaded(name)?;
        let owner = spindle_domain::info(name).map(|info| info.id.into());
        let ran = |entry: &Entry| entry.what == What::Ran && Some(entry.owner) == owner;
        events::tick(1);
        check!(!recorded().any(|entry| ran(&entry)), "it is noted while nobody wants it");
        check!(session.execute("trace on"), "not switched on");
        (0..3).for_each(|_| events::tick(1));
        check!(session.execute("trace") && session.execute("trace off"), "not shown, or not switched off");
        events::tick(1);
        let noted: Vec<&str> = recorded().filter(ran).map(|entry| entry.event.declaration().name).collect();
        check_equal!(noted, ["clock.Tick"; 3]);
        unloaded(name)
    };
    balanced(|| both("ticker", test))
}
