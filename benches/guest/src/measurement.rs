//! A measurement: the order statistics of one benchmark's samples.

use crate::harness::Unit;
use core::fmt;

/// What a benchmark found. Values are in thousandths of the unit.
#[derive(Clone, Copy, Debug)]
pub struct Measurement {
    /// Id and variant.
    pub id: &'static str,
    /// What was timed.
    pub name: &'static str,
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
        "id                        samples             min          median             p99  unit";

    /// The measurement as a JSON object on one line.
    pub fn json(&self) -> impl fmt::Display {
        let Self { id, name, unit, samples, min_milli, median_milli, p99_milli } = *self;
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
        write!(
            f,
            "{:<24} {:>8} {min:>15} {median:>15} {p99:>15}  {}",
            self.id,
            self.samples,
            self.unit.name()
        )
    }
}
