//! Faults on command, to show that the kernel contains it: `faulty panic`, and the other words below.
//!
//! Safe Rust alone reaches each of these. What safe Rust cannot reach (a wild pointer, a privileged
//! instruction) the certifier refuses. One word is for Wasm alone: nothing ends an endless loop of native code, so after
//! `faulty spin` the kernel hangs unless the loop is metered.
#![no_std]

use core::hint::black_box;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use spindle_sdk::interfaces::trap;
use spindle_sdk::prelude::*;

const USAGE: &str = "usage: faulty panic|index|divide|abort|overflow|recurse|leap|alloc|nested|next|later|tick, \
                     faulty hold KIB, or faulty spin (which only Wasm survives)";

/// The extension, the memory that it was told to hold, and when it was told to panic.
#[derive(Default)]
pub struct Faulty {
    held: Mutex<Vec<Vec<u8>>>,
    at_the_next_line: AtomicBool,
    at_the_next_interrupt: AtomicBool,
    at_the_next_tick: AtomicBool,
}

#[extension]
impl Faulty {
    #[handler(console::Command, word = "faulty")]
    fn fault(&self, _word: &str, arguments: &str) -> Status {
        match arguments.split_once(' ').unwrap_or((arguments, "")) {
            ("panic", "") => panic!("told to panic"),
            ("index", "") => consume([0u64; 4][black_box(4)]),
            ("divide", "") => consume(1 / black_box(0u64)),
            ("abort", "") => spindle_sdk::abort(),
            ("overflow", "") => consume(descend(0)),
            ("recurse", "") => consume(recurse(0)),
            ("leap", "") => leap(),
            ("alloc", "") => self.hoard(),
            ("nested", "") => return bench::nest(1),
            ("spin", "") => spin(),
            ("next", "") => return arm(&self.at_the_next_line),
            ("later", "") => return arm(&self.at_the_next_interrupt),
            ("tick", "") => return arm(&self.at_the_next_tick),
            ("hold", kib) => return self.hold(kib),
            _ => {}
        }
        println!("{USAGE}");
        Status::FAILED
    }

    /// Sees every line, and panics at the one after `faulty next`.
    #[handler(console::Command, first)]
    fn interpose(&self, _word: &str, _arguments: &str) -> Status {
        assert!(!self.at_the_next_line.load(Relaxed), "told to panic before others get the line");
        Status::UNHANDLED
    }

    /// Panics after `faulty later`, while the kernel does something else.
    #[handler(clock::Interrupt, asynchronous)]
    fn interrupt(&self, _ticks: u64) {
        assert!(!self.at_the_next_interrupt.load(Relaxed), "told to panic after a timer interrupt");
    }

    /// Stands before others' handlers of the tick, lets them run, and panics after `faulty tick`.
    #[imposed_guard(clock::Tick)]
    fn guard(&self, _now_ns: u64) -> bool {
        assert!(!self.at_the_next_tick.load(Relaxed), "told to panic in a guard");
        true
    }

    /// Goes deeper, and panics at the bottom: in an activation inside another one of the same extension.
    #[handler(bench::Nested)]
    fn nested(&self, depth: u32) -> Status {
        match depth.checked_sub(1) {
            Some(less) => bench::nest(less),
            None => panic!("told to panic at the bottom"),
        }
    }

    /// Panics when a user program makes the system call 666.
    #[handler(trap::SystemCall, number = 666)]
    fn system_call(&self, _number: u64, _process: u64, _arguments: &[u64; 6]) -> trap::Answer {
        panic!("told to panic by a user program")
    }

    /// Allocates until the kernel refuses.
    fn hoard(&self) -> ! {
        loop {
            self.held.lock().push(vec![1; 64 * 1024]);
        }
    }

    /// Allocates, and keeps it until the extension is unloaded.
    fn hold(&self, kib: &str) -> Status {
        let Ok(kib) = kib.parse::<usize>() else {
            println!("{USAGE}");
            return Status::FAILED;
        };
        let mut held = self.held.lock();
        held.push(vec![1; kib * 1024]);
        println!("holding {} KiB", held.iter().map(Vec::len).sum::<usize>() / 1024);
        Status::OK
    }
}

/// Has it panic there.
fn arm(place: &AtomicBool) -> Status {
    place.store(true, Relaxed);
    Status::OK
}

/// Uses a value, so that the compiler computes it.
fn consume(value: u64) {
    println!("{}", black_box(value));
}

/// Never ends.
fn spin() -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// Recurses, with an array in each activation, until the stack ends: a Wasm extension's own, which lies in its memory.
#[inline(never)]
fn descend(depth: u64) -> u64 {
    let frame = black_box([depth; 16]);
    if depth == u64::MAX {
        return 0;
    }
    descend(depth + 1) ^ black_box(&frame)[1]
}

/// Recurses with nothing but the way back in each activation: that is on the engine's stack, not on a Wasm extension's.
#[inline(never)]
fn recurse(depth: u64) -> u64 {
    match depth.checked_add(1) {
        Some(deeper) => recurse(deeper).rotate_left(1) ^ depth,
        None => 0,
    }
}

/// Overflows the stack in one step, with a frame larger than the guard below it. Not inlined, so that the frame
/// is its own.
#[inline(never)]
fn leap() {
    black_box(&mut [0u8; 4 << 20]);
}
