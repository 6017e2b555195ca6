//! Faults on command, to show that the kernel contains it: `faulty panic`, and the other words below.
//!
//! Safe Rust alone reaches each of these. What safe Rust cannot reach (a wild pointer, a privileged
//! instruction) the certifier refuses.
#![no_std]

use core::hint::black_box;

use spindle_sdk::prelude::*;

const USAGE: &str = "usage: faulty panic|index|divide|abort|overflow|leap|alloc, or faulty hold KIB";

/// The extension, and the memory that it was told to hold.
#[derive(Default)]
pub struct Faulty {
    held: Mutex<Vec<Vec<u8>>>,
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
            ("leap", "") => leap(),
            ("alloc", "") => self.hoard(),
            ("hold", kib) => return self.hold(kib),
            _ => {}
        }
        println!("{USAGE}");
        Status::FAILED
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

/// Uses a value, so that the compiler computes it.
fn consume(value: u64) {
    println!("{}", black_box(value));
}

/// Recurses, with something left to do after each call, until the stack ends.
#[inline(never)]
fn descend(depth: u64) -> u64 {
    let frame = black_box([depth; 16]);
    if depth == u64::MAX {
        return 0;
    }
    descend(depth + 1) ^ black_box(&frame)[1]
}

/// Overflows the stack in one step, with a frame larger than the guard below it. Not inlined, so that the frame
/// is its own.
#[inline(never)]
fn leap() {
    black_box(&mut [0u8; 4 << 20]);
}
