//! In-kernel tests of extensions from the ramdisk: loaded, called, unloaded, broken, and refused.
//!
//! Each ends with the books balanced: what memory everybody held before, everybody holds after. What an extension does
//! is tested for both kinds of it, native and Wasm, by the same test ([`both`]).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use spindle_abi::Status;
use spindle_dispatcher::RaiseError;
use spindle_domain::{LoadError, UnloadError, load, unload};
use spindle_kernel_tests::{Failure, Outcome, Test, case, check, check_equal};
use spindle_mem::usage;

use crate::{events, ramdisk};

pub(super) const TESTS: &[Test] = &[
    case!(both_kinds_of_an_extension_work_side_by_side),
    case!(every_extension_of_the_image_has_both_kinds),
    case!(only_fuel_ends_an_endless_loop),
    case!(a_handler_can_be_entered_again_from_a_procedure_that_it_called),
    case!(too_many_activations_inside_each_other_end_the_extension),
    case!(an_inner_fault_ends_the_outer_activation_of_the_same_extension),
    case!(a_loaded_command_works_and_an_unloaded_one_is_gone),
    case!(loading_and_unloading_again_and_again_costs_nothing),
    case!(every_extension_of_the_image_loads_and_unloads),
    case!(every_way_to_fault_ends_with_the_extension),
    case!(hello_built_to_panic_is_named_and_taken_away),
    case!(a_fault_leaves_other_extensions_alone),
    case!(a_package_cut_short_is_refused),
    case!(a_package_with_one_bit_flipped_is_refused),
    case!(an_extension_is_loaded_once_and_unloaded_once),
    case!(prepared_packages_are_refused_for_the_right_reason),
    case!(bad_modules_are_taken_away_and_named),
    case!(handlers_are_listed_while_they_are_installed),
];

/// Ways that `faulty` knows to fault, and a word of the report about each kind of it.
const FAULTS: [(&str, &str, &str); 8] = [
    ("panic", "told to panic", "told to panic"),
    ("index", "index out of bounds", "index out of bounds"),
    ("divide", "divide by zero", "divide by zero"),
    ("abort", "#UD", "unreachable"),
    ("overflow", "overflowed its stack", "out of bounds"),
    ("recurse", "overflowed its stack", "exhausted its stack"),
    ("leap", "overflowed its stack", "out of bounds"),
    ("alloc", "memory allocation", "memory allocation"),
];

/// Packages that `cargo xtask test` puts into the ramdisk beside the real ones, and a word of each refusal.
const REFUSED: [(&str, &str); 33] = [
    ("refuse-empty", "empty"),
    ("refuse-unsigned", "unsigned"),
    ("refuse-other-key", "this kernel trusts key"),
    ("refuse-altered", "altered after signing"),
    ("refuse-unknown-import", "network.send: nothing of that name"),
    ("refuse-misspelt-import", "the nearest is console.write_line"),
    ("refuse-other-signature", "console.write_line: offered with another schema"),
    ("refuse-denied-word", "console.Command: denied by the console: the word is a command of the kernel"),
    ("refuse-denied-every-line", "denied by the console: a command is bound to a `word`"),
    ("refuse-denied-fold", "denied by the console: the first answer to a line counts"),
    ("refuse-wasm-denied-word", "denied by the console: the word is a command of the kernel"),
    ("refuse-wasm-denied-every-line", "denied by the console: a command is bound to a `word`"),
    ("refuse-relocation-outside", "does not lie inside its container"),
    ("refuse-section-overflow", "does not lie inside its container"),
    ("refuse-wasm-cut-short", "unexpected end"),
    ("refuse-wasm-empty", "unexpected end"),
    ("refuse-wasm-signed", "Wasm is never signed"),
    ("refuse-wasm-invalid", "type mismatch"),
    ("refuse-wasm-import-not-given", "clock.now"),
    ("refuse-wasm-import-elsewhere", "of module `spindle`"),
    ("refuse-wasm-import-type", "i64"),
    ("refuse-wasm-many-imports", "and more"),
    ("refuse-wasm-too-much-memory", "bytes"),
    ("refuse-wasm-table-too-large", "4000000000"),
    ("refuse-wasm-too-much-code", "used up its heap"),
    ("refuse-wasm-no-window", "does not export `spindle_window`"),
    ("refuse-wasm-descriptor-outside", "descriptor"),
    ("refuse-wasm-missing-handler", "handler 0 is entry 7"),
    ("refuse-wasm-handler-type", "handler 0 is a function"),
    ("refuse-wasm-start-traps", "unreachable"),
    ("refuse-wasm-start-never-ends", "fuel"),
    ("refuse-wasm-module-start-traps", "unreachable"),
    ("refuse-wasm-module-start-never-ends", "fuel"),
];

