//! In-kernel tests of extensions from the ramdisk: loaded, called, unloaded, broken, and refused.
//!
//! Each ends with the books balanced: what memory everybody held before, everybody holds after.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use spindle_abi::Status;
use spindle_dispatcher::RaiseError;
use spindle_domain::{LoadError, UnloadError, load, unload};
use spindle_kernel_tests::{Failure, Outcome, Test, case, check, check_equal};
use spindle_mem::usage;

use crate::{events, ramdisk};

pub(super) const TESTS: &[Test] = &[
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
    case!(handlers_are_listed_while_they_are_installed),
];

/// Ways that `faulty` knows to fault, and a word of each report.
const FAULTS: [(&str, &str); 7] = [
    ("panic", "told to panic"),
    ("index", "index out of bounds"),
    ("divide", "divide by zero"),
    ("abort", "#UD"),
    ("overflow", "overflowed its stack"),
    ("leap", "overflowed its stack"),
    ("alloc", "memory allocation"),
];

/// Packages that `cargo xtask test` puts into the ramdisk beside the real ones, and a word of each refusal.
const REFUSED: [(&str, &str); 9] = [
    ("refuse-empty", "empty"),
    ("refuse-unsigned", "unsigned"),
    ("refuse-other-key", "this kernel trusts key"),
    ("refuse-altered", "altered after signing"),
    ("refuse-unknown-import", "network.send: nothing of that name"),
    ("refuse-misspelt-import", "the nearest is console.write_line"),
    ("refuse-other-signature", "console.write_line: offered with another schema"),
    ("refuse-relocation-outside", "does not lie inside its container"),
    ("refuse-section-overflow", "does not lie inside its container"),
];

/// Runs `body`, which must leave every owner's memory as it was.
fn balanced(body: impl FnOnce() -> Outcome) -> Outcome {
    let before = usage();
    let outcome = body();
    let after = usage();
    outcome?;
    check!(before == after, "memory before {before:?}, after {after:?}");
    Ok(())
}

fn package(name: &str) -> Result<&'static [u8], Failure> {
    ramdisk::package(name).ok_or_else(|| Failure(alloc::format!("the ramdisk has no package `{name}`")))
}

fn loaded(name: &str) -> Outcome {
    load(package(name)?).map(drop).map_err(|error| Failure(error.to_string()))
}

fn unloaded(name: &str) -> Outcome {
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
    balanced(|| {
        check_equal!(events::command("hello", "ada"), Err(RaiseError::NoHandler));
        loaded("hello")?;
        check_equal!(events::command("hello", "ada"), Ok(Status::OK));
        check_equal!(events::command("hello", ""), Ok(Status::FAILED));
        check_equal!(events::command("hell", "ada"), Err(RaiseError::NoHandler));
        unloaded("hello")?;
        check_equal!(events::command("hello", "ada"), Err(RaiseError::NoHandler));
        Ok(())
    })
}

fn loading_and_unloading_again_and_again_costs_nothing() -> Outcome {
    balanced(|| {
        for _ in 0..50 {
            loaded("ticker")?;
            events::tick(1);
            check_equal!(events::command("ticker", ""), Ok(Status::OK));
            unloaded("ticker")?;
        }
        Ok(())
    })
}

fn every_extension_of_the_image_loads_and_unloads() -> Outcome {
    let names: Vec<String> =
        ramdisk::packages().map(|(name, _)| name).filter(|name| !name.starts_with("refuse-")).collect();
    check!(names.len() >= 4, "only {names:?}");
    balanced(|| {
        names.iter().try_for_each(|name| loaded(name))?;
        names.iter().try_for_each(|name| unloaded(name))
    })
}

fn every_way_to_fault_ends_with_the_extension() -> Outcome {
    for (way, expected) in FAULTS {
        balanced(|| {
            loaded("faulty")?;
            let raised = events::command("faulty", way);
            check!(matches!(raised, Err(RaiseError::Fault(_))), "`faulty {way}` ended with {raised:?}");
            check!(spindle_domain::info("faulty").is_none(), "`faulty {way}` left it loaded");
            check_equal!(events::command("faulty", way), Err(RaiseError::NoHandler));
            Ok(())
        })?;
        let log = crate::logging::kept();
        let report = log.lines().rev().find(|line| line.contains("`faulty`") && line.contains("handling"));
        check!(
            report.is_some_and(|line| line.contains(expected)),
            "`faulty {way}` was reported as {report:?}"
        );
    }
    Ok(())
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
    balanced(|| {
        loaded("hello")?;
        loaded("faulty")?;
        let raised = events::command("faulty", "panic");
        check!(matches!(raised, Err(RaiseError::Fault(_))), "ended with {raised:?}");
        check_equal!(events::command("hello", "ada"), Ok(Status::OK));
        unloaded("hello")
    })
}

fn a_package_cut_short_is_refused() -> Outcome {
    let whole = package("hello")?;
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
    balanced(|| {
        loaded("hello")?;
        let again = load(package("hello")?);
        check!(matches!(again, Err(LoadError::AlreadyLoaded(_))), "loaded again: {again:?}");
        unloaded("hello")?;
        let gone = unload("hello").map(drop);
        check_equal!(gone, Err(UnloadError::NotLoaded));
        Ok(())
    })
}

fn prepared_packages_are_refused_for_the_right_reason() -> Outcome {
    for (name, expected) in REFUSED {
        let bytes = package(name)?;
        let mut reason = String::new();
        let before = usage();
        reason.push_str(&refusal(bytes)?);
        check!(reason.contains(expected), "{name}: {reason}");
        drop(reason);
        check!(usage() == before, "{name} left something behind");
    }
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
    balanced(|| {
        check_equal!(count(), 0);
        loaded("hello")?;
        check_equal!(count(), 1);
        let handlers = spindle_domain::info("hello").map(|info| info.handlers.len());
        check_equal!(handlers, Some(1));
        unloaded("hello")?;
        check_equal!(count(), 0);
        Ok(())
    })
}
