//! How much of the strand's own stack a module can take: little, whatever it does.

use crate::support::shapes::{Count, Nothing};
use crate::support::{LIMITS, enter, load, load_with};
use spindle_wasm::{Error, Fault, Limits};

/// A strand's stack is larger; this is what the kernel reserves below the deepest extension.
const STACK_BYTES: usize = 32 << 10;

fn on_a_small_stack(test: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, test);
        thread.expect("the host has threads").join().expect("the test succeeds");
    });
}

/// Runs `rounds` rounds of a loop with integers, floats, memory and calls in it.
const LOOPS: &str = "(func $handler (param i32 i32) (local $i i32) (local $f f64)
    (loop $next
        (local.set $f (f64.add (local.get $f) (f64.convert_i32_u (call $add (local.get $i)))))
        (i32.store (i32.const 0x400) (i32.add (i32.load (i32.const 0x400)) (local.get $i)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (i32.load (local.get 1)))))
    (i32.store offset=4 (local.get 1) (local.get $i)))
    (func $add (param i32) (result i32) (i32.add (local.get 0) (i32.const 3)))";

fn loops(rounds: u32) {
    let instance = load_with::<Count>("", LOOPS, Limits { fuel: None, ..LIMITS });
    on_a_small_stack(|| {
        let mut frame = Count::frame(rounds);
        enter::<Count>(&instance, &mut frame).unwrap();
        assert_eq!(Count::result(&frame).code(), rounds);
    });
}

#[test]
fn a_million_branches_take_no_stack() {
    loops(1_000_000);
}

#[test]
#[ignore = "takes seconds: cargo test -p spindle-wasm -- --ignored"]
fn a_hundred_million_branches_take_no_stack() {
    loops(100_000_000);
}

#[test]
fn recursion_takes_the_interpreters_stack_alone() {
    let body = "(func $handler (param i32 i32) (call $deeper)) (func $deeper (call $deeper))";
    let instance = load::<Nothing>("", body);
    on_a_small_stack(|| {
        assert_eq!(
            enter::<Nothing>(&instance, &mut Nothing::frame()),
            Err(Error::Fault(Fault::StackExhausted))
        );
    });
}
