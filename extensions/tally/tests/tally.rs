//! What whoever asks for everybody's health gets with `tally`.

use spindle_sdk::interfaces::health::{self, Report};
use spindle_testkit::Testkit;
use tally::Tally;

#[test]
fn reports_are_added_up() {
    let mut kernel = Testkit::load::<Tally>();
    let reports = [Report::FINE, Report::STRAINED, Report::FINE, Report::FAILING];
    let _others = reports.map(|report| kernel.somebody_answers::<health::Check>(report));
    let mut frame = health::Check::frame();
    kernel.raise::<health::Check>(&mut frame);
    assert_eq!(health::Check::result(&frame), Report { fine: 2, strained: 1, failing: 1 });
}

#[test]
fn a_sum_that_does_not_fit_stays_the_largest() {
    let many = Report { fine: u32::MAX, strained: 0, failing: 0 };
    assert_eq!(many.plus(Report::FINE), many);
}
