//! Spindle beside Linux: every figure in time or instructions, and as a multiple of its own kernel's P2.

use super::results::{Measurement, Results};
use super::table::{Column, Table, number, ratio};

/// What ids of Linux begin with; its mitigations are off.
pub(super) const LINUX: &str = "linux/";
/// What ids of Linux with its default mitigations begin with.
pub(super) const LINUX_MITIGATED: &str = "linux-mitigated/";

/// The yardstick of each kernel: a call through a pointer.
pub(super) const YARDSTICK: &str = "P2";

/// What of Linux stands beside what of Spindle; an id stands for itself and for its variants.
const BESIDE: &[(&str, &str)] = &[
    ("P1", "P1"),
    ("P2", "P2"),
    ("P4/native", "P4/ebpf"),
    ("P4/wasm", "P4/ebpf"),
    ("P5", "P5/getppid"),
    ("L1/process", "L1/process"),
    ("L1/thread", "L1/thread"),
];

/// How a result is called in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Labels {
    /// By its id.
    Ids,
    /// By what is timed, and its id.
    Words,
}

/// Every result of Spindle that `is_shown` by its id, with what of Linux stands beside it, then what only Linux has.
pub(super) fn compare(results: &Results, labels: Labels, is_shown: impl Fn(&str) -> bool) -> Table {
    let unit = results.all().first().map_or("ns", |result| result.unit.as_str());
    let (mut table, mut shown) = (Table::new(heading(unit)), Vec::new());
    for result in results.all().iter().filter(|result| !is_linux(&result.id) && is_shown(&result.id)) {
        let other = beside(&result.id);
        table.push(row(results, labels, Some(result), other));
        shown.extend(other);
    }
    let of_linux = results.all().iter().filter_map(|result| result.id.strip_prefix(LINUX));
    of_linux.filter(|id| !shown.contains(id)).for_each(|id| table.push(row(results, labels, None, Some(id))));
    table
}

pub(super) fn is_linux(id: &str) -> bool {
    id.starts_with(LINUX) || id.starts_with(LINUX_MITIGATED)
}

fn heading(unit: &str) -> Vec<Column> {
    let mitigated = format!("mitigations on, {unit}");
    vec![
        Column::words("Spindle"),
        Column::figures(unit),
        Column::figures("x P2"),
        Column::words("Linux"),
        Column::figures(unit),
        Column::figures("x P2"),
        Column::figures(&mitigated),
        Column::figures("x P2"),
        Column::figures("Linux / Spindle"),
    ]
}

/// The id of Linux that stands beside an id of Spindle.
fn beside(id: &str) -> Option<&'static str> {
    let covers =
        |entry: &str| id.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    BESIDE.iter().find(|(spindle, _)| covers(spindle)).map(|(_, linux)| *linux)
}

fn row(results: &Results, labels: Labels, spindle: Option<&Measurement>, linux: Option<&str>) -> Vec<String> {
    let of_linux = |prefix| linux.and_then(|id| results.find(&format!("{prefix}{id}")));
    let (plain, mitigated) = (of_linux(LINUX), of_linux(LINUX_MITIGATED));
    let [figure, times] = figures(results, "", spindle);
    let [linux_figure, linux_times] = figures(results, LINUX, plain);
    let [mitigated_figure, mitigated_times] = figures(results, LINUX_MITIGATED, mitigated);
    let quotient = spindle.zip(plain).map(|(spindle, linux)| ratio(linux.median / spindle.median));
    let label = |result: Option<&Measurement>| result.map(|result| labels.of(result)).unwrap_or_default();
    vec![
        label(spindle),
        figure,
        times,
        label(plain),
        linux_figure,
        linux_times,
        mitigated_figure,
        mitigated_times,
        quotient.unwrap_or_default(),
    ]
}

impl Labels {
    fn of(self, result: &Measurement) -> String {
        let id = result.id.strip_prefix(LINUX).unwrap_or(&result.id);
        match self {
            Self::Ids => id.to_owned(),
            Self::Words => format!("{} ({id})", result.name),
        }
    }
}

/// A median, and its ratio to the yardstick of the same kernel.
fn figures(results: &Results, prefix: &str, result: Option<&Measurement>) -> [String; 2] {
    let Some(result) = result else { return [String::new(), String::new()] };
    let yardstick = results.find(&format!("{prefix}{YARDSTICK}"));
    let times = yardstick.map(|yardstick| ratio(result.median / yardstick.median));
    [number(result.median), times.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::results;
    use super::{Labels, beside, compare};

    const FIGURES: &[(&str, f64)] = &[
        ("P2", 8.0),
        ("P4/native", 18.0),
        ("P5/kernel", 180.0),
        ("Z1/load/native", 832_000.0),
        ("linux/P2", 10.0),
        ("linux/P4/ebpf", 36.0),
        ("linux/P5/getppid", 360.0),
        ("linux/L1/process", 69_000.0),
        ("linux-mitigated/P2", 10.0),
        ("linux-mitigated/P5/getppid", 500.0),
    ];

    #[test]
    fn each_figure_stands_beside_its_like_and_its_own_yardstick() {
        let markdown = compare(&results(FIGURES), Labels::Words, |_| true).markdown();
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(
            lines[..2],
            [
                "| Spindle | ns | x P2 | Linux | ns | x P2 | mitigations on, ns | x P2 | Linux / Spindle |",
                "| --- | --: | --: | --- | --: | --: | --: | --: | --: |"
            ]
        );
        assert_eq!(
            lines[2],
            "| what P2 is (P2) | 8.0 | 1.00 | what linux/P2 is (P2) | 10.0 | 1.00 | 10.0 | 1.00 | 1.25 |"
        );
        assert_eq!(lines[3].split(" | ").nth(3), Some("what linux/P4/ebpf is (P4/ebpf)"));
        assert_eq!(lines.len(), 7);
    }

    #[test]
    fn rows_of_one_kernel_alone_are_shown_too() {
        let text = compare(&results(FIGURES), Labels::Ids, |_| true).text();
        assert!(text.lines().any(|line| line.starts_with("Z1/load/native") && line.contains("832 000")));
        let last = text.lines().last().unwrap();
        assert!(last.trim_start().starts_with("L1/process") && last.contains("69 000  6900"), "{last}");
    }

    #[test]
    fn rows_that_nobody_foresaw_appear_by_themselves() {
        let figures = results(&[("P7/fuel/on", 1.0), ("P5/user", 2.0), ("linux/P5/getppid", 3.0)]);
        let text = compare(&figures, Labels::Ids, |_| true).text();
        assert!(text.contains("P7/fuel/on") && text.contains("1.50"));
    }

    #[test]
    fn variants_stand_beside_what_their_id_does_and_longer_numbers_do_not() {
        assert_eq!(beside("P5/wasm"), Some("P5/getppid"));
        assert_eq!(beside("P4/wasm"), Some("P4/ebpf"));
        assert_eq!(beside("P4/kernel"), None);
        assert_eq!(beside("P10"), None);
    }
}
