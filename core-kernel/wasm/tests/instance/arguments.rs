//! Each shape of argument, from the kernel to a handler and from a module to a procedure.

use crate::support::shapes::{Choose, Count, Each, Mode, Nothing, Text};
use crate::support::{HERE, enter, load, notes};
use spindle_abi::Status;
use spindle_wasm::{Error, Fault};

const NOTE: &str = r#"(import "spindle" "shapes.note" (func $note (param i32)))"#;
const TEXT: &str = r#"(import "spindle" "shapes.text" (func $text (param i32)))"#;
const READS: &str = r#"(import "spindle" "shapes.reads" (func $reads (param i32)))"#;
const WRITES: &str = r#"(import "spindle" "shapes.writes" (func $writes (param i32)))"#;

#[test]
fn a_handler_gets_the_closure_that_start_made() {
    // The frame of `note` is its number: the closure, zero-extended.
    let body = "(func $handler (param i32 i32)
        (i64.store (i32.const 64) (i64.extend_i32_u (local.get 0))) (call $note (i32.const 64)))";
    let instance = load::<Nothing>(NOTE, body);
    assert_eq!(instance.start(HERE), Ok(Status::OK));
    enter::<Nothing>(&instance, &mut Nothing::frame()).unwrap();
    assert_eq!(notes(), ["119"]);
}

#[test]
fn an_answer_is_in_the_frame_afterwards() {
    // number at 0, the answer at 4.
    let body = "(func $handler (param i32 i32)
        (i32.store offset=4 (local.get 1) (i32.add (i32.load (local.get 1)) (i32.const 1))))";
    let instance = load::<Count>("", body);
    let mut frame = Count::frame(41);
    enter::<Count>(&instance, &mut frame).unwrap();
    assert_eq!(Count::result(&frame), Status::new(42));
}

#[test]
fn a_handler_that_does_not_answer_leaves_the_answer_as_it_was() {
    let instance = load::<Count>("", "(func $handler (param i32 i32))");
    let mut frame = Count::frame(1);
    enter::<Count>(&instance, &mut frame).unwrap();
    assert_eq!(Count::result(&frame), Status::UNHANDLED);
}

#[test]
fn a_text_comes_and_goes() {
    // The frame of `text` has the same form as the beginning of the event's.
    let instance = load::<Text>(TEXT, "(func $handler (param i32 i32) (call $text (local.get 1)))");
    for line in ["", "a", "grüße"] {
        enter::<Text>(&instance, &mut Text::frame(line)).unwrap();
        assert_eq!(notes(), [line]);
    }
}

/// small 0, wide 16, one 32, line 36, items 44, number 52, fill 56, the answer 64.
const EACH: &str = "(func $handler (param $closure i32) (param $f i32)
    (local $i i32)
    ;; number = number + small + wide + one + first byte of line + items[1]
    (i64.store (i32.load offset=52 (local.get $f))
        (i64.add (i64.load (i32.load offset=52 (local.get $f)))
        (i64.add (i64.load8_u (local.get $f))
        (i64.add (i64.load offset=16 (local.get $f))
        (i64.add (i64.load (i32.load offset=32 (local.get $f)))
        (i64.add (i64.load8_u (i32.load offset=36 (local.get $f)))
                 (i64.load16_u offset=2 (i32.load offset=44 (local.get $f)))))))))
    ;; fill[i] = fill[i] + i + 1, as far as its length says
    (loop $next
        (if (i32.lt_u (local.get $i) (i32.load offset=60 (local.get $f)))
            (then
                (call $bump (i32.add (i32.load offset=56 (local.get $f)) (i32.mul (local.get $i) (i32.const 4)))
                            (local.tee $i (i32.add (local.get $i) (i32.const 1))))
                (br $next))))
    ;; what is not mutable may be overwritten: nobody sees it
    (i32.store8 (i32.load offset=36 (local.get $f)) (i32.const 0xff))
    ;; the answer: minus the bytes of line and the elements of items
    (i64.store offset=64 (local.get $f)
        (i64.extend_i32_s (i32.sub (i32.const 0)
            (i32.add (i32.load offset=40 (local.get $f)) (i32.load offset=48 (local.get $f)))))))
    (func $bump (param $at i32) (param $by i32)
        (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (local.get $by))))";

