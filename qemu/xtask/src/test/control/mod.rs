//! The control channel from end to end: a kernel at a prompt, and hosts that speak to it, well and badly.
//!
//! *Concepts*: one machine serves all cases, as a human would start it (`cargo xtask run` on a pseudo terminal). Each case
//! leaves the kernel as it found it: `mem` is compared after each, and the prompt is tried.

mod bad_input;
mod commands;
mod machine;
mod pushes;
mod raw;

use super::tally::Tally;
use crate::failure::Result;
use crate::folders::Folders;
use machine::Machine;

/// What a case finds wrong.
type Verdict = std::result::Result<(), String>;

/// Speaks to the kernel and looks at what happens.
type Case = fn(&mut Machine) -> Verdict;

const CASES: &[(&str, Case)] = &[
    ("control::a_command_comes_back_with_its_output_and_status", commands::output_and_status),
    ("control::what_an_extension_prints_comes_back_too", commands::extensions_print),
    ("control::a_fault_is_reported_to_who_asked", commands::faults),
    ("control::a_line_that_is_being_typed_stays", commands::half_typed_line),
    ("control::a_kernel_that_is_not_there_is_named_with_the_next_step", commands::nobody_there),
    ("control::a_push_loads_and_a_second_one_names_the_next_step", pushes::push_and_push_again),
    ("control::both_kinds_are_pushed_beside_each_other", pushes::both_kinds),
    ("control::two_pushes_at_once_take_turns", pushes::two_at_once),
    ("control::who_waits_too_long_is_told_so", pushes::waits_too_long),
    ("control::watching_pushes_at_every_save_and_goes_on_after_errors", pushes::watch),
    ("control::a_push_that_is_interrupted_leaves_the_kernel_fine", pushes::interrupted),
    ("control::a_package_that_is_too_large_is_refused", pushes::too_large),
    ("control::a_package_that_is_none_is_refused", pushes::no_package),
    ("control::garbage_is_refused_with_a_reason", bad_input::garbage),
    ("control::a_frame_cut_short_is_refused_and_the_next_hello_is_heard", bad_input::cut_short),
    ("control::a_frame_too_long_is_refused", bad_input::too_long),
    ("control::requests_out_of_order_are_refused", bad_input::out_of_order),
    ("control::half_an_upload_gives_way_to_a_fresh_push", bad_input::half_an_upload),
    ("control::an_upload_that_stops_is_dropped", bad_input::silence),
    ("control::a_megabyte_for_a_busy_kernel_arrives_whole", bad_input::busy_kernel),
    ("control::a_host_that_does_not_read_is_given_up", bad_input::does_not_read),
];

/// Ends the machine, so it comes last.
const LAST: (&str, Case) = ("control::poweroff_is_answered_and_ends_the_machine", commands::poweroff);

/// Runs what the filter leaves.
pub(super) fn run(folders: &Folders, filter: &str, tally: &mut Tally) -> Result<()> {
    tally.heading("control channel");
    let cases: Vec<_> = CASES.iter().chain([&LAST]).filter(|(name, _)| name.contains(filter)).collect();
    if cases.is_empty() {
        return Ok(());
    }
    let mut machine = Machine::start(folders)?;
    let mut before = machine.memory();
    for (name, case) in cases {
        let verdict = match &before {
            Ok(before) => case(&mut machine).and_then(|()| machine.is_as_before(before)),
            Err(error) => Err(error.clone()),
        };
        if verdict.is_err() {
            // What one case has left behind is not the next one's fault.
            before = machine.restart()?;
        }
        tally.case(name, verdict.err().as_deref());
    }
    Ok(())
}
