//! Activations inside each other, and a second strand.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc;

use crate::support::shapes::{Count, Nothing, Text};
use crate::support::{ELSEWHERE, HERE, LIMITS, enter, enter_on, load, load_with, notes, when_called_again};
use spindle_abi::Status;
use spindle_wasm::{Error, Fault, Instance, Limits};

const AGAIN: &str = r#"(import "spindle" "shapes.again" (func $again (param i32)))"#;

/// Asks for one activation less each time, and answers with the sum of all numbers.
const COUNTS_DOWN: &str = "(func $handler (param $closure i32) (param $f i32)
    (local $number i32)
    (if (local.tee $number (i32.load (local.get $f)))
        (then
            ;; The frame of `again` at 128 + 8 * number: its depth, then the result.
            (i32.store offset=128 (i32.mul (local.get $number) (i32.const 8)) (i32.sub (local.get $number) (i32.const 1)))
            (call $again (i32.add (i32.const 128) (i32.mul (local.get $number) (i32.const 8))))
            (i32.store offset=4 (local.get $f)
                (i32.add (local.get $number) (i32.load offset=132 (i32.mul (local.get $number) (i32.const 8))))))
        (else (i32.store offset=4 (local.get $f) (i32.const 0)))))";

/// Loads it, and lets `again` enter it on the same strand.
fn counts_down(limits: Limits) -> Rc<Instance> {
    let instance: Rc<Instance> = load_with::<Count>(AGAIN, COUNTS_DOWN, limits).into();
    let again = Rc::clone(&instance);
    when_called_again(move |depth| {
        let mut frame = Count::frame(depth);
        match enter::<Count>(&again, &mut frame) {
            Ok(()) => Count::result(&frame),
            Err(error) => panic!("{error}"),
        }
    });
    instance
}

fn count(instance: &Instance, number: u32) -> u32 {
    let mut frame = Count::frame(number);
    enter::<Count>(instance, &mut frame).unwrap();
    Count::result(&frame).code()
}

#[test]
fn three_activations_inside_each_other() {
    let instance = counts_down(LIMITS);
    assert_eq!(count(&instance, 3), 3 + 2 + 1);
    assert_eq!(count(&instance, 0), 0);
    assert_eq!(count(&instance, 15), (1..=15).sum());
}

#[test]
fn too_many_inside_each_other_are_a_fault_of_the_innermost() {
    let instance: Rc<Instance> = load::<Count>(AGAIN, COUNTS_DOWN).into();
    let again = Rc::clone(&instance);
    when_called_again(move |depth| {
        let mut frame = Count::frame(depth);
        match enter::<Count>(&again, &mut frame) {
            Ok(()) => Count::result(&frame),
            Err(error) => {
                assert_eq!(error, Error::Fault(Fault::TooDeep));
                Status::new(1000)
            }
        }
    });
    assert_eq!(count(&instance, 100), (85..=100).sum::<u32>() + 1000);
    assert_eq!(count(&instance, 3), 6);
}

#[test]
fn all_of_a_chain_share_the_fuel_of_the_outermost() {
    let one_takes = (1..).find(|&fuel| {
        let instance = load_with::<Count>(AGAIN, COUNTS_DOWN, Limits { fuel: Some(fuel), ..LIMITS });
        when_called_again(|_| Status::OK);
        enter::<Count>(&instance, &mut Count::frame(1)).is_ok()
    });
    let fuel = one_takes.unwrap() * 3;
    let instance: Rc<Instance> =
        load_with::<Count>(AGAIN, COUNTS_DOWN, Limits { fuel: Some(fuel), ..LIMITS }).into();
    let (again, refused) = (Rc::clone(&instance), Rc::new(Cell::new(0)));
    let refusals = Rc::clone(&refused);
    when_called_again(move |depth| {
        let result = enter::<Count>(&again, &mut Count::frame(depth));
        if result.is_err() {
            assert_eq!(result, Err(Error::Fault(Fault::OutOfFuel)));
            refusals.set(refusals.get() + 1);
        }
        Status::OK
    });
    assert!(enter::<Count>(&instance, &mut Count::frame(2)).is_ok());
    assert_eq!(refused.get(), 0);
    // The fourth one finds nothing left.
    let _ = enter::<Count>(&instance, &mut Count::frame(9));
    assert_eq!(refused.get(), 1);
}

