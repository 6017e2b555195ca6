//! What the main strand does for as long as the machine runs: input, requests, ticks, and sleep.
//!
//! ```text
//!        ┌─> bytes from the human? ──> console
//!        │   bytes from the host?  ──> control channel
//!        │   ticks passed?         ──> on_ticks
//!        │   raises queued?        ──> deliver
//!        └── nothing: halt until the next interrupt
//! ```

use crate::console::Terminal;
use crate::control::Control;
use crate::{events, script};
use spindle_arch::{control_line, interrupts, serial, time};
use spindle_dispatcher::is_anything_queued;

/// Runs the host's commands if it gave any, and ends the machine; else serves the console for ever.
pub(crate) fn run() -> ! {
    if let Some(commands) = script::commands() {
        script::run(&commands)
    }
    serve()
}

fn serve() -> ! {
    let mut terminal = Terminal::start();
    let mut control = Control::start();
    let mut seen = time::ticks();
    loop {
        while let Some(byte) = serial::take_byte() {
            terminal.feed(byte);
        }
        if control.serve() {
            terminal.refresh();
        }
        let now = time::ticks();
        if now != seen {
            seen = now;
            on_ticks(time::now_ns());
        }
        // What cannot be delivered now waits for the next tick.
        let is_stuck = is_anything_queued() && events::settle() == 0;
        terminal.refresh();
        sleep_unless(|| {
            !serial::input_is_empty()
                || !control_line::input_is_empty()
                || time::ticks() != seen
                || (is_anything_queued() && !is_stuck)
        });
    }
}

/// Called from the loop after one or more timer interrupts.
fn on_ticks(now_ns: u64) {
    events::tick(now_ns);
}

/// Halts until an interrupt, unless `work` says that there is something to do; no interrupt is missed
/// between the question and the halt.
fn sleep_unless(work: impl FnOnce() -> bool) {
    interrupts::disable();
    if work() {
        interrupts::enable();
    } else {
        interrupts::enable_and_halt();
    }
}
