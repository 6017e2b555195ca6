//! Limits how often other extensions handle the tick, by a guard that it imposes on each of their handlers: all of them together
//! run so many times a second and no more. `limiter` shows the limit, `limiter N` sets it (10 at first).
#![no_std]

use spindle_sdk::interfaces::health::{self, Report};
use spindle_sdk::prelude::*;

const NS_PER_SECOND: u64 = 1_000_000_000;

/// The limit, and what was done about it.
pub struct Limiter {
    state: Mutex<State>,
}

struct State {
    per_second: u64,
    /// The second that is being counted.
    second: u64,
    /// How often a handler was let run in it.
    ran: u64,
    /// How often one was kept from running in it.
    held_back: u64,
}

impl Default for Limiter {
    fn default() -> Self {
        Self { state: Mutex::new(State { per_second: 10, second: 0, ran: 0, held_back: 0 }) }
    }
}

#[extension]
impl Limiter {
    /// Asked before each handler of the tick that is another extension's.
    #[imposed_guard(clock::Tick)]
    fn may_run(&self, now_ns: u64) -> bool {
        let mut state = self.state.lock();
        state.turn_to(now_ns / NS_PER_SECOND);
        let may = state.ran < state.per_second;
        if may {
            state.ran += 1;
        } else {
            state.held_back += 1;
        }
        may
    }

    #[handler(console::Command, word = "limiter")]
    fn command(&self, _word: &str, arguments: &str) -> Status {
        let mut state = self.state.lock();
        match arguments.parse() {
            Ok(per_second) => state.per_second = per_second,
            Err(_) if arguments.is_empty() => {
                println!(
                    "{} a second; in the last one {} ran, {} were held back",
                    state.per_second, state.ran, state.held_back
                );
            }
            Err(_) => {
                println!("usage: limiter, or limiter N");
                return Status::FAILED;
            }
        }
        Status::OK
    }

    /// Strained while it holds others back.
    #[handler(health::Check)]
    fn check(&self) -> Report {
        if self.state.lock().held_back > 0 { Report::STRAINED } else { Report::FINE }
    }
}

impl State {
    /// Begins to count anew if another second has come.
    fn turn_to(&mut self, second: u64) {
        if self.second != second {
            *self = Self { second, ran: 0, held_back: 0, ..*self };
        }
    }
}