/// Wasm packages that are loaded, and fault when the command of their own name is given; a word of each report.
const BAD_WASM: [(&str, &str); 6] = [
    ("wasm-recursion", "exhausted its stack"),
    ("wasm-grow", "unreachable"),
    ("wasm-loop", "ran out of fuel"),
    ("wasm-trap", "unreachable"),
    ("wasm-bad-argument", "console.write_line"),
    ("wasm-grow-heap", "unreachable"),
];

/// Runs `body`, which must leave every owner's memory as it was.
pub(super) fn balanced(body: impl FnOnce() -> Outcome) -> Outcome {
    let before = usage();
    let outcome = body();
    let after = usage();
    outcome?;
    let (held, holds) = (before.heap_in_use_bytes, after.heap_in_use_bytes);
    check!(
        before == after,
        "the kernel heap held {held} bytes before and {holds} after, or somebody else kept memory"
    );
    Ok(())
}

/// Runs `body` for the native and for the Wasm extension called `name`, which it is given the loaded name of.
pub(super) fn both(name: &str, body: impl Fn(&str) -> Outcome) -> Outcome {
    let wasm = alloc::format!("{name}.wasm");
    body(name).and_then(|()| body(&wasm)).map_err(|Failure(why)| Failure(alloc::format!("{name}: {why}")))
}

fn package(name: &str) -> Result<&'static [u8], Failure> {
    ramdisk::package(name).ok_or_else(|| Failure(alloc::format!("the ramdisk has no package `{name}`")))
}

pub(super) fn loaded(name: &str) -> Outcome {
    load(package(name)?).map(drop).map_err(|error| Failure(error.to_string()))
}

pub(super) fn unloaded(name: &str) -> Outcome {
    unload(name).map(drop).map_err(|error| Failure(error.to_string()))
}

/// The reason why `bytes` are not loaded; fails if they are.
fn refusal(bytes: &[u8]) -> Result<String, Failure> {
    match load(bytes) {
        Ok(name) => Err(Failure(alloc::format!("loaded as `{name}`"))),
        Err(error) => Ok(error.to_string()),
    }
}

fn a_loaded_command_works_and_an_unloaded_one_is_gone() -> Outcome {
    let test = |name: &str| {
        check_equal!(events::command("hello", "ada"), Err(RaiseError::NoHandler));
        loaded(name)?;
        check_equal!(events::command("hello", "ada"), Ok(Status::OK));
        check_equal!(events::command("hello", ""), Ok(Status::FAILED));
        check_equal!(events::command("hell", "ada"), Err(RaiseError::NoHandler));
        unloaded(name)?;
        check_equal!(events::command("hello", "ada"), Err(RaiseError::NoHandler));
        Ok(())
    };
    balanced(|| both("hello", test))
}

fn both_kinds_of_an_extension_work_side_by_side() -> Outcome {
    balanced(|| {
        loaded("ticker")?;
        loaded("ticker.wasm")?;
        events::tick(1);
        check_equal!(events::command("ticker", ""), Ok(Status::OK));
        unloaded("ticker")?;
        events::tick(2);
        check_equal!(events::command("ticker", ""), Ok(Status::OK));
        loaded("ticker")?;
        unloaded("ticker.wasm")?;
        check_equal!(events::command("ticker", ""), Ok(Status::OK));
        unloaded("ticker")
    })
}

fn every_extension_of_the_image_has_both_kinds() -> Outcome {
    let names: Vec<String> = ramdisk::packages().map(|(name, _)| name).collect();
    let natives = names.iter().filter(|name| !is_prepared(name) && !name.ends_with(".wasm"));
    for name in natives.filter(|name| name.as_str() != "hello-panic") {
        let wasm = alloc::format!("{name}.wasm");
        check!(names.contains(&wasm), "there is no {wasm}");
    }
    Ok(())
}

/// Whether a package was made to be refused.
fn is_prepared(name: &str) -> bool {
    name.starts_with("refuse-") || name.starts_with("wasm-")
}

