//! In-kernel tests of user programs: what they can do, what they cannot, and that nothing of them stays.

use alloc::format;
use alloc::string::ToString;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use spindle_abi::EventSpec;
use spindle_arch::layout::USER_END;
use spindle_arch::time;
use spindle_dispatcher::{Handler, KernelHandler, install, uninstall};
use spindle_interfaces::trap::SystemCall;
use spindle_kernel_tests::{Failure, Outcome, Test, case, check, check_equal};
use spindle_mem::audit;
use spindle_strands::AllStrands;

use super::extensions::{balanced, both, loaded, unloaded};
use crate::console::Session;
use crate::ramdisk;
use crate::user::{Ended, NullCalls, Process, Report};

pub(super) const TESTS: &[Test] = &[
    case!(a_program_runs_to_its_end_and_gives_everything_back),
    case!(a_program_prints_through_an_extension),
    case!(every_bad_program_is_stopped_and_reported),
    case!(the_prompt_outlives_a_bad_program),
    case!(an_endless_loop_ends_with_its_budget),
    case!(no_register_tells_a_program_anything),
    case!(strange_flags_do_not_reach_the_kernel),
    case!(an_unknown_number_is_answered_and_counted),
    case!(bad_pointers_are_refused),
    case!(the_kernel_can_handle_system_calls_itself),
    case!(a_handler_that_faults_costs_the_extension_not_the_program),
    case!(nothing_of_the_kernel_is_open_to_a_running_program),
    case!(a_hundred_runs_leave_no_trace),
    case!(a_damaged_program_is_refused_or_stopped),
];

const BUDGET_MS: u64 = 5_000;
const NO_SUCH_CALL: u64 = u64::MAX;

/// Programs that do what they may not, the argument that says how, and words of the report.
const BAD: &[(&str, u64, &[&str])] = &[
    ("privileged", 0, &["#GP"]),
    ("privileged", 1, &["#GP"]),
    ("privileged", 2, &["#GP"]),
    ("privileged", 3, &["#GP"]),
    ("privileged", 4, &["#GP"]),
    ("privileged", 5, &["#GP"]),
    // Which of the two depends on who made the processor.
    ("privileged", 6, &["was stopped: #"]),
    ("privileged", 7, &["#UD invalid opcode"]),
    // An emulator may read the stack as the kernel would, which is forbidden as well.
    ("privileged", 8, &["was stopped: #"]),
    ("wild", 0, &["#PF page fault", "on address 0x10 ", "user read, page not present"]),
    ("wild", 1, &["#PF", "on address 0x0 ", "user instruction fetch"]),
    ("wild", 2, &["#GP"]),
    ("wild", 3, &["#PF", "on address 0xffffffff7ffffff8 ", "user write"]),
    ("wild", 4, &["was stopped: #"]),
    ("wild", 5, &["#PF", "on address 0xffff800000000ff8 ", "user write"]),
    ("wild", 6, &["#DB debug"]),
    ("wild", 7, &["#DB debug"]),
    ("wild", 8, &["#DE divide error"]),
    ("wild", 9, &["#UD invalid opcode"]),
    ("kernelread", 0, &["#PF", "on address 0xffffffff80000000 ", "user read"]),
    ("kernelread", 1, &["#PF", "on address 0xffff800000000000 ", "user read, protection"]),
    ("kernelread", 2, &["#PF", "on address 0xffff800000200000 ", "user write, protection"]),
    ("kernelread", 3, &["#PF", "user write"]),
    ("kernelread", 4, &["#PF", "user instruction fetch"]),
    ("kernelread", 5, &["#PF", "user read, protection"]),
    ("kernelread", 6, &["#PF", "user read"]),
    ("execdata", 0, &["#PF", "user instruction fetch, protection"]),
    ("execdata", 1, &["#PF", "user instruction fetch, protection"]),
    ("execdata", 2, &["#PF", "user write, protection"]),
    ("stackrun", 0, &["#PF", "user write, page not present"]),
    ("sse", 0, &["#NM", "no floating point and vector registers"]),
    ("sse", 1, &["#NM"]),
    ("sse", 2, &["#NM"]),
];