#[test]
fn an_inner_frame_lies_above_the_outer_one_and_the_window_is_free_again_afterwards() {
    // Each activation prints its argument before and after the inner one.
    let imports = format!(r#"{AGAIN} (import "spindle" "shapes.text" (func $text (param i32)))"#);
    let body = "(func $handler (param i32 i32)
        (call $text (local.get 1)) (call $again (i32.const 128)) (call $text (local.get 1)))";
    // Two texts of 40 000 bytes are copied out.
    let limits = Limits { fuel: Some(2_000_000), ..LIMITS };
    let instance: Rc<Instance> = load_with::<Text>(&imports, body, limits).into();
    let again = Rc::clone(&instance);
    let lines = std::cell::RefCell::new(vec!["inner".to_owned(), "z".repeat(40_000)]);
    when_called_again(move |_| {
        let Some(line) = lines.borrow_mut().pop() else { return Status::OK };
        enter::<Text>(&again, &mut Text::frame(&line)).unwrap();
        Status::OK
    });
    for _ in 0..3 {
        enter::<Text>(&instance, &mut Text::frame("outer")).unwrap();
    }
    let long = "z".repeat(40_000);
    let first = ["outer", &long, "inner", "inner", &long, "outer"];
    assert_eq!(notes(), [&first[..], &["outer"; 4]].concat());
}

#[test]
fn the_window_fills_up_with_activations_inside_each_other() {
    let body = "(func $handler (param i32 i32) (call $again (i32.const 128)))";
    let instance: Rc<Instance> = load::<Text>(AGAIN, body).into();
    let again = Rc::clone(&instance);
    when_called_again(move |_| {
        let line = "z".repeat(30_000);
        match enter::<Text>(&again, &mut Text::frame(&line)) {
            Ok(()) => Status::OK,
            Err(error) => {
                assert!(matches!(error, Error::Fault(Fault::WindowFull { .. })), "{error}");
                Status::FAILED
            }
        }
    });
    for _ in 0..3 {
        enter::<Text>(&instance, &mut Text::frame("outer")).unwrap();
    }
}

#[test]
fn memory_that_grows_inside_is_seen_outside() {
    // The inner activation grows the memory, which moves it; then the procedure writes its result back.
    let body = "(func $handler (param i32 i32)
        (if (i32.load (local.get 1)) (then (call $again (i32.const 128))) (else (drop (memory.grow (i32.const 60)))))
        (i32.store offset=4 (local.get 1) (i32.load (i32.const 132))))";
    let instance: Rc<Instance> =
        load_with::<Count>(AGAIN, body, Limits { memory_bytes: 64 << 16, ..LIMITS }).into();
    let again = Rc::clone(&instance);
    when_called_again(move |depth| {
        enter::<Count>(&again, &mut Count::frame(depth)).unwrap();
        Status::new(77)
    });
    assert_eq!(count(&instance, 1), 77);
    assert_eq!(instance.memory_bytes(), 62 << 16);
}

#[test]
fn a_second_strand_is_told_that_the_instance_is_busy() {
    let instance: Arc<Instance> =
        load::<Nothing>(AGAIN, "(func $handler (param i32 i32) (call $again (i32.const 128)))").into();
    let (shared, (enter_it, other)) = (Arc::clone(&instance), mpsc::channel());
    let (answer, answered) = mpsc::channel();
    let second = std::thread::spawn(move || {
        while other.recv().is_ok() {
            answer.send(enter_on::<Nothing>(&shared, ELSEWHERE, &mut Nothing::frame())).unwrap();
        }
    });
    let ask = {
        let enter_it = enter_it.clone();
        move || {
            enter_it.send(()).unwrap();
            answered.recv().unwrap()
        }
    };
    assert_eq!(ask(), Ok(()));
    when_called_again(move |_| {
        assert_eq!(ask(), Err(Error::Busy));
        Status::OK
    });
    enter_on::<Nothing>(&instance, HERE, &mut Nothing::frame()).unwrap();
    drop(enter_it);
    when_called_again(|_| Status::OK);
    second.join().unwrap();
}
