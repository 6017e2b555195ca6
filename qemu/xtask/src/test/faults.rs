//! Must-fault images: each boot lets the kernel die in one way, and has to end with a report that names it.

use spindle_runner::Outcome;

use super::tally::Tally;
use crate::boot::{Boot, Ended, limits};
use crate::failure::Result;

const TOTAL_S: u64 = 90;
const SILENCE_S: u64 = 60;

/// What the report of each way to die must say, in order.
const REPORTS: &[(&str, &[&str])] = &[
    ("divide-by-zero", &["kernel exception #DE divide error (vector 0)", "rip", "backtrace"]),
    ("double-fault", &["kernel exception #DF double fault (vector 8)", "backtrace"]),
    (
        "execute-data",
        &["kernel exception #PF page fault (vector 14)", "kernel instruction fetch, protection"],
    ),
    ("general-protection", &["kernel exception #GP general protection (vector 13)", "backtrace"]),
    ("invalid-opcode", &["kernel exception #UD invalid opcode (vector 6)", "backtrace"]),
    ("panic", &["kernel panic at ", "asked to panic", "backtrace"]),
    (
        "stack-overflow",
        &["kernel exception #PF page fault (vector 14)", "kernel write, page not present", "backtrace"],
    ),
    (
        "write-to-code",
        &["kernel exception #PF page fault (vector 14)", "kernel write, protection", "backtrace"],
    ),
    (
        "write-to-nowhere",
        &[
            "kernel exception #PF page fault",
            "kernel write, page not present",
            "address (cr2) 0000000000001000",
        ],
    ),
];

/// Boots once per way to die that the filter leaves; the kernel itself says which ways there are.
pub(super) fn run(boot: &Boot<'_>, filter: &str, tally: &mut Tally) -> Result<()> {
    if !REPORTS.iter().any(|(way, _)| name(way).contains(filter)) {
        return Ok(());
    }
    tally.heading("must-fault images");
    for way in ways(boot, tally)?.iter().filter(|way| name(way).contains(filter)) {
        let ended = boot.test(&format!("test-crash-{way}"), way, limits(TOTAL_S, SILENCE_S), |_| ())?;
        tally.case(&name(way), verdict(&ended, way).as_deref());
    }
    Ok(())
}

fn name(way: &str) -> String {
    format!("crash::{way}")
}

fn ways(boot: &Boot<'_>, tally: &mut Tally) -> Result<Vec<String>> {
    let ended = boot.test("test-crash-list", "list", limits(TOTAL_S, SILENCE_S), |_| ())?;
    let ways: Vec<String> = ended.serial().lines().filter(|line| is_way(line)).map(str::to_owned).collect();
    let missing = REPORTS.iter().filter(|(way, _)| !ways.iter().any(|listed| listed == way));
    for (way, _) in missing {
        tally.case(&name(way), Some(&format!("the kernel does not list it; {}", ended.reason())));
    }
    Ok(ways)
}

/// One word of letters and dashes: what is between is the log of the boot.
fn is_way(line: &str) -> bool {
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Why this was not the death that was asked for.
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
    use super::{is_way, missing};

    #[test]
    fn the_words_of_a_report_are_found_in_order() {
        let serial = "kernel exception #PF page fault (vector 14)\n  rip 0\nbacktrace:\n";
        assert_eq!(missing(serial, &["#PF", "rip", "backtrace"]), None);
        assert_eq!(missing(serial, &["#PF", "#DF"]), Some("#DF"));
        assert_eq!(missing(serial, &["backtrace", "#PF"]), Some("#PF"));
    }

    #[test]
    fn ways_are_told_from_the_log() {
        assert!(is_way("write-to-nowhere"));
        assert!(!is_way("[0.1] info: 128 MiB"));
        assert!(!is_way(""));
    }
}
