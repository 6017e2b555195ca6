//! Handlers that go wrong: each is a fault of its kind, and the instance's memory is all that it can spoil.

use crate::support::shapes::{Count, Each, Nothing, Text};
use crate::support::{HERE, LIMITS, enter, load, load_text, load_with, module, notes};
use spindle_abi::guest::WINDOW_BYTES;
use spindle_abi::{EventSpec, Status};
use spindle_wasm::{Argument, Error, Fault, Instance, Limits, Trap, Wrong};

/// The fault of a handler with this code.
fn fault(imports: &str, code: &str) -> Fault {
    let instance = load::<Nothing>(imports, &format!("(func $handler (param i32 i32) {code})"));
    fault_of(&instance)
}

fn fault_of(instance: &Instance) -> Fault {
    match enter::<Nothing>(instance, &mut Nothing::frame()) {
        Err(Error::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn instructions_that_cannot_be_carried_out_are_told_apart() {
    let traps = [
        ("(unreachable)", Trap::Unreachable),
        ("(drop (i32.load (i32.const 0x20000)))", Trap::MemoryBounds),
        ("(i64.store (i32.const -1) (i64.const 0))", Trap::MemoryBounds),
        ("(call_indirect (i32.const 4))", Trap::TableBounds),
        ("(call_indirect (i32.const 3))", Trap::EmptyEntry),
        ("(call_indirect (i32.const 0))", Trap::WrongType),
        ("(drop (i32.div_u (i32.const 1) (i32.load (i32.const 0))))", Trap::DivisionByZero),
        (
            "(drop (i32.div_s (i32.const 0x80000000) (i32.sub (i32.load (i32.const 0)) (i32.const 1))))",
            Trap::IntegerOverflow,
        ),
        ("(drop (i32.trunc_f64_s (f64.div (f64.const 0) (f64.load (i32.const 0)))))", Trap::NoInteger),
    ];
    for (code, trap) in traps {
        assert_eq!(fault("", code), Fault::Trap(trap), "{code}");
    }
}

#[test]
fn endless_recursion_exhausts_its_own_stack() {
    assert_eq!(
        fault("", "(call $deeper (i64.const 0))) (func $deeper (param i64) (call $deeper (local.get 0))"),
        Fault::StackExhausted
    );
    // Few calls with large frames.
    let locals = "(local i64) ".repeat(1000);
    assert_eq!(fault("", &format!("(call $wide)) (func $wide {locals} (call $wide)")), Fault::StackExhausted);
}

#[test]
fn an_endless_loop_runs_out_of_fuel_and_the_next_activation_has_its_own() {
    let body = "(func $handler (param i32 i32)
        (if (i32.load (local.get 1)) (then (loop $ever (br $ever))))
        (i32.store offset=4 (local.get 1) (i32.const 7)))";
    let instance = load::<Count>("", body);
    for _ in 0..3 {
        assert_eq!(enter::<Count>(&instance, &mut Count::frame(1)), Err(Error::Fault(Fault::OutOfFuel)));
        let mut frame = Count::frame(0);
        enter::<Count>(&instance, &mut frame).unwrap();
        assert_eq!(Count::result(&frame), Status::new(7));
    }
}

#[test]
fn bulk_instructions_cost_what_they_move() {
    let code = "(loop $ever (memory.fill (i32.const 0x1000) (i32.const 0) (i32.const 0xf000)) (br $ever))";
    assert_eq!(fault("", code), Fault::OutOfFuel);
    // 100 000 units are about 100 fills of 960 units, and by far not 25 000 rounds.
    let counted = "(loop $ever
        (i32.store (i32.const 0x400) (i32.add (i32.load (i32.const 0x400)) (i32.const 1)))
        (memory.fill (i32.const 0x1000) (i32.const 0) (i32.const 0xf000)) (br $ever))";
    let body = format!(
        "(func $handler (param i32 i32) (if (i32.load (local.get 1)) (then {counted}))
        (i32.store offset=4 (local.get 1) (i32.load (i32.const 0x400))))"
    );
    let instance = load::<Count>("", &body);
    assert!(enter::<Count>(&instance, &mut Count::frame(1)).is_err());
    let mut frame = Count::frame(0);
    enter::<Count>(&instance, &mut frame).unwrap();
    assert!((90..110).contains(&Count::result(&frame).code()), "{:?}", Count::result(&frame));
}

#[test]
fn without_fuel_nothing_is_counted() {
    let body = "(func $handler (param i32 i32) (local $i i32)
        (loop $next (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000000)))))";
    let limits = Limits { fuel: None, ..LIMITS };
    enter::<Nothing>(&load_with::<Nothing>("", body, limits), &mut Nothing::frame()).unwrap();
    let metered = load::<Nothing>("", body);
    assert_eq!(fault_of(&metered), Fault::OutOfFuel);
}

