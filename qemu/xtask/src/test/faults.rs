//! Must-fault images: each boot lets the kernel crash in one way, and has to end with a report that names it.

use spindle_runner::Outcome;

use super::tally::Tally;
use crate::boot::{Boot, Ended, limits};
use crate::failure::Result;

const TOTAL_S: u64 = 90;
const SILENCE_S: u64 = 60;

/// What the report of each way to crash must say, in this order.
const REPORTS: &[(&str, &[&str])] = &[
    ("divide-by-zero", &["kernel exception #DE divide error", "backtrace"]),
    ("double-fault", &["kernel exception #DF double fault", "handled on an interrupt stack", "backtrace"]),
    (
        "execute-data",
        &["kernel exception #PF page fault", "kernel instruction fetch, protection", "backtrace"],
    ),
    ("exhaust-heap", &["kernel panic at ", "memory allocation of ", "backtrace", "exhaust_heap"]),
    ("general-protection", &["kernel exception #GP general protection", "backtrace"]),
    (
        "index",
        &[
            "kernel panic at ",
            "index out of bounds: the len is 3 but the index is 3",
            "backtrace",
            "crash::index",
        ],
    ),
    ("invalid-opcode", &["kernel exception #UD invalid opcode", "backtrace"]),
    ("panic", &["kernel panic at ", "asked to panic", "backtrace"]),
    (
        "stack-overflow",
        &[
            "kernel exception #PF page fault",
            "kernel write, page not present",
            "handled on an interrupt stack",
            "backtrace",
            "deeper",
        ],
    ),
    ("write-to-code", &["kernel exception #PF page fault", "kernel write, protection", "backtrace"]),
    (
        "write-to-nowhere",
        &[
            "#PF page fault",
            "kernel write, page not present",
            "address (cr2) 0000000000001000",
            "handled on the strand's stack",
        ],
    ),
];

/// Boots once per way to crash that the filter leaves; `listed` are the ways that the kernel knows.
pub(super) fn run(boot: &Boot<'_>, listed: &[String], filter: &str, tally: &mut Tally) -> Result<()> {
    tally.heading("must-fault images");
    let expected = REPORTS.iter().map(|(way, _)| *way);
    let mut ways: Vec<&str> = expected.chain(listed.iter().map(String::as_str)).collect();
    ways.sort_unstable();
    ways.dedup();
    for way in ways {
        let name = format!("crash::{way}");
        if name.contains(filter) {
            let command = format!("crash {way}");
            let log = format!("test-crash-{way}");
            let scripted = boot.script(&log, &[&command], limits(TOTAL_S, SILENCE_S), |_| ())?;
            tally.case(&name, verdict(&scripted.ended, way).as_deref());
        }
    }
    Ok(())
}

/// Why this was not the crash that was asked for.
fn verdict(ended: &Ended, way: &str) -> Option<String> {
    let log = ended.log.display();
    let Some((_, report)) = REPORTS.iter().find(|(known, _)| *known == way) else {
        return Some("nobody has said what its report must say: qemu/xtask/src/test/faults.rs".to_owned());
    };
    if ended.outcome() != Outcome::Panicked {
        return Some(format!("should have panicked; {}\nlog: {log}", ended.reason()));
    }
    missing(&ended.serial(), report).map(|words| format!("the report does not say `{words}`\nlog: {log}"))
}

/// The first of `report` that does not stand in `serial` after the ones before it.
fn missing<'a>(serial: &str, report: &[&'a str]) -> Option<&'a str> {
    let mut rest = serial;
    report.iter().copied().find(|words| match rest.split_once(words) {
        Some((_, after)) => {
            rest = after;
            false
        }
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn the_words_of_a_report_are_found_in_order() {
        let serial = "kernel exception #PF page fault (vector 14)\n  rip 0\nbacktrace:\n";
        assert_eq!(missing(serial, &["#PF", "rip", "backtrace"]), None);
        assert_eq!(missing(serial, &["#PF", "#DF"]), Some("#DF"));
        assert_eq!(missing(serial, &["backtrace", "#PF"]), Some("#PF"));
    }
}
