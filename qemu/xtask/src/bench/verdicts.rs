//! What the figures are expected to show, and whether they do. Expectations are about time: an instruction says little.

use std::fmt::Write;

use super::results::Results;
use super::table::{LINUX, ratio};

/// One expectation: a median compared with a multiple of another.
struct Expectation {
    /// As a sentence without its full stop.
    claim: &'static str,
    id: &'static str,
    bound: Bound,
    /// What the multiple is of: an id of Spindle, or one of Linux.
    of: Of,
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

enum Of {
    Spindle(&'static str),
    Linux(&'static str),
}

const EXPECTATIONS: &[Expectation] = &[
    Expectation {
        claim: "a trap costs at least ten calls: P5/kernel is at least 10 x P4/native",
        id: "P5/kernel",
        bound: Bound::AtLeast(10.0),
        of: Of::Spindle("P4/native"),
    },
    Expectation {
        claim: "a trap costs no more than Linux's: P5/kernel is at most getppid",
        id: "P5/kernel",
        bound: Bound::AtMost(1.0),
        of: Of::Linux("P5/getppid"),
    },
    Expectation {
        claim: "a native handler costs no more than a null eBPF program",
        id: "P4/native",
        bound: Bound::AtMost(1.0),
        of: Of::Linux("P4/ebpf"),
    },
    Expectation {
        claim: "a Wasm handler costs at most 120 calls: P4/wasm is at most 120 x P2",
        id: "P4/wasm",
        bound: Bound::AtMost(120.0),
        of: Of::Spindle("P2"),
    },
];

/// What became of an expectation.
enum Verdict {
    /// With the figures that say so.
    Met(String),
    /// With the figures that say so.
    NotMet(String),
    /// With the id that is missing.
    NotMeasured(String),
}

impl Expectation {
    fn judge(&self, results: &Results) -> Verdict {
        let of = match self.of {
            Of::Spindle(id) => id.to_owned(),
            Of::Linux(id) => format!("{LINUX}{id}"),
        };
        let find = |id: &str| results.find(id).ok_or_else(|| Verdict::NotMeasured(id.to_owned()));
        let (figure, other) = match (find(self.id), find(&of)) {
            (Ok(figure), Ok(other)) => (figure, other),
            (Err(missing), _) | (_, Err(missing)) => return missing,
        };
        let times = figure.median / other.median;
        let figures = format!(
            "{:.1} {unit} is {} x {:.1} {unit}",
            figure.median,
            ratio(times),
            other.median,
            unit = figure.unit
        );
        let is_met = match self.bound {
            Bound::AtLeast(least) => times >= least,
            Bound::AtMost(most) => times <= most,
        };
        if is_met { Verdict::Met(figures) } else { Verdict::NotMet(figures) }
    }
}

impl Verdict {
    fn words(&self) -> String {
        match self {
            Self::Met(figures) => format!("met ({figures})"),
            Self::NotMet(figures) => format!("not met ({figures})"),
            Self::NotMeasured(id) => format!("not measured (there is no {id})"),
        }
    }
}

/// Each expectation and its verdict, as lines of a list that is Markdown too. Of instructions there are none.
pub(super) fn text(results: &Results) -> String {
    let mut text = String::new();
    if results.all().iter().any(|result| result.unit != "ns") {
        return text;
    }
    for expectation in EXPECTATIONS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- {}: **{}**", expectation.claim, expectation.judge(results).words());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::results;
    use super::text;

    fn verdicts(medians: &[(&str, f64)]) -> Vec<String> {
        text(&results(medians)).lines().map(|line| line.split_once("**").unwrap().1.to_owned()).collect()
    }

    #[test]
    fn figures_are_held_against_what_was_expected() {
        let verdicts = verdicts(&[
            ("P2", 8.0),
            ("P4/native", 18.0),
            ("P4/wasm", 961.0),
            ("P5/kernel", 180.0),
            ("linux/P5/getppid", 360.0),
            ("linux/P4/ebpf", 18.0),
        ]);
        assert_eq!(verdicts[0], "met (180.0 ns is 10.0 x 18.0 ns)**");
        assert_eq!(verdicts[1], "met (180.0 ns is 0.50 x 360.0 ns)**");
        assert_eq!(verdicts[2], "met (18.0 ns is 1.00 x 18.0 ns)**");
        assert_eq!(verdicts[3], "not met (961.0 ns is 120 x 8.0 ns)**");
    }

    #[test]
    fn instructions_are_held_against_nothing() {
        let mut results = results(&[("P2", 8.0)]);
        results.feed("", r#"{"id":"P1","unit":"instructions","samples":1,"min":1,"median":2,"p99":3}"#);
        assert_eq!(text(&results), "");
    }

    #[test]
    fn what_was_not_measured_is_neither_met_nor_not_met() {
        let verdicts = verdicts(&[("P2", 8.0), ("P4/native", 18.0)]);
        assert_eq!(verdicts[0], "not measured (there is no P5/kernel)**");
        assert_eq!(verdicts[2], "not measured (there is no linux/P4/ebpf)**");
    }
}