fn only_fuel_ends_an_endless_loop() -> Outcome {
    balanced(|| {
        loaded("faulty.wasm")?;
        let raised = events::command("faulty", "spin");
        check!(matches!(raised, Err(RaiseError::Fault(_))), "ended with {raised:?}");
        check!(spindle_domain::info("faulty.wasm").is_none(), "still loaded");
        Ok(())
    })?;
    let log = crate::logging::kept();
    let report = log.lines().rev().find(|line| line.contains("`faulty.wasm`") && line.contains("fuel"));
    check!(report.is_some(), "the log does not say that it ran out of fuel");
    Ok(())
}

fn a_handler_can_be_entered_again_from_a_procedure_that_it_called() -> Outcome {
    let test = |name: &str| {
        loaded(name)?;
        check_equal!(spindle_bench_guest::nest(3), Ok(Status::OK));
        unloaded(name)
    };
    balanced(|| both("callbench", test))
}

/// The limit, not the end of the strand's stack, is what they meet.
fn too_many_activations_inside_each_other_end_the_extension() -> Outcome {
    balanced(|| {
        loaded("callbench.wasm")?;
        let raised = spindle_bench_guest::nest(100);
        check!(matches!(raised, Err(RaiseError::Fault(_))), "ended with {raised:?}");
        events::settle();
        check!(spindle_domain::info("callbench.wasm").is_none(), "still loaded");
        Ok(())
    })?;
    is_reported("callbench.wasm", "nest", "too many activations")
}

fn an_inner_fault_ends_the_outer_activation_of_the_same_extension() -> Outcome {
    let test = |name: &str| {
        loaded(name)?;
        loaded("hello")?;
        let raised = events::command("faulty", "nested");
        check!(matches!(raised, Err(RaiseError::Fault(_))), "ended with {raised:?}");
        check!(spindle_domain::info(name).is_none(), "still loaded");
        check_equal!(events::command("hello", "ada"), Ok(Status::OK));
        unloaded("hello")
    };
    balanced(|| both("faulty", test))
}

fn loading_and_unloading_again_and_again_costs_nothing() -> Outcome {
    let test = |name: &str| {
        for _ in 0..50 {
            loaded(name)?;
            events::tick(1);
            check_equal!(events::command("ticker", ""), Ok(Status::OK));
            unloaded(name)?;
        }
        Ok(())
    };
    balanced(|| both("ticker", test))
}

fn every_extension_of_the_image_loads_and_unloads() -> Outcome {
    let names: Vec<String> =
        ramdisk::packages().map(|(name, _)| name).filter(|name| !is_prepared(name)).collect();
    check!(names.len() >= 4, "only {names:?}");
    // One kind after the other: a result handler is there once.
    let (modules, natives): (Vec<_>, Vec<_>) = names.iter().partition(|name| name.ends_with(".wasm"));
    [natives, modules].iter().try_for_each(|names| {
        balanced(|| {
            names.iter().try_for_each(|name| loaded(name))?;
            names.iter().try_for_each(|name| unloaded(name))
        })
    })
}

fn every_way_to_fault_ends_with_the_extension() -> Outcome {
    for (way, native, wasm) in FAULTS {
        a_fault_ends_with_the_extension("faulty", way, native)?;
        a_fault_ends_with_the_extension("faulty.wasm", way, wasm)?;
    }
    Ok(())
}

fn a_fault_ends_with_the_extension(name: &str, way: &str, expected: &str) -> Outcome {
    balanced(|| {
        loaded(name)?;
        let raised = events::command("faulty", way);
        check!(matches!(raised, Err(RaiseError::Fault(_))), "`{name} {way}` ended with {raised:?}");
        check!(spindle_domain::info(name).is_none(), "`{name} {way}` left it loaded");
        check_equal!(events::command("faulty", way), Err(RaiseError::NoHandler));
        Ok(())
    })?;
    is_reported(name, way, expected)
}

fn hello_built_to_panic_is_named_and_taken_away() -> Outcome {
    balanced(|| {
        loaded("hello-panic")?;
        check_equal!(events::command("hello", "ada"), Ok(Status::OK));
        let raised = events::command("hello", "panic");
        check!(matches!(raised, Err(RaiseError::Fault(_))), "ended with {raised:?}");
        check!(spindle_domain::info("hello-panic").is_none(), "still loaded");
        Ok(())
    })?;
    let log = crate::logging::kept();
    check!(log.lines().any(|line| line.contains("`hello-panic` panicked at")), "the log does not name it");
    Ok(())
}

