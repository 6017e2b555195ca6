//! P4/wasm and P7, on the build machine's processor: `cargo bench -p spindle-bench-host --bench wasm`.
//!
//! P2 and P4/native are here again: ratios are taken within one run.

use criterion::{Criterion, criterion_group, criterion_main};
use spindle_bench_host::wasm::{CHAIN, Does, instance, module};
use spindle_bench_host::{event, null, strand};
use spindle_interfaces::bench::Null;
use spindle_strands::null_handler;
use std::cell::Cell;
use std::hint::black_box;

/// More than any handler here needs.
const FUEL: Option<u64> = Some(1 << 40);
/// Iterations inside a module, so that entering it does not show.
const TIMES: u32 = 10_000;

fn entering(criterion: &mut Criterion) {
    let pointer = Cell::new(null as fn());
    black_box(&pointer);
    criterion.bench_function("P2", |bencher| bencher.iter(|| pointer.get()()));

    // A raise to a native handler is what a raise to a module's handler has around it.
    let strand = strand();
    let native = event();
    let _installed = native.install(null_handler()).expect("a new event takes a handler");
    criterion
        .bench_function("P4/native", |bencher| bencher.iter(|| native.raise(&strand, &mut Null::frame())));

    let module = module(Does::Nothing);
    for (name, fuel) in [("P4/wasm", FUEL), ("P4/wasm, no fuel", None)] {
        let instance = instance(&module, fuel);
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let _ = native.raise(&strand, &mut Null::frame());
                instance.enter_empty(CHAIN, 0)
            });
        });
    }
}

/// One criterion iteration is [`TIMES`] of what is named: divide.
fn inside(criterion: &mut Criterion) {
    for (name, does) in [("P7/call", Does::Calls(TIMES)), ("P7/loop", Does::Counts(TIMES))] {
        let module = module(does);
        for (fuel_name, fuel) in [("fuel", FUEL), ("no fuel", None)] {
            let instance = instance(&module, fuel);
            let id = format!("{name} x {TIMES}, {fuel_name}");
            criterion.bench_function(&id, |bencher| {
                bencher.iter(|| instance.enter_empty(CHAIN, 0));
            });
        }
    }
}

fn making(criterion: &mut Criterion) {
    let module = module(Does::Nothing);
    criterion.bench_function("P7/instantiate", |bencher| bencher.iter(|| instance(&module, FUEL)));
}

criterion_group!(benches, entering, inside, making);
criterion_main!(benches);
