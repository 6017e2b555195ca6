//! What a user of `ticker` notices.

use spindle_sdk::prelude::*;
use spindle_testkit::Testkit;
use ticker::Ticker;

#[test]
fn it_reports_ticks_and_uptime() {
    let mut kernel = Testkit::load::<Ticker>();
    kernel.tick(10_000_000);
    kernel.tick(10_000_000);
    kernel.advance(1_233_000_000);
    assert_eq!(kernel.command("ticker"), Status::OK);
    assert_eq!(kernel.lines(), ["2 ticks counted; up 1.253 s"]);
}

#[test]
fn it_counts_from_when_it_was_loaded() {
    let mut kernel = Testkit::load::<Ticker>();
    kernel.tick(10_000_000);
    let _ = kernel.unload();
    let mut kernel = Testkit::load::<Ticker>();
    kernel.command("ticker");
    assert_eq!(kernel.lines(), ["0 ticks counted; up 0.000 s"]);
}
