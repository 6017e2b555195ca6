//! What the figures are expected to show, and whether they do. Expectations are about time: an instruction says little.

use std::fmt::Write;

use super::compare::YARDSTICK;
use super::results::{Measurement, Results};
use super::table::ratio;

/// What is expected of one place: one figure compared with a multiple of another.
pub(super) struct Expectation {
    /// As a sentence without its full stop.
    claim: &'static str,
    figure: Figure,
    bound: Bound,
    /// What the multiple is of.
    of: Figure,
}

/// A figure, by the ids that it is made of.
#[derive(Clone, Copy)]
enum Figure {
    /// A median.
    Of(&'static str),
    /// What each of `count` adds: the difference between two medians, divided.
    Each { many: &'static str, few: &'static str, count: f64 },
    /// So many, of whatever the other figure counts.
    Number(f64),
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// Of Spindle's kernel and of Linux beside it.
pub(super) const IN_THE_GUEST: &[Expectation] = &[
    Expectation {
        claim: "a trap costs at least ten calls: P5/kernel is at least 10 x P4/native",
        figure: Figure::Of("P5/kernel"),
        bound: Bound::AtLeast(10.0),
        of: Figure::Of("P4/native"),
    },
    Expectation {
        claim: "a trap costs no more than Linux's: P5/kernel is at most getppid",
        figure: Figure::Of("P5/kernel"),
        bound: Bound::AtMost(1.0),
        of: Figure::Of("linux/P5/getppid"),
    },
    Expectation {
        claim: "a native handler costs no more than a null eBPF program",
        figure: Figure::Of("P4/native"),
        bound: Bound::AtMost(1.0),
        of: Figure::Of("linux/P4/ebpf"),
    },
    Expectation {
        claim: "a Wasm handler costs at most 120 calls: P4/wasm is at most 120 x P2",
        figure: Figure::Of("P4/wasm"),
        bound: Bound::AtMost(120.0),
        of: Figure::Of(YARDSTICK),
    },
    Expectation {
        claim: "a raise with one kernel handler costs at most 1.5 indirect calls",
        figure: Figure::Of("P4/kernel"),
        bound: Bound::AtMost(1.5),
        of: Figure::Of(YARDSTICK),
    },
    FALSE_CLOSURE_GUARD,
    FALSE_KEY_GUARD,
    MANY_KEYS,
    Expectation {
        claim: "a native handler is found by key as soon among 100 as alone",
        figure: Figure::Of("D1/keys=100/native"),
        bound: Bound::AtMost(1.1),
        of: Figure::Of("D1/keys=1/native"),
    },
];

/// Of the host's processor.
pub(super) const ON_THE_HOST: &[Expectation] = &[
    Expectation {
        claim: "a raise with one unguarded kernel handler costs at most 1.75 indirect calls",
        figure: Figure::Of("P4/kernel"),
        bound: Bound::AtMost(1.75),
        of: Figure::Of(YARDSTICK),
    },
    FALSE_CLOSURE_GUARD,
    FALSE_KEY_GUARD,
    MANY_KEYS,
    Expectation {
        claim: "beside 10 000 installs and uninstalls a second raises keep at least 90 % of their throughput",
        figure: Figure::Of("D6/raise/quiet"),
        bound: Bound::AtLeast(0.9),
        of: Figure::Of("D6/raise/changing"),
    },
    Expectation {
        claim: "a swap loses no raise",
        figure: Figure::Of("D6/lost"),
        bound: Bound::AtMost(0.0),
        of: Figure::Number(1.0),
    },
    Expectation {
        claim: "a swap has no raise handled twice",
        figure: Figure::Of("D6/duplicated"),
        bound: Bound::AtMost(0.0),
        of: Figure::Number(1.0),
    },
];

const FALSE_CLOSURE_GUARD: Expectation = Expectation {
    claim: "each false closure guard of the kernel costs at most 2.2 indirect calls",
    figure: Figure::Each { many: "D1/guards_false=100", few: "D1/guards_false=10", count: 90.0 },
    bound: Bound::AtMost(2.2),
    of: Figure::Of(YARDSTICK),
};

const FALSE_KEY_GUARD: Expectation = Expectation {
    claim: "each false guard that is data costs at most 0.3 indirect calls (in SPIN any guard cost about 53 cycles)",
    figure: Figure::Each { many: "D1/keys_false=100", few: "D1/keys_false=10", count: 90.0 },
    bound: Bound::AtMost(0.3),
    of: Figure::Of(YARDSTICK),
};

const MANY_KEYS: Expectation = Expectation {
    claim: "a repeated key finds its handler among 10 000 in at most 1.1 x the time of one (in SPIN the time grew with them)",
    figure: Figure::Of("D1/keys=10000"),
    bound: Bound::AtMost(1.1),
    of: Figure::Of("D1/keys=1"),
};

/// What became of an expectation.
enum Verdict {
    /// With the figures that say so.
    Met(String),
    /// With the figures that say so.
    NotMet(String),
    /// With the id that is missing.
    NotMeasured(&'static str),
}

impl Figure {
    /// The value, or the id that is missing.
    fn value(self, results: &Results) -> Result<f64, &'static str> {
        let median = |id| results.find(id).map(|result| result.median).ok_or(id);
        match self {
            Self::Of(id) => median(id),
            Self::Each { many, few, count } => Ok((median(many)? - median(few)?) / count),
            Self::Number(number) => Ok(number),
        }
    }

    /// The unit, with a blank before it.
    fn unit(self, results: &Results) -> String {
        let (Self::Of(id) | Self::Each { many: id, .. }) = self else { return String::new() };
        results.find(id).map(|Measurement { unit, .. }| format!(" {unit}")).unwrap_or_default()
    }
}

impl Expectation {
    fn judge(&self, results: &Results) -> Verdict {
        let (figure, other) = match (self.figure.value(results), self.of.value(results)) {
            (Ok(figure), Ok(other)) => (figure, other),
            (Err(missing), _) | (_, Err(missing)) => return Verdict::NotMeasured(missing),
        };
        let times = figure / other;
        let (unit, other_unit) = (self.figure.unit(results), self.of.unit(results));
        let figures = match self.of {
            Figure::Number(_) => format!("{figure}{unit}"),
            _ => format!("{}{unit} is {} x {}{other_unit}", short(figure), ratio(times), short(other)),
        };
        let is_met = match self.bound {
            Bound::AtLeast(least) => times >= least,
            Bound::AtMost(most) => times <= most,
        };
        if is_met { Verdict::Met(figures) } else { Verdict::NotMet(figures) }
    }
}

/// One decimal, or two where there is nothing before them.
fn short(value: f64) -> String {
    if value.abs() < 10.0 { format!("{value:.2}") } else { format!("{value:.1}") }
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
pub(super) fn text(expectations: &[Expectation], results: &Results) -> String {
    let mut text = String::new();
    if results.find(YARDSTICK).is_some_and(|yardstick| yardstick.unit != "ns") {
        return text;
    }
    for expectation in expectations {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "- {}: **{}**", expectation.claim, expectation.judge(results).words());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::results;
    use super::{IN_THE_GUEST, ON_THE_HOST, text};

    fn verdicts(medians: &[(&str, f64)]) -> Vec<String> {
        of(&text(IN_THE_GUEST, &results(medians)))
    }

    fn of(text: &str) -> Vec<String> {
        text.lines().map(|line| line.split_once("**").unwrap().1.to_owned()).collect()
    }

    #[test]
    fn what_each_guard_adds_is_held_against_a_call() {
        let medians = [
            ("P2", 1.0),
            ("D1/guards_false=10", 20.0),
            ("D1/guards_false=100", 200.0),
            ("D1/keys_false=10", 5.0),
            ("D1/keys_false=100", 50.0),
            ("D6/lost", 0.0),
            ("D6/duplicated", 1.0),
        ];
        let verdicts = of(&text(ON_THE_HOST, &results(&medians)));
        assert_eq!(verdicts[1], "met (2.00 ns is 2.00 x 1.00 ns)**");
        assert_eq!(verdicts[2], "not met (0.50 ns is 0.50 x 1.00 ns)**");
        assert_eq!(verdicts[5], "met (0 ns)**");
        assert_eq!(verdicts[6], "not met (1 ns)**");
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
        assert_eq!(verdicts[3], "not met (961.0 ns is 120 x 8.00 ns)**");
    }

    #[test]
    fn instructions_are_held_against_nothing() {
        let mut results = results(&[]);
        results.feed("", r#"{"id":"P2","unit":"instructions","samples":1,"min":1,"median":2,"p99":3}"#);
        assert_eq!(text(IN_THE_GUEST, &results), "");
    }

    #[test]
    fn what_was_not_measured_is_neither_met_nor_not_met() {
        let verdicts = verdicts(&[("P2", 8.0), ("P4/native", 18.0)]);
        assert_eq!(verdicts[0], "not measured (there is no P5/kernel)**");
        assert_eq!(verdicts[2], "not measured (there is no linux/P4/ebpf)**");
    }
}
