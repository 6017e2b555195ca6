//! What the Wasm benchmarks enter: a module that handles `bench.Null`, and variants of it.

use spindle_abi::{EventSpec, Export, Status};
use spindle_interfaces::bench::{self, Null};
use spindle_wasm::{Chain, DIRECT, Import, Instance, Limits};
use std::num::NonZeroUsize;

/// The strand of the benchmarks, as instances see it.
pub const CHAIN: Chain = Chain(NonZeroUsize::MIN);

/// The kernel's side of `bench`.
struct Bench;

impl bench::Procedures for Bench {
    fn null() {}
    fn nest(_depth: u32) -> Status {
        Status::UNHANDLED
    }
}

/// What the handler of a module does.
#[derive(Clone, Copy, Debug)]
pub enum Does {
    /// Returns.
    Nothing,
    /// Calls `bench.null` so many times.
    Calls(u32),
    /// Counts so far.
    Counts(u32),
}

impl Does {
    fn code(self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Calls(times) => looped(times, "(call $null (i32.const 0))"),
            Self::Counts(times) => looped(times, ""),
        }
    }
}

fn looped(times: u32, body: &str) -> String {
    format!(
        "(loop $next {body}
            (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {times}))))"
    )
}

/// The module of the benchmarks in the binary format.
pub fn module(does: Does) -> Vec<u8> {
    let text = format!(
        r#"(module
            (import "spindle" "bench.null" (func $null (param i32)))
            (memory (export "memory") 2)
            (table (export "__indirect_function_table") 3 3 funcref)
            (global (export "spindle_window") i32 (i32.const 0x10000))
            (global (export "spindle_extension") i32 (i32.const 16))
            (data (i32.const 16) "\01\00\00\00\01\00\00\00\00\00\00\00\01\00\00\00\24\00\00\00\02\00\00\00")
            (elem (i32.const 0) $start $stop $handle)
            (func $start (param i32) (result i32) (i32.const 0))
            (func $stop (param i32))
            (func $handle (param i32 i32) (local $i i32) {}))"#,
        does.code()
    );
    wat::parse_str(text).expect("the module is well formed")
}

/// Makes it ready.
pub fn instance(module: &[u8], fuel: Option<u64>) -> Box<Instance> {
    let exports = bench::exports::<Bench>();
    let import = |export: &Export| Import {
        name: export.declaration.name,
        layout: export.layout,
        call: export.framed,
    };
    let imports: Vec<Import> = exports.iter().map(import).collect();
    let handlers = [Null::FRAME.expect("an event of an interface").into()];
    let limits = Limits { memory_bytes: 2 << 16, table_elements: 3, fuel };
    let made = Instance::new(module, &imports, &handlers, limits, DIRECT, &mut |line| panic!("{line}"));
    made.expect("the module fits")
}
