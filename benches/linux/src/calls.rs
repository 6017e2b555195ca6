//! Calls within a program, and the shortest call of the system.
//!
//! *Invariants*: INV-LINUX-1: the measuring loops share one page. Under an emulator a loop that lies across two pages
//! runs a third slower.

use std::cell::Cell;
use std::hint::black_box;

use spindle_bench_method::BATCH;

use crate::Bench;
use crate::error::Error;
use crate::harness::{Samples, Settings, sample};
use crate::sys::{self, null};

pub(crate) const BENCHES: &[Bench] = &[
    Bench { id: "P1", name: "direct call of a null procedure", run: direct_call },
    Bench { id: "P2", name: "indirect call, its pointer loaded each time", run: indirect_call },
    Bench { id: "P5/getppid", name: "null system call: getppid", run: system_call },
];

#[allow(unsafe_code, reason = "INV-LINUX-1: the section holds nothing but functions")]
#[unsafe(link_section = "spindle_loops")]
fn direct_call(settings: &Settings) -> Result<Samples, Error> {
    sys::loops_share_a_page()?;
    Ok(sample(settings, BATCH, || null()))
}

#[allow(unsafe_code, reason = "INV-LINUX-1: as above")]
#[unsafe(link_section = "spindle_loops")]
fn indirect_call(settings: &Settings) -> Result<Samples, Error> {
    let pointer = Cell::new(null as extern "C" fn());
    // Its address is known to code that the compiler cannot see, so every call loads it again.
    black_box(&pointer);
    Ok(sample(settings, BATCH, || pointer.get()()))
}

#[allow(unsafe_code, reason = "INV-LINUX-1: as above")]
#[unsafe(link_section = "spindle_loops")]
fn system_call(settings: &Settings) -> Result<Samples, Error> {
    Ok(sample(settings, BATCH, sys::getppid))
}
