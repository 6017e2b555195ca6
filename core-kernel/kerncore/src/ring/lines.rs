//! The last lines of a text, in a fixed number of bytes: what the kernel keeps of its log.

/// A ring of bytes that forgets its oldest whole lines when a new one needs the room.
#[derive(Debug)]
pub struct LineRing<const N: usize> {
    bytes: [u8; N],
    start: usize,
    len: usize,
}

impl<const N: usize> LineRing<N> {
    /// An empty ring.
    pub const fn new() -> Self {
        Self { bytes: [0; N], start: 0, len: 0 }
    }

    /// Adds text; the caller ends each line with `\n`. Cost: one step per byte.
    pub fn push(&mut self, text: &str) {
        for &byte in text.as_bytes() {
            while self.len >= N {
                self.forget_line();
            }
            self.bytes[(self.start + self.len) % N] = byte;
            self.len += 1;
        }
    }

    /// The text kept, oldest first, in two pieces that a line or a character may straddle.
    pub fn pieces(&self) -> (&[u8], &[u8]) {
        let end = self.start + self.len;
        if end <= N {
            (&self.bytes[self.start..end], &[])
        } else {
            (&self.bytes[self.start..], &self.bytes[..end - N])
        }
    }

    /// How many bytes are kept.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn forget_line(&mut self) {
        while self.len > 0 {
            let byte = self.bytes[self.start];
            self.start = (self.start + 1) % N;
            self.len -= 1;
            if byte == b'\n' {
                break;
            }
        }
    }
}

impl<const N: usize> Default for LineRing<N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::string::String;

    fn text<const N: usize>(ring: &LineRing<N>) -> String {
        let (a, b) = ring.pieces();
        String::from_utf8([a, b].concat()).expect("only whole lines were forgotten")
    }

    #[test]
    fn the_oldest_whole_lines_go_first() {
        let mut ring = LineRing::<12>::new();
        ring.push("one\ntwo\n");
        ring.push("three\n");
        assert_eq!(text(&ring), "two\nthree\n");
        ring.push("é4\n");
        assert_eq!(text(&ring), "three\né4\n");
    }

    #[test]
    fn a_line_longer_than_the_ring_leaves_its_end() {
        let mut ring = LineRing::<8>::new();
        ring.push("0123456789\n");
        assert!(ring.len() <= 8);
        ring.push("ab\n");
        assert!(text(&ring).ends_with("ab\n"));
    }
}
