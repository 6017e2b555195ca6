//! A logarithmic axis: which values it spans, where a value lies on it, and where its ticks are.

/// A logarithmic axis from one round value to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    least: Round,
    most: Round,
}

/// A value that a tick may stand at: 1, 2 or 5 times a power of ten. Counted in order, so that the next one is one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Round(i32);

/// More decades than this have ticks at the powers of ten only.
const CROWDED_DECADES: i32 = 3;

impl Round {
    fn value(self) -> f64 {
        let mantissa = [1.0, 2.0, 5.0][self.0.rem_euclid(3) as usize];
        mantissa * 10_f64.powi(self.0.div_euclid(3))
    }

    fn is_power(self) -> bool {
        self.0.rem_euclid(3) == 0
    }

    /// The largest that is at most `value`, which is above 0.
    fn at_most(value: f64) -> Self {
        let power = 3 * value.log10().floor() as i32;
        // Logarithms are not exact: begin one decade lower and go up.
        let candidates = (power - 3..=power + 3).map(Self);
        candidates.take_while(|round| round.value() <= value * (1.0 + 1e-9)).last().unwrap_or(Self(power))
    }
}

impl Scale {
    /// The shortest axis with all `values` on it; only those above 0 can be. `None` if there are none.
    pub(super) fn around(values: impl Iterator<Item = f64>) -> Option<Self> {
        let positive = values.filter(|value| *value > 0.0 && value.is_finite());
        let (least, most) =
            positive.fold((f64::MAX, 0.0_f64), |(least, most), value| (least.min(value), most.max(value)));
        if most == 0.0 {
            return None;
        }
        let below = Round::at_most(most);
        let most = if below.value() >= most * (1.0 - 1e-9) { below } else { Round(below.0 + 1) };
        let least = Round::at_most(least);
        // One value alone would be an axis without length.
        Some(Self { least, most: if most == least { Round(most.0 + 1) } else { most } })
    }

    /// Where `value` lies: 0 at the axis' beginning, 1 at its end.
    pub(super) fn place(self, value: f64) -> f64 {
        let (least, most) = (self.least.value().log10(), self.most.value().log10());
        (value.log10() - least) / (most - least)
    }

    /// The values at which ticks stand, in order.
    pub(super) fn ticks(self) -> impl Iterator<Item = f64> {
        let crowded = self.most.0 - self.least.0 > 3 * CROWDED_DECADES;
        (self.least.0..=self.most.0)
            .map(Round)
            .filter(move |round| !crowded || round.is_power())
            .map(Round::value)
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    fn ticks(values: &[f64]) -> Vec<f64> {
        Scale::around(values.iter().copied()).unwrap().ticks().collect()
    }

    #[test]
    fn an_axis_begins_and_ends_at_round_values() {
        assert_eq!(ticks(&[1.3, 7.0]), [1.0, 2.0, 5.0, 10.0]);
        assert_eq!(ticks(&[1.0, 100.0]), [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]);
        assert_eq!(ticks(&[1.0, 10_000.0]), [1.0, 10.0, 100.0, 1_000.0, 10_000.0]);
    }

    #[test]
    fn a_value_lies_where_its_logarithm_does() {
        let scale = Scale::around([1.0, 100.0].into_iter()).unwrap();
        assert!((scale.place(10.0) - 0.5).abs() < 1e-9);
        assert!(scale.place(1.0).abs() < 1e-9 && (scale.place(100.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn one_value_has_an_axis_and_zero_has_none() {
        assert_eq!(ticks(&[5.0, 0.0]), [5.0, 10.0]);
        assert_eq!(Scale::around([0.0].into_iter()), None);
    }
}
