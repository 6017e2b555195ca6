//! Answers every system call of a user program with the call's number: the least that a handler can do (ids P5).
#![no_std]

use spindle_sdk::interfaces::trap::{self, Answer};
use spindle_sdk::prelude::*;

/// Nothing to remember.
#[derive(Default)]
pub struct NullCall;

#[extension]
impl NullCall {
    /// Asks for no number, so that no guard runs before it.
    #[handler(trap::SystemCall)]
    fn answer(&self, number: u64, _process: u64, _arguments: &[u64; 6]) -> Answer {
        Answer::new(number)
    }
}

#[cfg(test)]
mod tests {
    use super::NullCall;
    use spindle_sdk::interfaces::trap::Answer;
    use spindle_testkit::Testkit;

    #[test]
    fn every_number_is_its_own_answer() {
        let mut kernel = Testkit::load::<NullCall>();
        assert_eq!(kernel.system_call(1, 16, [0; 6]), Answer::new(16));
        assert_eq!(kernel.system_call(1, 7, [1, 2, 3, 4, 5, 6]), Answer::new(7));
    }
}