fn run_with(name: &str, argument: u64, budget_ms: u64) -> Result<Report, Failure> {
    let elf =
        ramdisk::program(name).ok_or_else(|| Failure(format!("the ramdisk has no program `{name}`")))?;
    let process =
        Process::load(elf, [argument, 0, 0]).map_err(|error| Failure(format!("{name}: {error}")))?;
    Ok(process.run(budget_ms).1)
}

fn run(name: &str, argument: u64) -> Result<Report, Failure> {
    run_with(name, argument, BUDGET_MS)
}

/// The status that the program ends with; fails if it is stopped.
fn status(name: &str, argument: u64) -> Result<u64, Failure> {
    match run(name, argument)?.ended {
        Ended::Exited { status, .. } => Ok(status),
        other => Err(Failure(format!("`{name} {argument}` {other}"))),
    }
}

/// Runs `body` while the kernel itself handles every system call by `H`.
fn while_handled_by<H: KernelHandler<SystemCall>>(body: impl FnOnce() -> Outcome) -> Outcome {
    let event =
        spindle_domain::event("trap.SystemCall").ok_or_else(|| Failure("no such event".to_string()))?;
    let installed = install(event, Handler::kernel::<SystemCall, H>());
    let installed = installed.map_err(|error| Failure(error.to_string()))?;
    let outcome = body();
    let ticket = uninstall(installed).map_err(|(_, error)| Failure(error.to_string()))?;
    ticket.wait(&AllStrands).map_err(|error| Failure(format!("{error:?}")))?;
    outcome
}

fn a_program_runs_to_its_end_and_gives_everything_back() -> Outcome {
    balanced(|| {
        check_equal!(status("call", 99)?, NO_SUCH_CALL);
        Ok(())
    })
}

fn a_program_prints_through_an_extension() -> Outcome {
    let test = |unix: &str| {
        check_equal!(status("hello", 0)?, 1);
        loaded(unix)?;
        check_equal!(status("hello", 0)?, 0);
        unloaded(unix)?;
        check_equal!(status("hello", 0)?, 1);
        Ok(())
    };
    balanced(|| both("unix", test))
}

fn every_bad_program_is_stopped_and_reported() -> Outcome {
    for &(name, argument, expected) in BAD {
        balanced(|| {
            let report = run(name, argument)?.ended.to_string();
            let all_there = expected.iter().all(|words| report.contains(words));
            check!(all_there && report.contains("rip 0x"), "`{name} {argument}` {report}, not {expected:?}");
            Ok(())
        })?;
    }
    Ok(())
}

fn the_prompt_outlives_a_bad_program() -> Outcome {
    let mut session = Session::default();
    balanced(|| {
        for line in [
            "user run wild",
            "user run privileged 1",
            "user run spin --budget 30",
            "user run nobody",
            "user run hello x",
            "user run hello --budget x",
            "user run",
        ] {
            check!(!session.execute(line), "`{line}` succeeded");
            check!(session.execute("uptime"), "after `{line}` nothing works");
        }
        check!(session.execute("user list") && session.execute("user list --json"), "`user list` failed");
        check!(session.execute("user run badcall"), "`user run badcall` failed");
        Ok(())
    })
}

fn an_endless_loop_ends_with_its_budget() -> Outcome {
    for argument in [0, 1] {
        balanced(|| {
            let from = time::now_ns();
            let report = run_with("spin", argument, 100)?;
            let took_ms = (time::now_ns() - from) / 1_000_000;
            check!(matches!(report.ended, Ended::OutOfTime { .. }), "`spin {argument}` {}", report.ended);
            check!((90..2_000).contains(&took_ms), "`spin {argument}` ran for {took_ms} ms");
            Ok(())
        })?;
    }
    Ok(())
}

fn no_register_tells_a_program_anything() -> Outcome {
    check_equal!(status("registers", 0)?, 0);
    while_handled_by::<NullCalls>(|| {
        check_equal!(status("registers", 0)?, 0);
        Ok(())
    })
}

fn strange_flags_do_not_reach_the_kernel() -> Outcome {
    while_handled_by::<NullCalls>(|| {
        check_equal!(status("flags", 0)?, 0);
        Ok(())
    })
}

