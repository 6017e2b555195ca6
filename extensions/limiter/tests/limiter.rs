//! What a user of `limiter` notices, and what the handlers of others do.

use limiter::Limiter;
use spindle_sdk::interfaces::health::{self, Report};
use spindle_sdk::prelude::*;
use spindle_testkit::{Loaded, Testkit};

const SECOND_NS: u64 = 1_000_000_000;

fn health(kernel: &mut Loaded<Limiter>) -> Report {
    let mut frame = health::Check::frame();
    kernel.raise::<health::Check>(&mut frame);
    health::Check::result(&frame)
}

#[test]
fn others_run_so_many_times_a_second_and_no_more() {
    let mut kernel = Testkit::load::<Limiter>();
    let other = kernel.somebody_answers::<clock::Tick>(());
    assert_eq!(kernel.command("limiter 3"), Status::OK);
    (0..5).for_each(|_| kernel.tick(1));
    assert_eq!(other.calls(), 3);
    kernel.tick(SECOND_NS);
    assert_eq!(other.calls(), 4);
    assert_eq!(kernel.command("limiter 0"), Status::OK);
    kernel.tick(SECOND_NS);
    assert_eq!(other.calls(), 4);
}

#[test]
fn all_others_have_one_limit_together() {
    let mut kernel = Testkit::load::<Limiter>();
    let others = [(); 3].map(|()| kernel.somebody_answers::<clock::Tick>(()));
    kernel.command("limiter 4");
    (0..5).for_each(|_| kernel.tick(1));
    assert_eq!(others.iter().map(|other| other.calls()).sum::<usize>(), 4);
}

#[test]
fn it_says_what_it_did_and_how_it_is_used() {
    let mut kernel = Testkit::load::<Limiter>();
    let _other = kernel.somebody_answers::<clock::Tick>(());
    assert_eq!(health(&mut kernel), Report::FINE);
    kernel.command("limiter 1");
    (0..3).for_each(|_| kernel.tick(1));
    assert_eq!(health(&mut kernel), Report::STRAINED);
    assert_eq!(kernel.command("limiter"), Status::OK);
    assert_eq!(kernel.command("limiter often"), Status::FAILED);
    let shown = ["1 a second; in the last one 1 ran, 2 were held back", "usage: limiter, or limiter N"];
    assert_eq!(kernel.lines(), shown);
}
