//! Answers system calls of user programs: `write`, which is number 1.
//!
//! *Concepts.* A program's address means something in the program's memory alone, so what it points at is copied in first,
//! which fails if the program could not read it itself. One call writes at most [`MAX_BYTES`].
#![no_std]

use spindle_sdk::abi::system_call;
use spindle_sdk::interfaces::trap::Answer;
use spindle_sdk::interfaces::{trap, user};
use spindle_sdk::prelude::*;

/// The stream that is the console.
const CONSOLE: u64 = 1;
/// Most bytes that one call writes.
const MAX_BYTES: usize = 1024;
/// What a call is answered whose arguments are no good.
const REFUSED: Answer = Answer::new(system_call::REFUSED);

/// The extension. It keeps no state.
#[derive(Default)]
pub struct Unix;

#[extension]
impl Unix {
    /// Writes `arguments[2]` bytes from address `arguments[1]` to stream `arguments[0]` as one line; answers how many.
    #[handler(trap::SystemCall, number = 1)]
    fn write(&self, _number: u64, process: u64, arguments: &[u64; 6]) -> Answer {
        let [stream, address, length, ..] = *arguments;
        let mut buffer = [0; MAX_BYTES];
        let Some(bytes) = buffer.get_mut(..usize::try_from(length).unwrap_or(usize::MAX)) else {
            return REFUSED;
        };
        if stream != CONSOLE || user::copy_in(process, address, bytes) != Status::OK {
            return REFUSED;
        }
        let text = String::from_utf8_lossy(bytes);
        console::write_line(text.strip_suffix('\n').unwrap_or(&text));
        Answer::new(length)
    }
}