#[test]
fn every_shape_reaches_a_handler_and_what_is_mutable_comes_back() {
    let instance = load::<Each>("", EACH);
    let (one, line, items, mut number, mut fill) =
        (1000_u64, String::from("A."), [1, 200, 3], 1 << 40, [10, 20]);
    let mut frame = Each::frame(1, 20, &one, &line, &items, &mut number, &mut fill);
    enter::<Each>(&instance, &mut frame).unwrap();
    assert_eq!(Each::result(&frame), -5);
    assert_eq!(number, (1 << 40) + 1 + 20 + 1000 + 65 + 200);
    assert_eq!((fill, line.as_str()), ([11, 22], "A."));
}

#[test]
fn what_a_dying_handler_wrote_does_not_come_back() {
    let body = "(func $handler (param i32 i32)
        (i64.store (i32.load offset=52 (local.get 1)) (i64.const 9))
        (i64.store offset=64 (local.get 1) (i64.const 9))
        (unreachable))";
    let instance = load::<Each>("", body);
    let (mut number, mut fill) = (5, [6]);
    let mut frame = Each::frame(0, 0, &0, "", &[], &mut number, &mut fill);
    assert!(matches!(enter::<Each>(&instance, &mut frame), Err(Error::Fault(Fault::Trap(_)))));
    assert_eq!(Each::result(&frame), 0);
    assert_eq!((number, fill), (5, [6]));
}

#[test]
fn an_answer_is_a_value_of_its_type_or_a_fault() {
    let body =
        "(func $handler (param i32 i32) (i32.store8 offset=1 (local.get 1) (i32.load8_u (local.get 1))))";
    let instance = load::<Choose>("", body);
    let mut frame = Choose::frame(7);
    enter::<Choose>(&instance, &mut frame).unwrap();
    assert_eq!(Choose::result(&frame), Mode::Fast);
    assert_eq!(enter::<Choose>(&instance, &mut Choose::frame(8)), Err(Error::Fault(Fault::BadResult)));
}

#[test]
fn every_shape_reaches_a_procedure() {
    // The frame at 128: flag 0, mode 1, letter 4, pairs 8, line 16, the result 24.
    let body = r#"
        (data (i32.const 128) "\01\07\00\00" "\00\02\00\00" "\04\02\00\00\02\00\00\00" "\10\02\00\00\03\00\00\00")
        (data (i32.const 0x200) "\e9\00\00\00" "\01\00\02\00\03\00\04\00")
        (data (i32.const 0x210) "abc")
        (func $handler (param i32 i32) (call $reads (i32.const 128)) (i32.store (i32.load offset=152 (i32.const 0)) (i32.const 0)))"#;
    let instance = load::<Nothing>(READS, body);
    // The result, all ones but the last bit, is no address: the store after the call faults if it was written.
    assert!(enter::<Nothing>(&instance, &mut Nothing::frame()).is_err());
    assert_eq!(notes(), [r#"true Fast 'é' [[1, 2], [3, 4]] "abc""#]);
}

#[test]
fn what_a_procedure_writes_comes_back() {
    // The frame at 128: number 0, elements 4 and 8, the result 12.
    let body = r#"
        (data (i32.const 128) "\00\02\00\00" "\10\02\00\00\02\00\00\00" "\ff")
        (data (i32.const 0x200) "\15\00\00\00\00\00\00\00" "\00\00\00\00\00\00\00\00" "\09\00\0a\00\0b\00")
        (func $handler (param i32 i32) (call $writes (i32.const 128))
            (i32.store offset=4 (local.get 1)
                (i32.add (i32.mul (i32.load8_u (i32.const 140)) (i32.const 10000))
                (i32.add (i32.mul (i32.load16_u (i32.const 0x210)) (i32.const 1000))
                (i32.add (i32.mul (i32.load16_u (i32.const 0x214)) (i32.const 100))
                         (i32.load (i32.const 0x200)))))))"#;
    let instance = load::<Count>(WRITES, body);
    let mut frame = Count::frame(0);
    enter::<Count>(&instance, &mut frame).unwrap();
    // Mode 7; the first element is 10, the third still 11; the number is 42.
    assert_eq!(Count::result(&frame).code(), 70_000 + 10_000 + 1_100 + 42);
}

#[test]
fn an_import_may_be_taken_twice() {
    let twice = format!("{NOTE} {}", NOTE.replace("$note", "$again"));
    let body = "(func $handler (param i32 i32) (call $note (i32.const 64)) (call $again (i32.const 64)))";
    let instance = load::<Nothing>(&twice, body);
    enter::<Nothing>(&instance, &mut Nothing::frame()).unwrap();
    assert_eq!(notes(), ["0", "0"]);
}
