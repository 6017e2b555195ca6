//! In-kernel tests of the console itself.

use alloc::string::{String, ToString};

use log::LevelFilter;
use spindle_arch::serial;
use spindle_kernel_tests::{Outcome, Test, case, check, check_equal};

use crate::console::names::{extension_commands, levels};
use crate::console::registry::{COMMANDS, sorted_grammars};
use crate::console::{Session, Terminal};
use crate::logging;

pub(super) const TESTS: &[Test] = &[
    case!(everything_registered_is_linked),
    case!(commands_are_listed_once_and_in_order),
    case!(the_reference_page_shows_every_command),
    case!(commands_that_do_not_fit_fail),
    case!(listings_leave_no_memory_behind),
    case!(nobody_handles_commands_at_first),
    case!(what_is_logged_is_kept),
    case!(levels_have_the_names_that_they_are_set_by),
    case!(what_is_printed_takes_the_place_of_an_erasable_row),
    case!(the_prompt_edits_completes_and_remembers),
];

/// Commands of every kernel, and those of this feature.
const COMMAND_COUNT: usize = 19 + 4;
/// `console.Command`, `clock.Tick`, `clock.Interrupt`, `health.Check`, `trap.SystemCall`, and of `bench`: `Null`, `One`, `Five`,
/// `Guarded`, `Keyed`, `Packet`, `Measure`, `Nested`.
const EVENT_COUNT: usize = 5 + 8;
/// `console.write_line`, `clock.now`, `clock.cycles`, `runtime.grow_heap`, `runtime.panicked`, `bench.null`, `bench.nest`,
/// `user.copy_in`, `user.copy_out`.
const PROCEDURE_COUNT: usize = 9;

/// A linker may take the registries' sections for unused.
fn everything_registered_is_linked() -> Outcome {
    check_equal!(COMMANDS.len(), COMMAND_COUNT);
    check_equal!(spindle_domain::events().count(), EVENT_COUNT);
    check_equal!(spindle_domain::procedures().count(), PROCEDURE_COUNT);
    Ok(())
}

fn commands_are_listed_once_and_in_order() -> Outcome {
    check_equal!(sorted_grammars().count(), COMMANDS.len());
    check!(sorted_grammars().is_sorted_by(|first, second| first.name < second.name));
    Ok(())
}

fn the_reference_page_shows_every_command() -> Outcome {
    let page = include_str!("../../../../../../docs/reference/console.md");
    for grammar in sorted_grammars() {
        let heading = alloc::format!("### `{grammar}`\n\n");
        let Some((_, text)) = page.split_once(&heading) else {
            check!(false, "no heading `### `{grammar}``");
            continue;
        };
        let summary = grammar.summary.to_string();
        check!(text.to_lowercase().starts_with(&summary), "`{grammar}` is not described by `{summary}`");
    }
    Ok(())
}

fn commands_that_do_not_fit_fail() -> Outcome {
    let mut session = Session::default();
    for line in
        ["ext", "ext lod x", "ext load", "mem --jsn", "nosuchcommand", "ext unload nobody", "help nobody"]
    {
        check!(!session.execute(line), "`{line}` succeeded");
    }
    for line in ["", "  ", " uptime ", "help ext load"] {
        check!(session.execute(line), "`{line}` failed");
    }
    check!(!session.wants_power_off());
    check!(session.execute("poweroff") && session.wants_power_off(), "`poweroff` asked for nothing");
    Ok(())
}

fn listings_leave_no_memory_behind() -> Outcome {
    let mut session = Session::default();
    let before = spindle_mem::usage();
    for listing in [
        "ext list",
        "event list",
        "event info console.Command",
        "event info clock.Interrupt",
        "health",
        "trace",
        "domain list",
        "mem",
        "uptime",
        "help",
        "log",
    ] {
        for line in [String::from(listing), alloc::format!("{listing} --json")] {
            check!(session.execute(&line), "`{line}` failed");
        }
    }
    check!(spindle_mem::usage() == before, "listings kept memory");
    Ok(())
}

fn nobody_handles_commands_at_first() -> Outcome {
    let mut words = 0;
    extension_commands(&mut |_| words += 1);
    check_equal!(words, 0);
    Ok(())
}

fn what_is_logged_is_kept() -> Outcome {
    let line = "a line that only this test logs";
    check!(!logging::kept().contains(line), "it is there before");
    log::info!("{line}");
    check!(logging::kept().lines().any(|kept| kept.ends_with(line)), "it is not there after");
    Ok(())
}

fn levels_have_the_names_that_they_are_set_by() -> Outcome {
    let mut names = alloc::vec::Vec::new();
    levels("", &mut |name| names.push(String::from(name)));
    check_equal!(names, ["off", "error", "warn", "info", "debug", "trace"]);
    check!(names.iter().all(|name| name.parse::<LevelFilter>().is_ok()));
    Ok(())
}

/// The line being edited is shown again if this says that it is gone.
fn what_is_printed_takes_the_place_of_an_erasable_row() -> Outcome {
    serial::set_row_is_erasable(true);
    serial::write(b"");
    check!(serial::row_is_erasable(), "echo erases it");
    serial::print(format_args!("a line of somebody else\n"));
    check!(!serial::row_is_erasable(), "it is taken to be there still");
    Ok(())
}

/// The log level is what shows that a line was run as it should have been.
fn the_prompt_edits_completes_and_remembers() -> Outcome {
    let level_before = logging::shown_level();
    let levels = {
        let mut terminal = Terminal::start();
        let mut after = |keys: &str| {
            keys.bytes().for_each(|byte| terminal.feed(byte));
            logging::shown_level()
        };
        let (home, left, up) = ("\x01", "\x1b[D", "\x1b[A");
        let edited = alloc::format!("og eror{home}l\x05{left}{left}r\r");
        [after("lo\tdeb\t\r"), after(&edited), after("log trace\x03"), after(&alloc::format!("{up}{up}\r"))]
    };
    logging::set_level(level_before);
    // Leaves the prompt's row.
    serial::print(format_args!("\n"));
    check_equal!(levels, [LevelFilter::Debug, LevelFilter::Error, LevelFilter::Error, LevelFilter::Debug]);
    Ok(())
}
