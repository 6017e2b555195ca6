//! Results: the lines that a measuring kernel prints, read and kept in order.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use spindle_runner::Accelerator;

use crate::failure::{Failure, Result};

/// One measurement, as a kernel prints it. Under `--icount` the unit is instructions.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Measurement {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) samples: u64,
    pub(super) min: f64,
    pub(super) median: f64,
    pub(super) p99: f64,
}

/// What was measured so far, of whichever kernel. Ids of Linux begin with `linux/`.
#[derive(Debug, Default)]
pub(super) struct Results {
    all: Vec<Measurement>,
    ill_formed: Option<String>,
}

impl Results {
    /// Takes a line that may be a result; `prefix` is put before its id.
    pub(super) fn feed(&mut self, prefix: &str, line: &str) {
        let Some(object) = json_object(line) else { return };
        match serde_json::from_str::<Measurement>(object) {
            Ok(mut result) => {
                result.id.insert_str(0, prefix);
                eprintln!("measured {}", result.id);
                self.all.push(result);
            }
            Err(error) => self.ill_formed = Some(format!("{error} in `{line}`")),
        }
    }

    /// Fails if a line looked like a result and was none.
    pub(super) fn check(&self) -> Result<()> {
        match &self.ill_formed {
            Some(why) => Err(Failure::new("a result of the kernel cannot be read").because(why)),
            None => Ok(()),
        }
    }

    /// Of each id, the result whose median is in the middle of those of all `boots`.
    pub(super) fn middle(boots: Vec<Self>) -> Self {
        let mut of_id: Vec<Vec<Measurement>> = Vec::new();
        for result in boots.into_iter().flat_map(|boot| boot.all) {
            match of_id.iter_mut().find(|known| known[0].id == result.id) {
                Some(known) => known.push(result),
                None => of_id.push(vec![result]),
            }
        }
        let middle = |mut known: Vec<Measurement>| {
            known.sort_by(|a, b| a.median.total_cmp(&b.median));
            known.swap_remove((known.len() - 1) / 2)
        };
        Self { all: of_id.into_iter().map(middle).collect(), ill_formed: None }
    }

    /// Every result, in the order of measuring.
    pub(super) fn all(&self) -> &[Measurement] {
        &self.all
    }

    /// The result with this id, if it was measured.
    pub(super) fn find(&self, id: &str) -> Option<&Measurement> {
        self.all.iter().find(|result| result.id == id)
    }

    /// The results as they are, one a line.
    pub(super) fn listing(&self, accelerator: Accelerator) -> String {
        let mut text = format!(
            "{:<28} {:>9} {:>14} {:>14} {:>14}  unit ({accelerator})\n",
            "id", "samples", "min", "median", "p99"
        );
        for Measurement { id, unit, samples, min, median, p99, .. } in &self.all {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{id:<28} {samples:>9} {min:>14.2} {median:>14.2} {p99:>14.2}  {unit}");
        }
        text
    }
}

/// The object in a line of a listing: lines may stand alone, or in an array (then with a comma).
fn json_object(line: &str) -> Option<&str> {
    let line = line.trim().trim_end_matches([',', ']']).trim_start_matches('[');
    (line.starts_with('{') && line.ends_with('}')).then_some(line)
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Results, json_object};
    use spindle_runner::Accelerator;

    /// Results with these ids and medians.
    pub(in crate::bench) fn results(medians: &[(&str, f64)]) -> Results {
        let mut results = Results::default();
        for (id, median) in medians {
            results.feed("", &format!(r#"{{"id":"{id}","name":"what {id} is","unit":"ns","samples":10,"min":1.0,"median":{median},"p99":9.0}}"#));
        }
        results.check().unwrap();
        results
    }

    #[test]
    fn a_result_of_the_kernel_is_read() {
        let mut results = Results::default();
        results.feed("", r#"{"id":"P4/native","name":"raise to a native handler","unit":"ns","samples":10000,"min":1.500,"median":2.000,"p99":9.125}"#);
        let result = results.find("P4/native").unwrap();
        assert_eq!((result.samples, result.p99), (10_000, 9.125));
    }

    #[test]
    fn a_result_of_linux_is_told_apart_by_its_id() {
        let mut results = results(&[("P2", 7.8)]);
        results.feed("linux/", r#"{"id":"P2","unit":"ns","samples":1,"min":1,"median":8.8,"p99":9}"#);
        assert_eq!(results.find("P2").unwrap().median, 7.8);
        assert_eq!(results.find("linux/P2").unwrap().median, 8.8);
        assert!(results.listing(Accelerator::Tcg).lines().last().unwrap().starts_with("linux/P2  "));
    }

    #[test]
    fn of_several_boots_the_one_in_the_middle_counts_for_each_id_by_itself() {
        let boots = [(7.0, 18.0), (9.0, 17.0), (8.0, 30.0)];
        let boots = boots.map(|(p2, p4)| results(&[("P2", p2), ("P4/native", p4)]));
        let middle = Results::middle(boots.into());
        assert_eq!(middle.all().iter().map(|result| result.median).collect::<Vec<_>>(), [8.0, 18.0]);
        assert_eq!(middle.all()[0].id, "P2");
    }

    #[test]
    fn what_looks_like_a_result_and_is_none_is_an_error() {
        let mut results = results(&[("P2", 7.8)]);
        results.feed("", r#"{"id":"P1","unit":"ns"}"#);
        assert!(results.check().unwrap_err().to_string().contains(r#"{"id":"P1","unit":"ns"}"#));
        assert_eq!(results.all().len(), 1);
    }

    #[test]
    fn objects_of_an_array_are_found_and_text_is_not() {
        assert_eq!(json_object("[{\"a\":1},"), Some("{\"a\":1}"));
        assert_eq!(json_object("{\"a\":1}]"), Some("{\"a\":1}"));
        assert_eq!(json_object("[]"), None);
        assert_eq!(json_object("[info] {"), None);
        assert_eq!(json_object("[    1.234567] random: {"), None);
    }
}
