//! Ctrl-C and termination: what was started ends too, and the terminal is given back.

use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// From now on a signal that ends this process first ends the machines and tests that it runs.
pub(crate) fn end_children_with_us() {
    // Without it a signal still ends this process; only a child may then survive it.
    let Ok(mut signals) = Signals::new([SIGHUP, SIGINT, SIGTERM]) else { return };
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            spindle_runner::stop_all();
            std::process::exit(128 + signal);
        }
    });
}
