//! A fingerprint: 128 bits that stand for one schema text.

use core::fmt;

use sha2_const_stable::Sha256;

/// The first 16 bytes of the SHA-256 of a canonical schema text.
///
/// Two sides that were built apart agree on an event or procedure exactly when their fingerprints are equal.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; Fingerprint::BYTES]);

impl Fingerprint {
    /// How many bytes a fingerprint has.
    pub const BYTES: usize = 16;

    /// Computes the fingerprint of a schema text; usable in constants.
    pub const fn of(schema: &str) -> Self {
        Self::of_bytes(schema.as_bytes())
    }

    /// Whether this is `other`; usable in constants.
    pub const fn is(&self, other: &Self) -> bool {
        u128::from_le_bytes(self.0) == u128::from_le_bytes(other.0)
    }

    /// Computes the same of any bytes.
    pub const fn of_bytes(bytes: &[u8]) -> Self {
        let digest = Sha256::new().update(bytes).finalize();
        let mut first = [0; Self::BYTES];
        let mut at = 0;
        while at < Self::BYTES {
            first[at] = digest[at];
            at += 1;
        }
        Self(first)
    }
}

/// 32 hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Fingerprint({self})")
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::Fingerprint;

    #[test]
    fn it_is_the_start_of_the_sha256_of_the_text() {
        assert_eq!(Fingerprint::of("abc").to_string(), "ba7816bf8f01cfea414140de5dae2223");
    }
}
