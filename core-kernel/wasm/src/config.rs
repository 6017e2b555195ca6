//! How the engine of an instance is set up.
//!
//! One engine per instance: its code map only grows, so a shared one would never give memory back.

use wasmi::{CompilationMode, Config, EnforcedLimits, Engine, OperatorCost};

/// The most calls inside each other in one activation.
const MAX_CALLS: usize = 1000;
/// The most bytes of the interpreter's own stack in one activation: what it grows to, by doubling.
const MAX_STACK_BYTES: usize = 256 << 10;
/// How many such stacks are kept for the next activation. A nested activation has one of its own.
const KEPT_STACKS: usize = 2;

/// What a call costs in fuel. The engine clears the locals of what is called, up to [`crate::sections::MAX_LOCALS`], and
/// counts nothing for that.
const CALL_FUEL: u8 = 16;

/// Makes an engine that compiles everything at once, so that a module cannot put work off until it is entered.
pub(crate) fn engine(is_metered: bool) -> Engine {
    let mut config = Config::default();
    config
        .consume_fuel(is_metered)
        .operator_cost(OperatorCost {
            call: CALL_FUEL,
            call_indirect: CALL_FUEL,
            return_call: CALL_FUEL,
            return_call_indirect: CALL_FUEL,
            ..OperatorCost::default()
        })
        .compilation_mode(CompilationMode::Eager)
        .enforced_limits(EnforcedLimits::strict())
        .ignore_custom_sections(true)
        .wasm_multi_memory(false)
        .set_max_recursion_depth(MAX_CALLS)
        .set_max_stack_height(MAX_STACK_BYTES)
        .set_max_cached_stacks(KEPT_STACKS);
    Engine::new(&config)
}
