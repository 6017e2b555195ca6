//! P4/wasm and P7: the engine alone, and with a raise to a native handler around it.

use spindle_bench_host::wasm::{CHAIN, Does, instance, module};
use spindle_bench_host::{Suite, event, strand};
use spindle_interfaces::bench::Null;
use spindle_strands::null_handler;

/// More than any handler here needs.
const FUEL: Option<u64> = Some(1 << 40);
/// Iterations inside a module, so that entering it does not show.
const TIMES: u32 = 10_000;

pub(crate) fn run(suite: &mut Suite) {
    entering(suite);
    inside(suite);
    let module = module(Does::Nothing);
    suite.time("P7/instantiate", "make an instance of a small module", || instance(&module, FUEL));
}

/// A raise to a native handler is what a raise to a module's handler has around it.
fn entering(suite: &mut Suite) {
    let strand = strand();
    let native = event::<Null>();
    let _installed = native.install(null_handler()).expect("a new event takes a handler");
    let module = module(Does::Nothing);
    let kinds = [
        ("P4/wasm", "raise with one Wasm handler, metered", FUEL),
        ("P7/fuel=off", "raise with one Wasm handler, not metered", None),
    ];
    for (id, name, fuel) in kinds {
        let instance = instance(&module, fuel);
        suite.time(id, name, || {
            let _ = native.raise(&strand, &mut Null::frame());
            instance.enter_empty(CHAIN, 0)
        });
    }
}

fn inside(suite: &mut Suite) {
    let bodies = [
        ("P7/call", "Wasm module calls a null procedure", Does::Calls(TIMES)),
        ("P7/loop", "one iteration of a loop in a Wasm module", Does::Counts(TIMES)),
    ];
    for (id, name, does) in bodies {
        let module = module(does);
        let instance = instance(&module, FUEL);
        suite.time_parts(id, name, TIMES, || {
            instance.enter_empty(CHAIN, 0).expect("the module only loops");
        });
    }
}
