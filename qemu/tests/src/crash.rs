//! Ways to crash, one for each boot, so that the host can read what the kernel says of them.

use alloc::vec;
use alloc::vec::Vec;
use core::hint::black_box;
use spindle_arch::exceptions::provoke;

/// Ways to panic, each by name.
const PANICS: &[(&str, fn() -> !)] =
    &[("panic", || panic!("asked to panic")), ("index", index), ("exhaust-heap", exhaust_heap)];

fn ways() -> impl Iterator<Item = (&'static str, fn() -> !)> + Clone {
    PANICS.iter().chain(provoke::WAYS).copied()
}

/// The name of every way to crash: panics, and `provoke::WAYS`.
pub fn crashes() -> impl Iterator<Item = &'static str> + Clone {
    ways().map(|(name, _)| name)
}

/// Crashes in the way called `name`; returns only if there is no such way.
pub fn crash(name: &str) {
    if let Some((_, crash)) = ways().find(|(way, _)| *way == name) {
        crash()
    }
}

fn index() -> ! {
    let array = black_box([1, 2, 3]);
    panic!("the fourth of three is {}", array[black_box(3)])
}

/// The kernel's own code asks with `try_reserve`; code that does not, ends like this.
fn exhaust_heap() -> ! {
    let mut all = Vec::new();
    loop {
        all.push(black_box(vec![0u8; 1 << 16]));
    }
}
