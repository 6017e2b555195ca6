//! Adds up what everybody says about their health: a result handler, which makes one report of two.
#![no_std]

use spindle_sdk::interfaces::health::{self, Report};
use spindle_sdk::prelude::*;

/// The extension. It keeps no state: what was reported so far comes with each call.
#[derive(Default)]
pub struct Tally;

#[extension]
impl Tally {
    #[result_handler(health::Check)]
    fn add(&self, previous: Report, next: Report) -> Report {
        previous.plus(next)
    }
}
