//! How an extension ends itself: by a panic, which has a message, or by [`abort`], which has none.

use core::fmt::{self, Write};

/// How many bytes of a panic's message are reported; the rest is cut off.
const MESSAGE_BYTES: usize = 256;

/// Text of at most `MESSAGE_BYTES`, formatted without a heap: the heap may be why the extension panics.
#[cfg_attr(
    not(any(target_os = "none", target_arch = "wasm32", test)),
    allow(dead_code, reason = "on the host, std reports panics")
)]
struct Message {
    bytes: [u8; MESSAGE_BYTES],
    length: usize,
}

#[cfg_attr(
    not(any(target_os = "none", target_arch = "wasm32", test)),
    allow(dead_code, reason = "on the host, std reports panics")
)]
impl Message {
    fn of(message: impl fmt::Display) -> Self {
        let mut formatted = Self { bytes: [0; MESSAGE_BYTES], length: 0 };
        // A full buffer cuts the message off: what fitted is still worth reporting.
        let _ = write!(formatted, "{message}");
        formatted
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl Write for Message {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let fits = text.floor_char_boundary(MESSAGE_BYTES - self.length);
        self.bytes[self.length..self.length + fits].copy_from_slice(&text.as_bytes()[..fits]);
        self.length += fits;
        if fits == text.len() { Ok(()) } else { Err(fmt::Error) }
    }
}

#[cfg(any(target_os = "none", target_arch = "wasm32"))]
#[panic_handler]
fn panicked(info: &core::panic::PanicInfo<'_>) -> ! {
    let message = Message::of(info.message());
    let (file, line) = info.location().map_or(("", 0), |place| (place.file(), place.line()));
    spindle_interfaces::runtime::panicked(message.as_str(), file, line)
}

/// Ends the extension at once with an invalid-opcode exception, or a trap in Wasm, as `core`'s own aborts do. The kernel
/// contains it as a fault.
///
/// Prefer `panic!`, which says why.
///
/// # Panics
/// On the host, so that a test can see it.
#[cold]
pub fn abort() -> ! {
    crate::machine::abort()
}

#[cfg(test)]
mod tests {
    use super::{MESSAGE_BYTES, Message};

    #[test]
    fn a_short_message_is_reported_whole() {
        assert_eq!(Message::of(format_args!("index {} of {}", 3, 2)).as_str(), "index 3 of 2");
    }

    #[test]
    fn a_long_message_is_cut_off_between_characters() {
        let long = alloc::format!("x{}", "é".repeat(MESSAGE_BYTES));
        let message = Message::of(&long);
        assert!(long.starts_with(message.as_str()));
        assert_eq!(message.length, MESSAGE_BYTES - 1);
    }
}
