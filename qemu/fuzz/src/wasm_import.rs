//! The Wasm engine's border (`spindle-wasm`): a module bound to procedures of every shape of argument.

use core::num::NonZeroUsize;

use spindle_abi::frame::{Field, FrameLayout, Shape};
use spindle_wasm::{Chain, Import, Instance, Limits, Row};

const LIMITS: Limits = Limits { memory_bytes: 1 << 20, table_elements: 1000, fuel: Some(20_000) };
const CHAIN: Chain = Chain(NonZeroUsize::MIN);

static LINE: FrameLayout = FrameLayout { arguments: &[Field::text()], result: None };
static NOW: FrameLayout = FrameLayout { arguments: &[], result: Some(Field::of::<u64>(Shape::Value)) };
static FILL: FrameLayout = FrameLayout {
    arguments: &[Field::of::<u8>(Shape::SliceMut), Field::of::<u32>(Shape::Value)],
    result: None,
};
static CHANGE: FrameLayout = FrameLayout {
    arguments: &[
        Field::of::<u64>(Shape::RefMut),
        Field::of::<u64>(Shape::Ref),
        Field::of::<bool>(Shape::Value),
    ],
    result: Some(Field::of::<u32>(Shape::Value)),
};
static WORDS: FrameLayout =
    FrameLayout { arguments: &[Field::of::<u64>(Shape::Slice), Field::text()], result: None };

const IMPORTS: [Import; 5] = [
    import("console.write_line", &LINE),
    import("clock.now", &NOW),
    import("test.fill", &FILL),
    import("test.change", &CHANGE),
    import("test.words", &WORDS),
];

/// Binds, starts and stops `module`; whatever it is, it ends, and within its limits.
///
/// A procedure of the kernel is entered with a frame that was checked before, so what the module says in it is checked
/// here by every call of its start function.
///
/// # Panics
/// If one of that is not so.
pub fn check(module: &[u8]) {
    let mut report = |line: core::fmt::Arguments<'_>| assert!(!line.to_string().is_empty());
    let made = Instance::new(module, &IMPORTS, &[Row::Handler(&LINE)], LIMITS, |_, _| {}, &mut report);
    let instance = match made {
        Ok(instance) => instance,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    // How either ends is the module's affair; that it ends, ours.
    let _ = instance.start(CHAIN);
    let _ = instance.stop(CHAIN);
    assert!(instance.memory_bytes() <= LIMITS.memory_bytes);
}

const fn import(name: &'static str, layout: &'static FrameLayout) -> Import {
    extern "C" fn nothing(_: *mut ()) {}
    Import { name, layout, call: nothing }
}
