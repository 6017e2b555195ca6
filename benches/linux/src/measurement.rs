//! A measurement: the order statistics of one benchmark's samples.

use std::fmt;

/// What a benchmark found. Values are in thousandths of the unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measurement {
    /// Id and variant.
    pub(crate) id: &'static str,
    /// What was timed.
    pub(crate) name: &'static str,
    /// The unit of the three values.
    pub(crate) unit: &'static str,
    /// How many samples there were.
    pub(crate) samples: usize,
    /// The least sample.
    pub(crate) min_milli: u64,
    /// The sample in the middle.
    pub(crate) median_milli: u64,
    /// The sample that 99 of 100 do not exceed.
    pub(crate) p99_milli: u64,
}

/// A value in thousandths, shown with three decimals.
struct Milli(u64);

impl fmt::Display for Milli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

impl Measurement {
    /// The measurement as a JSON object on one line, as `bench --json` in Spindle prints it.
    pub(crate) fn json(&self) -> String {
        let Self { id, name, unit, samples, min_milli, median_milli, p99_milli } = *self;
        let (min, median, p99) = (Milli(min_milli), Milli(median_milli), Milli(p99_milli));
        format!(
            r#"{{"id":"{id}","name":"{name}","unit":"{unit}","samples":{samples},"min":{min},"median":{median},"p99":{p99}}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Measurement;

    #[test]
    fn a_result_has_the_shape_of_the_kernel_s() {
        let result = Measurement {
            id: "P5/getppid",
            name: "null system call",
            unit: "ns",
            samples: 10,
            min_milli: 99_001,
            median_milli: 100_000,
            p99_milli: 12,
        };
        let line = r#"{"id":"P5/getppid","name":"null system call","unit":"ns","samples":10,"min":99.001,"median":100.000,"p99":0.012}"#;
        assert_eq!(result.json(), line);
    }
}