#[test]
fn memory_and_table_grow_to_their_limits_and_no_further() {
    // The answer: the first failing memory.grow times 100 plus the first failing table.grow.
    let body = "(func $handler (param i32 i32) (local $pages i32) (local $entries i32)
        (loop $more (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1))
            (then (local.set $pages (i32.add (local.get $pages) (i32.const 1))) (br $more))))
        (loop $more (if (i32.ne (table.grow (ref.null func) (i32.const 1)) (i32.const -1))
            (then (local.set $entries (i32.add (local.get $entries) (i32.const 1))) (br $more))))
        (i32.store offset=4 (local.get 1)
            (i32.add (i32.mul (local.get $pages) (i32.const 100)) (local.get $entries))))";
    let limits = Limits { memory_bytes: 5 << 16, table_elements: 10, ..LIMITS };
    let instance = load_with::<Count>("", body, limits);
    assert_eq!(instance.memory_bytes(), 2 << 16);
    let mut frame = Count::frame(0);
    enter::<Count>(&instance, &mut frame).unwrap();
    assert_eq!(Count::result(&frame).code(), 306);
    assert_eq!(instance.memory_bytes(), 5 << 16);
}

#[test]
fn growing_without_end_in_a_loop_ends_with_the_fuel() {
    assert_eq!(fault("", "(loop $ever (drop (memory.grow (i32.const 1))) (br $ever))"), Fault::OutOfFuel);
}

#[test]
fn the_window_is_full_before_anything_is_entered() {
    let instance = load::<Text>(
        r#"(import "spindle" "shapes.nothing" (func $nothing (param i32)))"#,
        "(func $handler (param i32 i32) (call $nothing (i32.const 0)))",
    );
    let line = "x".repeat(WINDOW_BYTES);
    let fits = WINDOW_BYTES - 12;
    enter::<Text>(&instance, &mut Text::frame(&line[..fits])).unwrap();
    assert_eq!(notes().len(), 1);
    let full = Fault::WindowFull { wanted_bytes: WINDOW_BYTES + 1 };
    assert_eq!(enter::<Text>(&instance, &mut Text::frame(&line[..=fits])), Err(Error::Fault(full)));
    assert_eq!(notes().len(), 0);
    enter::<Text>(&instance, &mut Text::frame("short")).unwrap();
}

const TEXT: &str = r#"(import "spindle" "shapes.text" (func $text (param i32)))"#;
const READS: &str = r#"(import "spindle" "shapes.reads" (func $reads (param i32)))"#;

