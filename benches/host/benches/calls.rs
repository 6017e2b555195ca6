//! P1, P2, P4 and the crossing, on the build machine's processor: `cargo bench -p spindle-bench-host`.

use criterion::{Criterion, criterion_group, criterion_main};
use spindle_bench_host::{Nothing, event, null, strand};
use spindle_interfaces::bench::Null;
use spindle_strands::{NullCrossing, null_handler};
use std::cell::Cell;
use std::hint::black_box;

fn calls(criterion: &mut Criterion) {
    let strand = strand();

    criterion.bench_function("P1", |bencher| bencher.iter(null));

    let pointer = Cell::new(null as fn());
    black_box(&pointer);
    criterion.bench_function("P2", |bencher| bencher.iter(|| pointer.get()()));

    let kernel = event();
    let _installed = kernel.install(Nothing::handler()).expect("a new event takes a handler");
    criterion
        .bench_function("P4/kernel", |bencher| bencher.iter(|| kernel.raise(&strand, &mut Null::frame())));

    let native = event();
    let _installed = native.install(null_handler()).expect("a new event takes a handler");
    criterion
        .bench_function("P4/native", |bencher| bencher.iter(|| native.raise(&strand, &mut Null::frame())));

    let crossing = NullCrossing::new();
    criterion.bench_function("K0/crossing", |bencher| bencher.iter(|| crossing.cross(&strand)));
}

criterion_group!(benches, calls);
criterion_main!(benches);
