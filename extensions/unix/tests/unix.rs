//! What a user program notices of `unix`, and what the console shows.

use spindle_sdk::abi::system_call::{REFUSED, WRITE};
use spindle_sdk::interfaces::trap::Answer;
use spindle_testkit::{Loaded, Testkit};
use unix::Unix;

const PROCESS: u64 = 7;
const TEXT: u64 = 0x40_0000;

fn write(kernel: &mut Loaded<Unix>, stream: u64, address: u64, length: u64) -> u64 {
    kernel.system_call(PROCESS, WRITE, [stream, address, length, 0, 0, 0]).value
}

fn kernel_with(text: &[u8]) -> Loaded<Unix> {
    let mut kernel = Testkit::load::<Unix>();
    kernel.map_user(PROCESS, TEXT, text);
    kernel
}

#[test]
fn what_a_program_writes_is_shown() {
    let mut kernel = kernel_with(b"hello\nworld\n");
    assert_eq!(write(&mut kernel, 1, TEXT, 12), 12);
    assert_eq!(write(&mut kernel, 1, TEXT + 6, 2), 2);
    assert_eq!(write(&mut kernel, 1, TEXT, 0), 0);
    assert_eq!(kernel.lines(), ["hello", "world", "wo", ""]);
}

#[test]
fn memory_that_is_not_the_programs_is_refused() {
    let mut kernel = kernel_with(b"hello");
    for (address, length) in [(0, 1), (TEXT, 6), (TEXT - 1, 2), (u64::MAX, 1), (TEXT, 1025), (TEXT, u64::MAX)]
    {
        assert_eq!(write(&mut kernel, 1, address, length), REFUSED, "{address:#x}, {length} bytes");
    }
    assert!(kernel.lines().is_empty());
}

#[test]
fn there_is_one_stream() {
    let mut kernel = kernel_with(b"hello");
    for stream in [0, 2, u64::MAX] {
        assert_eq!(write(&mut kernel, stream, TEXT, 5), REFUSED);
    }
    assert!(kernel.lines().is_empty());
}

#[test]
fn bytes_that_are_no_text_are_shown_as_such() {
    let mut kernel = kernel_with(&[b'a', 0xff, b'b']);
    assert_eq!(write(&mut kernel, 1, TEXT, 3), 3);
    assert_eq!(kernel.lines(), ["a\u{fffd}b"]);
}

#[test]
fn other_numbers_are_not_its_own() {
    let mut kernel = kernel_with(b"hello");
    assert_eq!(kernel.system_call(PROCESS, 2, [1, TEXT, 5, 0, 0, 0]), Answer::NO_SUCH_CALL);
}
