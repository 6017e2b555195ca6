//! The table that shows Spindle beside Linux: medians, each also as a ratio to its own P2.

use std::fmt::Write;

use super::results::{Measurement, Results};

/// What ids of Linux begin with; its mitigations are off.
pub(super) const LINUX: &str = "linux/";
/// What ids of Linux with its default mitigations begin with.
pub(super) const LINUX_MITIGATED: &str = "linux-mitigated/";

/// The yardstick of each kernel: a call through a pointer.
const YARDSTICK: &str = "P2";

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

const COLUMNS: usize = 9;

/// A table of text, its first row the heading.
#[derive(Debug)]
pub(super) struct Table(Vec<[String; COLUMNS]>);

/// How a result is called in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Labels {
    /// By its id.
    Ids,
    /// By what is timed, and its id.
    Words,
}

/// Every result of Spindle with what of Linux stands beside it, then what only Linux has.
pub(super) fn compare(results: &Results, labels: Labels) -> Table {
    let unit = results.all().first().map_or("ns", |result| result.unit.as_str());
    let (mut rows, mut shown) = (vec![heading(unit)], Vec::new());
    for result in results.all().iter().filter(|result| !is_linux(&result.id)) {
        let other = beside(&result.id);
        rows.push(row(results, labels, Some(result), other));
        shown.extend(other);
    }
    let of_linux = results.all().iter().filter_map(|result| result.id.strip_prefix(LINUX));
    rows.extend(of_linux.filter(|id| !shown.contains(id)).map(|id| row(results, labels, None, Some(id))));
    Table(rows)
}

fn is_linux(id: &str) -> bool {
    id.starts_with(LINUX) || id.starts_with(LINUX_MITIGATED)
}

fn heading(unit: &str) -> [String; COLUMNS] {
    let mitigated = format!("mitigations on, {unit}");
    ["Spindle", unit, "x P2", "Linux", unit, "x P2", &mitigated, "x P2", "Linux / Spindle"].map(str::to_owned)
}

/// The id of Linux that stands beside an id of Spindle.
fn beside(id: &str) -> Option<&'static str> {
    let covers =
        |entry: &str| id.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    BESIDE.iter().find(|(spindle, _)| covers(spindle)).map(|(_, linux)| *linux)
}

fn row(
    results: &Results,
    labels: Labels,
    spindle: Option<&Measurement>,
    linux: Option<&str>,
) -> [String; COLUMNS] {
    let of_linux = |prefix| linux.and_then(|id| results.find(&format!("{prefix}{id}")));
    let (plain, mitigated) = (of_linux(LINUX), of_linux(LINUX_MITIGATED));
    let [figure, times] = figures(results, "", spindle);
    let [linux_figure, linux_times] = figures(results, LINUX, plain);
    let [mitigated_figure, mitigated_times] = figures(results, LINUX_MITIGATED, mitigated);
    let quotient = spindle.zip(plain).map(|(spindle, linux)| ratio(linux.median / spindle.median));
    let label = |result: Option<&Measurement>| result.map(|result| labels.of(result)).unwrap_or_default();
    [
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

/// A ratio with three digits that count.
pub(super) fn ratio(value: f64) -> String {
    let decimals = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    grouped(format!("{value:.decimals$}"))
}

/// A figure with one decimal, or none where it has three digits before it.
fn number(value: f64) -> String {
    let decimals = usize::from(value < 100.0);
    grouped(format!("{value:.decimals$}"))
}

/// Thousands apart.
fn grouped(digits: String) -> String {
    if digits.contains('.') || digits.len() < 5 {
        return digits;
    }
    let first = digits.len() % 3;
    let mut text = digits[..first].to_owned();
    for (index, digit) in digits[first..].char_indices() {
        if index % 3 == 0 && !text.is_empty() {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

impl Table {
    /// For a terminal: columns side by side.
    pub(super) fn text(&self) -> String {
        let width = |column: usize| self.0.iter().map(|row| row[column].len()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
        let mut text = String::new();
        for row in &self.0 {
            let cell = |(column, cell): (usize, &String)| {
                let width = widths[column];
                if is_text(column) { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            };
            let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", cells.join("  ").trim_end());
        }
        text
    }

    /// For a page: Markdown.
    pub(super) fn markdown(&self) -> String {
        let mut text = String::new();
        for (index, row) in self.0.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "| {} |", row.join(" | "));
            if index == 0 {
                let rule = |column| if is_text(column) { "---" } else { "--:" };
                let rules: Vec<&str> = (0..COLUMNS).map(rule).collect();
                let _ = writeln!(text, "| {} |", rules.join(" | "));
            }
        }
        text
    }
}

fn is_text(column: usize) -> bool {
    column == 0 || column == 3
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::results;
    use super::{Labels, beside, compare, grouped, number, ratio};

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
        let markdown = compare(&results(FIGURES), Labels::Words).markdown();
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
        let text = compare(&results(FIGURES), Labels::Ids).text();
        assert!(text.lines().any(|line| line.starts_with("Z1/load/native") && line.contains("832 000")));
        let last = text.lines().last().unwrap();
        assert!(last.trim_start().starts_with("L1/process") && last.contains("69 000  6900"), "{last}");
    }

    #[test]
    fn rows_that_nobody_foresaw_appear_by_themselves() {
        let figures = results(&[("P7/fuel/on", 1.0), ("P5/user", 2.0), ("linux/P5/getppid", 3.0)]);
        let text = compare(&figures, Labels::Ids).text();
        assert!(text.contains("P7/fuel/on") && text.contains("1.50"));
    }

    #[test]
    fn variants_stand_beside_what_their_id_does_and_longer_numbers_do_not() {
        assert_eq!(beside("P5/wasm"), Some("P5/getppid"));
        assert_eq!(beside("P4/wasm"), Some("P4/ebpf"));
        assert_eq!(beside("P4/kernel"), None);
        assert_eq!(beside("P10"), None);
    }

    #[test]
    fn numbers_show_what_counts() {
        assert_eq!([ratio(0.913), ratio(35.21), ratio(6900.4)], ["0.91", "35.2", "6900"]);
        assert_eq!([number(7.84), number(361.7), number(832_000.2)], ["7.8", "362", "832 000"]);
        assert_eq!([grouped("12345".into()), grouped("1234567".into())], ["12 345", "1 234 567"]);
    }
}
