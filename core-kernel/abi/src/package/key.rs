//! The public half of the key that signs packages.

use sha2_const_stable::Sha256;

use crate::Fingerprint;

/// An ed25519 public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// What a package names its signer by: the first 16 bytes of SHA-256 of the key.
    pub const fn fingerprint(&self) -> Fingerprint {
        let digest = Sha256::new().update(&self.0).finalize();
        let mut short = [0; 16];
        let mut index = 0;
        while index < short.len() {
            short[index] = digest[index];
            index += 1;
        }
        Fingerprint(short)
    }

    /// Reads a key from its 64 hexadecimal digits; `None` if they are not that. Usable in a `const`, so that a
    /// kernel can be built to trust one key.
    pub const fn from_hex(digits: &str) -> Option<PublicKey> {
        let digits = digits.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut key = [0; 32];
        let mut index = 0;
        while index < key.len() {
            let (Some(high), Some(low)) = (nibble(digits[2 * index]), nibble(digits[2 * index + 1])) else {
                return None;
            };
            key[index] = high << 4 | low;
            index += 1;
        }
        Some(PublicKey(key))
    }
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
