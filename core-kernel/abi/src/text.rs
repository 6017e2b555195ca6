//! A writer that works in constants: the first pass counts, the second fills.

/// Bytes collected in a fixed array; what does not fit is only counted.
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], length: 0 }
    }

    /// How many bytes were written, whether they fitted or not.
    pub(crate) const fn length(&self) -> usize {
        self.length
    }

    /// The array, once exactly full.
    pub(crate) const fn finish(self) -> [u8; N] {
        assert!(self.length == N, "the array is as long as the counting pass said");
        self.bytes
    }

    pub(crate) const fn byte(&mut self, byte: u8) {
        if self.length < N {
            self.bytes[self.length] = byte;
        }
        self.length += 1;
    }

    pub(crate) const fn bytes(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while at < bytes.len() {
            self.byte(bytes[at]);
            at += 1;
        }
    }

    pub(crate) const fn str(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(crate) const fn decimal(&mut self, value: u64) {
        if value >= 10 {
            self.decimal(value / 10);
        }
        self.byte(b'0' + (value % 10) as u8);
    }

    pub(crate) const fn signed(&mut self, value: i128) {
        if value < 0 {
            self.byte(b'-');
        }
        self.decimal(value.unsigned_abs() as u64);
    }
}

impl<const N: usize> Text<N> {
    /// What was written so far, as far as it fitted and is UTF-8.
    pub(crate) const fn as_str(&self) -> &str {
        let length = if self.length < N { self.length } else { N };
        match core::str::from_utf8(self.bytes.split_at(length).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}
