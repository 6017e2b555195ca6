//! A measurement: the order statistics of one benchmark's samples.

use crate::Unit;
use core::fmt;

/// What a benchmark times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// Id and variant, such as `P4/native`.
    pub id: &'static str,
    /// In a few words.
    pub name: &'static str,
}

/// What a benchmark found. Values are in thousandths of the unit.
#[derive(Clone, Copy, Debug)]
pub struct Measurement {
    /// What was timed.
    pub timed: Timed,
    /// The unit of the three values.
    pub unit: Unit,
    /// How many samples there were.
    pub samples: usize,
    /// The least sample.
    pub min_milli: u64,
    /// The sample in the middle.
    pub median_milli: u64,
    /// The sample that 99 of 100 do not exceed.
    pub p99_milli: u64,
}

/// A value in thousandths, shown with three decimals.
struct Milli(u64);

impl fmt::Display for Milli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = f.width().unwrap_or(0).saturating_sub(4);
        write!(f, "{:width$}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

impl Measurement {
    /// The heading that [`Measurement`]'s own display stands under.
    pub const HEADING: &'static str =
        "id                           samples             min          median             p99  unit";

    /// The order statistics of `stamps`, which it sorts; each is of `calls` calls.
    ///
    /// # Panics
    /// Without any sample.
    pub fn of(timed: Timed, unit: Unit, stamps: &mut [u64], calls: u32) -> Self {
        stamps.sort_unstable();
        let last = stamps.len().checked_sub(1).expect("a benchmark takes at least one sample");
        let at = |index: usize| unit.milli(stamps[index], calls);
        let (min_milli, median_milli, p99_milli) = (at(0), at(last / 2), at(last * 99 / 100));
        Self { timed, unit, samples: stamps.len(), min_milli, median_milli, p99_milli }
    }

    /// The measurement as a JSON object on one line.
    pub fn json(&self) -> impl fmt::Display {
        let Self { timed: Timed { id, name }, unit, samples, min_milli, median_milli, p99_milli } = *self;
        fmt::from_fn(move |f| {
            write!(f, r#"{{"id":"{id}","name":"{name}","unit":"{}","samples":{samples},"#, unit.name())?;
            write!(f, r#""min":{},"median":{},"#, Milli(min_milli), Milli(median_milli))?;
            write!(f, r#""p99":{}}}"#, Milli(p99_milli))
        })
    }
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (min, median, p99) = (Milli(self.min_milli), Milli(self.median_milli), Milli(self.p99_milli));
        let (id, unit) = (self.timed.id, self.unit.name());
        write!(f, "{id:<27} {:>8} {min:>15} {median:>15} {p99:>15}  {unit}", self.samples)
    }
}

#[cfg(test)]
mod tests {
    use super::{Measurement, Timed};
    use crate::Unit;
    use std::string::ToString;

    const TIMED: Timed = Timed { id: "P5/getppid", name: "null system call" };

    #[test]
    fn statistics_are_of_the_sorted_samples_per_call() {
        let mut stamps: [u64; 100] = core::array::from_fn(|index| 10 * (100 - index as u64));
        let result = Measurement::of(TIMED, Unit::Instructions, &mut stamps, 10);
        assert_eq!((result.min_milli, result.median_milli, result.p99_milli), (1_000, 50_000, 99_000));
    }

    #[test]
    fn a_result_is_one_line_of_json() {
        let result = Measurement {
            timed: TIMED,
            unit: Unit::Nanoseconds { hz: 1_000_000_000 },
            samples: 10,
            min_milli: 99_001,
            median_milli: 100_000,
            p99_milli: 12,
        };
        let line = r#"{"id":"P5/getppid","name":"null system call","unit":"ns","samples":10,"min":99.001,"median":100.000,"p99":0.012}"#;
        assert_eq!(result.json().to_string(), line);
    }

    #[test]
    fn columns_stand_under_their_heading() {
        let line = Measurement::of(TIMED, Unit::Instructions, &mut [5], 1).to_string();
        let end = |text: &str, word: &str| text.find(word).map(|at| at + word.len());
        assert_eq!(end(&line, "5.000"), end(Measurement::HEADING, "min"));
        assert_eq!(line.find("instructions"), Measurement::HEADING.find("unit"));
    }
}