fn an_unknown_number_is_answered_and_counted() -> Outcome {
    balanced(|| {
        let report = run("badcall", 0)?;
        check!(matches!(report.ended, Ended::Exited { status: 0, .. }), "`badcall` {}", report.ended);
        check_equal!((report.unanswered, report.first_unanswered), (4, 99));
        loaded("unix")?;
        check_equal!(run("badcall", 0)?.unanswered, 4);
        unloaded("unix")
    })
}

fn bad_pointers_are_refused() -> Outcome {
    let test = |unix: &str| {
        loaded(unix)?;
        check_equal!(status("badptr", 0)?, 0);
        unloaded(unix)
    };
    balanced(|| both("unix", test))
}

fn the_kernel_can_handle_system_calls_itself() -> Outcome {
    balanced(|| {
        while_handled_by::<NullCalls>(|| {
            check_equal!(status("call", 99)?, 0);
            check_equal!(run("badcall", 0)?.unanswered, 0);
            Ok(())
        })
    })
}

fn a_handler_that_faults_costs_the_extension_not_the_program() -> Outcome {
    let test = |faulty: &str| {
        loaded(faulty)?;
        check_equal!(status("call", 666)?, NO_SUCH_CALL);
        check!(spindle_domain::info(faulty).is_none(), "it is still loaded");
        check_equal!(status("call", 666)?, NO_SUCH_CALL);
        Ok(())
    };
    balanced(|| both("faulty", test))?;
    let log = crate::logging::kept();
    check!(log.contains("told to panic by a user program"), "the log does not say why");
    check!(log.contains("handling trap.SystemCall"), "the log does not say where");
    Ok(())
}

/// What the audit below found, while a program was in a system call.
static OPEN_IN_KERNEL: AtomicUsize = AtomicUsize::new(0);
static WRITABLE_AND_EXECUTABLE: AtomicUsize = AtomicUsize::new(0);
static OF_THE_PROGRAM: AtomicUsize = AtomicUsize::new(0);

/// Looks at all mappings of the address space that is active.
struct Audit;

impl KernelHandler<SystemCall> for Audit {
    fn handle(_frame: &mut <SystemCall as EventSpec>::Frame<'_>) {
        audit::walk(|mapping| {
            let in_lower_half = mapping.start < USER_END;
            OPEN_IN_KERNEL.fetch_add(usize::from(mapping.user && !in_lower_half), Relaxed);
            OF_THE_PROGRAM.fetch_add(usize::from(mapping.user && in_lower_half), Relaxed);
            WRITABLE_AND_EXECUTABLE.fetch_add(usize::from(mapping.writable && mapping.executable), Relaxed);
        });
    }
}

fn nothing_of_the_kernel_is_open_to_a_running_program() -> Outcome {
    while_handled_by::<Audit>(|| {
        run("call", 1)?;
        check_equal!(OPEN_IN_KERNEL.load(Relaxed), 0);
        check_equal!(WRITABLE_AND_EXECUTABLE.load(Relaxed), 0);
        let pages = OF_THE_PROGRAM.load(Relaxed);
        check!((17..100).contains(&pages), "the program has {pages} pages");
        Ok(())
    })?;
    let mut left = 0;
    audit::walk(|mapping| left += usize::from(mapping.start < USER_END));
    check_equal!(left, 0);
    Ok(())
}

fn a_hundred_runs_leave_no_trace() -> Outcome {
    balanced(|| {
        for round in 0..100 {
            let (name, argument) = [("call", 3), ("wild", 0), ("stackrun", 0), ("badcall", 0)][round % 4];
            run(name, argument)?;
        }
        Ok(())
    })
}

fn a_damaged_program_is_refused_or_stopped() -> Outcome {
    let whole = ramdisk::program("hello").ok_or_else(|| Failure("no program `hello`".to_string()))?;
    let mut bytes = whole.to_vec();
    balanced(|| {
        for length in (0..whole.len()).step_by(7) {
            drop(Process::load(&whole[..length], [0; 3]).map(|process| process.run(20)));
        }
        Ok(())
    })?;
    balanced(|| {
        for sample in 0..128 {
            let bit = sample * (whole.len() * 8 / 128) + sample % 8;
            bytes[bit / 8] ^= 1 << (bit % 8);
            drop(Process::load(&bytes, [0; 3]).map(|process| process.run(20)));
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        Ok(())
    })
}
