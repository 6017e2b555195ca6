//! The schema of every declared item. A change here is a change of fingerprint: packages built before are
//! refused.

use spindle_abi::{Declaration, EventSpec, Export, Fingerprint, Key, KeyField, KeyKind, Status};
use spindle_interfaces::runtime::HeapSpan;
use spindle_interfaces::{bench, clock, console, health, runtime, trap, user};

struct Nothing;

impl bench::Procedures for Nothing {
    fn null() {}
    fn nest(_depth: u32) -> Status {
        Status::OK
    }
}

impl clock::Procedures for Nothing {
    fn now() -> u64 {
        1
    }
    fn cycles() -> u64 {
        2
    }
}

impl console::Procedures for Nothing {
    fn write_line(_line: &str) {}
}

impl runtime::Procedures for Nothing {
    fn grow_heap(_pages: u64) -> HeapSpan {
        HeapSpan { start: 0, bytes: 0 }
    }
    fn panicked(message: &str, _file: &str, _line: u32) -> ! {
        panic!("{message}")
    }
}

impl user::Procedures for Nothing {
    fn copy_in(_process: u64, _address: u64, _into: &mut [u8]) -> Status {
        Status::OK
    }
    fn copy_out(_process: u64, _address: u64, _from: &[u8]) -> Status {
        Status::OK
    }
}

fn exported(exports: &[Export]) -> Vec<&'static str> {
    exports.iter().map(|export| export.declaration.schema).collect()
}

#[test]
fn procedures_are_exported_in_the_order_of_their_declaration() {
    assert_eq!(
        exported(&bench::exports::<Nothing>()),
        ["fn bench.null()", "fn bench.nest(depth: u32) -> Status{code: u32}"]
    );
    assert_eq!(exported(&clock::exports::<Nothing>()), ["fn clock.now() -> u64", "fn clock.cycles() -> u64"]);
    assert_eq!(exported(&console::exports::<Nothing>()), ["fn console.write_line(line: &str)"]);
    let user = [
        "fn user.copy_in(process: u64, address: u64, into: &mut [u8]) -> Status{code: u32}",
        "fn user.copy_out(process: u64, address: u64, from: &[u8]) -> Status{code: u32}",
    ];
    assert_eq!(exported(&user::exports::<Nothing>()), user);
    let runtime = [
        "fn runtime.grow_heap(pages: u64) -> HeapSpan{start: u64, bytes: u64}",
        "fn runtime.panicked(message: &str, file: &str, line: u32) -> !",
    ];
    assert_eq!(exported(&runtime::exports::<Nothing>()), runtime);
}

#[test]
fn every_export_has_an_entry_of_its_own() {
    let exports = clock::exports::<Nothing>();
    assert_ne!(exports[0].entry, exports[1].entry);
}

fn check<E: EventSpec>(name: &str, schema: &str) {
    let expected = Declaration {
        name: E::DECLARATION.name,
        schema: E::DECLARATION.schema,
        fingerprint: Fingerprint::of(schema),
    };
    assert_eq!((E::DECLARATION.name, E::DECLARATION.schema), (name, schema));
    assert_eq!(*E::DECLARATION, expected);
}

#[test]
fn events_are_declared_with_their_keys_and_results() {
    check::<bench::Null>("bench.Null", "event bench.Null()");
    check::<bench::Nested>("bench.Nested", "event bench.Nested(depth: u32) -> Status{code: u32}");
    check::<trap::SystemCall>(
        "trap.SystemCall",
        "event trap.SystemCall(key number: u64, process: u64, arguments: &[u64; 6]) -> Answer{value: u64}",
    );
    check::<bench::Measure>("bench.Measure", "event bench.Measure(iterations: u32, samples: &mut [u64])");
    check::<clock::Tick>("clock.Tick", "event clock.Tick(now_ns: u64)");
    check::<clock::Interrupt>("clock.Interrupt", "event clock.Interrupt(ticks: u64)");
    check::<health::Check>(
        "health.Check",
        "event health.Check() -> Report{fine: u32, strained: u32, failing: u32}",
    );
    check::<console::Command>(
        "console.Command",
        "event console.Command(key word: &str, arguments: &str) -> Status{code: u32}",
    );
}

#[test]
fn events_say_how_a_raise_of_them_goes() {
    const { assert!(console::Command::CHAINED && trap::SystemCall::CHAINED && !health::Check::CHAINED) };
    const { assert!(clock::Interrupt::INTERRUPT && !clock::Tick::INTERRUPT) };
    const { assert!(clock::Interrupt::QUEUEABLE && clock::Tick::QUEUEABLE && !console::Command::QUEUEABLE) };
    assert!(!trap::SystemCall::is_handled(&trap::Answer::NO_SUCH_CALL));
    assert!(trap::SystemCall::is_handled(&trap::Answer::new(0)));
}

#[test]
fn a_key_is_read_from_the_frame() {
    assert_eq!(console::Command::KEYS, [KeyField { name: "word", kind: KeyKind::Word }]);
    let frame = console::Command::frame("hello", "ada");
    assert_eq!(console::Command::key(&frame, 0), Key::Word("hello"));
    assert!(clock::Tick::KEYS.is_empty());
}
