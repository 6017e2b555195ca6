//! P1, P2, P4 and the crossing.

use spindle_bench_host::{Nothing, Suite, event, null, strand};
use spindle_interfaces::bench::Null;
use spindle_strands::{NullCrossing, null_handler};
use std::cell::Cell;
use std::hint::black_box;

pub(crate) fn run(suite: &mut Suite) {
    let strand = strand();

    suite.time("P1", "direct call of a null procedure", null);

    let pointer = Cell::new(null as fn());
    // Its address is known to code that the compiler cannot see, so every call loads it again.
    black_box(&pointer);
    suite.time("P2", "indirect call, its pointer loaded each time", || pointer.get()());

    let boxed: Box<dyn Fn()> = Box::new(null);
    let boxed = Cell::new(Some(boxed));
    black_box(&boxed);
    let boxed = boxed.take().expect("it was put there above");
    suite.time("P2/box", "call of a `Box<dyn Fn>`", || black_box(&boxed)());

    let kernel = event::<Null>();
    let _installed = kernel.install(Nothing::handler::<Null>()).expect("a new event takes a handler");
    suite.time("P4/kernel", "raise with one kernel handler", || kernel.raise(&strand, &mut Null::frame()));

    let native = event::<Null>();
    let _installed = native.install(null_handler()).expect("a new event takes a handler");
    suite.time("P4/native", "raise with one native handler", || native.raise(&strand, &mut Null::frame()));

    let crossing = NullCrossing::new();
    suite.time("K0/crossing", "crossing around a null call, and the call", || crossing.cross(&strand));
}