/// The fault of a module that calls `import` with a frame at 128 that `data` says.
fn bad_argument(import: &str, name: &str, data: &str) -> (Argument, Wrong, String) {
    let code = format!(r#"(call {name} (i32.const 128))) (data (i32.const 128) "{data}""#);
    let fault = fault(import, &code);
    assert_eq!(notes().len(), 0);
    match fault {
        Fault::BadArgument { argument, wrong, .. } => (argument, wrong, fault.to_string()),
        other => panic!("{other}"),
    }
}

#[test]
fn a_text_outside_the_memory_is_a_fault_that_says_so() {
    let (argument, wrong, words) = bad_argument(TEXT, "$text", r"\fe\ff\01\00\03\00\00\00");
    assert_eq!((argument, wrong), (Argument::Number(0), Wrong::OutOfBounds { address: 0x1fffe, bytes: 3 }));
    assert_eq!(words, "called shapes.text with argument 1 that is not in its memory (3 bytes at 0x1fffe)");
    let (_, wrong, _) = bad_argument(TEXT, "$text", r"\ff\ff\ff\ff\ff\ff\ff\ff");
    assert_eq!(wrong, Wrong::OutOfBounds { address: u32::MAX, bytes: u64::from(u32::MAX) });
}

#[test]
fn a_frame_outside_the_memory_is_a_fault() {
    for address in ["0x1fffc", "-4"] {
        let fault = fault(TEXT, &format!("(call $text (i32.const {address}))"));
        assert!(matches!(
            fault,
            Fault::BadArgument { argument: Argument::Frame, wrong: Wrong::OutOfBounds { .. }, .. }
        ));
    }
}

#[test]
fn a_text_that_is_not_utf8_is_a_fault() {
    let (_, wrong, words) = bad_argument(TEXT, "$text", r"\88\00\00\00\02\00\00\00\c3\28");
    assert_eq!(
        (wrong, words.as_str()),
        (Wrong::NotUtf8, "called shapes.text with argument 1 that is not UTF-8")
    );
}

#[test]
fn what_is_no_value_of_its_type_is_a_fault() {
    let tail = r"\00\02\00\00" // the letter, at 0x200
        .to_owned()
        + r"\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00";
    // A flag of 2; a mode of 2; a letter that is a surrogate (0x200 holds 0x7fd8, see below).
    let cases = [(r"\02\01\00\00", 0), (r"\01\02\00\00", 1)];
    for (head, number) in cases {
        let (argument, wrong, _) = bad_argument(READS, "$reads", &format!("{head}{tail}"));
        assert_eq!((argument, wrong), (Argument::Number(number), Wrong::NotAValue));
    }
    let letter = format!(r#"\01\01\00\00{tail}") (data (i32.const 0x200) "\00\d8\00\00"#);
    let (argument, wrong, _) = bad_argument(READS, "$reads", &letter);
    assert_eq!((argument, wrong), (Argument::Number(2), Wrong::NotAValue));
}

#[test]
fn too_much_at_once_is_a_fault() {
    // 65 537 bytes from address 0.
    let (_, wrong, words) = bad_argument(TEXT, "$text", r"\00\00\00\00\01\00\01\00");
    assert_eq!(
        (wrong, words.as_str()),
        (Wrong::TooLarge, "called shapes.text with argument 1 that takes the call beyond 65536 bytes")
    );
}

#[test]
fn what_a_call_copies_costs_fuel() {
    // 64 zeros in each call, at 16 units for each of them and of the frame's bytes: some 60 calls.
    let body = r#"(data (i32.const 128) "\00\00\01\00\40\00\00\00")
        (func $handler (param i32 i32) (loop $ever (call $text (i32.const 128)) (br $ever)))"#;
    assert_eq!(fault_of(&load::<Nothing>(TEXT, body)), Fault::OutOfFuel);
    assert!((55..80).contains(&notes().len()), "{} calls", notes().len());
}

#[test]
fn overlapping_mutable_arguments_are_two_copies() {
    let import = r#"(import "spindle" "shapes.writes" (func $writes (param i32)))"#;
    // Both at 0x200: the number is doubled in its copy, the elements bumped in theirs; the later one is written last.
    let body = r#"(data (i32.const 128) "\00\02\00\00" "\00\02\00\00\01\00\00\00")
        (data (i32.const 0x200) "\05\00\00\00\00\00\00\00")
        (func $handler (param i32 i32) (call $writes (i32.const 128))
            (i32.store offset=4 (local.get 1) (i32.load (i32.const 0x200))))"#;
    let instance = load::<Count>(import, body);
    let mut frame = Count::frame(0);
    enter::<Count>(&instance, &mut frame).unwrap();
    assert_eq!(Count::result(&frame), Status::new(6));
}

#[test]
fn a_handler_cannot_redirect_what_is_taken_back() {
    // It overwrites the addresses in its frame; what comes back is what lies where the kernel put it.
    let body = "(func $handler (param i32 i32) (i32.store offset=52 (local.get 1) (i32.const 0)) (i64.store offset=56 (local.get 1) (i64.const -1)))";
    let instance = load::<Each>("", body);
    let (mut number, mut fill) = (5, [6, 7]);
    let mut frame = Each::frame(0, 0, &0, "", &[], &mut number, &mut fill);
    enter::<Each>(&instance, &mut frame).unwrap();
    assert_eq!((number, fill), (5, [6, 7]));
}

#[test]
fn start_and_stop_fault_like_handlers() {
    let text = module("", false, "")
        .replace("(i32.const 0x77)", "(i32.div_u (i32.const 0x77) (i32.load (i32.const 0)))");
    let instance = load_text(&text, &[], LIMITS).unwrap();
    assert_eq!(instance.start(HERE), Err(Error::Fault(Fault::Trap(Trap::DivisionByZero))));
    let text = module("", false, "").replace("$stop (param i32)", "$stop (param i32) (unreachable)");
    let instance = load_text(&text, &[], LIMITS).unwrap();
    assert_eq!(instance.start(HERE), Ok(Status::OK));
    assert_eq!(instance.stop(HERE), Err(Error::Fault(Fault::Trap(Trap::Unreachable))));
}

#[test]
fn what_start_returns_is_its_status() {
    let text = module("", false, "")
        .replace("(i32.const 0))\n            (func $stop", "(i32.const 1))\n            (func $stop");
    assert_eq!(load_text(&text, &[], LIMITS).unwrap().start(HERE), Ok(Status::FAILED));
}

#[test]
fn every_error_says_what_it_is_in_words() {
    assert_eq!(
        Error::Fault(Fault::OutOfFuel).to_string(),
        "ran out of fuel: it ran for longer than one activation may"
    );
    assert_eq!(Error::Busy.to_string(), "another strand is in the instance; try again when it has returned");
    assert_eq!(Count::FRAME.unwrap().guest().size(), 8);
}