fn a_fault_leaves_other_extensions_alone() -> Outcome {
    let test = |name: &str| {
        loaded("hello")?;
        loaded(name)?;
        let raised = events::command("faulty", "panic");
        check!(matches!(raised, Err(RaiseError::Fault(_))), "ended with {raised:?}");
        check_equal!(events::command("hello", "ada"), Ok(Status::OK));
        unloaded("hello")
    };
    balanced(|| both("faulty", test))
}

fn a_package_cut_short_is_refused() -> Outcome {
    both("hello", cut_short_is_refused)
}

fn cut_short_is_refused(name: &str) -> Outcome {
    let whole = package(name)?;
    balanced(|| {
        for length in (0..whole.len()).step_by(whole.len() / 100 + 1) {
            refusal(&whole[..length])?;
        }
        Ok(())
    })
}

fn a_package_with_one_bit_flipped_is_refused() -> Outcome {
    let whole = package("hello")?;
    let mut bytes = whole.to_vec();
    for sample in 0..64 {
        let bit = sample * (whole.len() * 8 / 64) + sample % 8;
        bytes[bit / 8] ^= 1 << (bit % 8);
        balanced(|| refusal(&bytes).map(drop))?;
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    check!(bytes == whole, "the flips were not undone");
    Ok(())
}

fn an_extension_is_loaded_once_and_unloaded_once() -> Outcome {
    let test = |name: &str| {
        loaded(name)?;
        let again = load(package(name)?);
        check!(matches!(again, Err(LoadError::AlreadyLoaded(_))), "loaded again: {again:?}");
        unloaded(name)?;
        let gone = unload(name).map(drop);
        check_equal!(gone, Err(UnloadError::NotLoaded));
        Ok(())
    };
    balanced(|| both("hello", test))
}

fn prepared_packages_are_refused_for_the_right_reason() -> Outcome {
    let mut wrong = String::new();
    for (name, expected) in REFUSED {
        let bytes = package(name)?;
        let before = usage();
        let reason = refusal(bytes)?;
        if !reason.contains(expected) {
            wrong.push_str(&alloc::format!("\n{name}: {reason}"));
        }
        drop(reason);
        check!(!wrong.is_empty() || usage() == before, "{name} left something behind");
    }
    check!(wrong.is_empty(), "{wrong}");
    Ok(())
}

fn bad_modules_are_taken_away_and_named() -> Outcome {
    for (command, expected) in BAD_WASM {
        let name = alloc::format!("{command}.wasm");
        balanced(|| {
            loaded(&name)?;
            loaded("hello")?;
            let raised = events::command(command, "");
            check!(matches!(raised, Err(RaiseError::Fault(_))), "{name} ended with {raised:?}");
            check!(spindle_domain::info(&name).is_none(), "{name} is still loaded");
            check_equal!(events::command("hello", "ada"), Ok(Status::OK));
            unloaded("hello")
        })?;
        is_reported(&name, command, expected)?;
    }
    Ok(())
}

/// Whether the last report about the extension `name`, of a fault in a handler, says so.
pub(super) fn is_reported(name: &str, way: &str, expected: &str) -> Outcome {
    let (log, quoted) = (crate::logging::kept(), alloc::format!("`{name}`"));
    let report = log.lines().rev().find(|line| line.contains(&quoted) && line.contains("handling"));
    check!(report.is_some_and(|line| line.contains(expected)), "`{name} {way}` was reported as {report:?}");
    Ok(())
}

/// Whether some report about the extension `name` says both.
pub(super) fn is_reported_as(name: &str, doing: &str, expected: &str) -> Outcome {
    let (log, quoted) = (crate::logging::kept(), alloc::format!("`{name}`"));
    let mut words =
        log.lines().filter(|line| [quoted.as_str(), doing, expected].iter().all(|word| line.contains(word)));
    check!(words.next().is_some(), "no report of `{name}` says `{expected}` and `{doing}`");
    Ok(())
}

fn handlers_are_listed_while_they_are_installed() -> Outcome {
    let count = || {
        let mut bindings = 0;
        let event = spindle_domain::event("console.Command");
        if let Some(event) = event {
            event.for_each_binding(spindle_strands::current(), |_| bindings += 1);
        }
        bindings
    };
    let test = |name: &str| {
        // The kernel's own is always there.
        check_equal!(count(), 1);
        loaded(name)?;
        check_equal!(count(), 2);
        check_equal!(spindle_domain::info(name).map(|info| info.handlers), Some(1));
        unloaded(name)?;
        check_equal!(count(), 1);
        Ok(())
    };
    balanced(|| both("hello", test))
}
