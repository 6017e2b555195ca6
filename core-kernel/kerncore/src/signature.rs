//! Whether an ed25519 signature is that of given bytes by a given key.
//!
//! *Interface.* [`is_signed_by`] is the `check` that [`Package::verify`](spindle_abi::package::Package::verify)
//! takes; kernel and tools use this one, so that they cannot disagree.

use ed25519_compact::{PublicKey as EdKey, Signature};
use spindle_abi::package::{PublicKey, SIGNATURE_BYTES};

/// Whether `signature` is that of `message` by `key`. Takes time linear in the length of the message.
pub fn is_signed_by(key: &PublicKey, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
    let Ok(signature) = Signature::from_slice(signature) else { return false };
    EdKey::from_slice(&key.0).is_ok_and(|key| key.verify(message, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    extern crate std;

    use ed25519_compact::{KeyPair, Seed};
    use spindle_abi::package::{Contents, Kind, Package, PublicKey, Quotas, Reason, pack, sign};
    use std::vec::Vec;

    use super::is_signed_by;

    fn pair(seed: u8) -> (KeyPair, PublicKey) {
        let pair = KeyPair::from_seed(Seed::new([seed; 32]));
        (pair.clone(), PublicKey(*pair.pk))
    }

    fn signed(seed: u8) -> Vec<u8> {
        let contents = Contents {
            name: "hello",
            version: "1",
            kind: Kind::Native,
            compiler: "rustc",
            sdk: "1",
            quotas: Quotas { heap_pages: 0 },
            imports: &[],
            rows: &[],
            code: b"code",
        };
        let (pair, key) = pair(seed);
        let mut file = pack(&contents).unwrap();
        sign(&mut file, &key, |message| *pair.sk.sign(message, None)).unwrap();
        file
    }

    fn refusal(file: &[u8]) -> Option<Reason> {
        let verified =
            Package::parse(file).and_then(|package| package.verify(&pair(1).1, is_signed_by).map(drop));
        verified.err().map(|error| error.reason)
    }

    #[test]
    fn a_signed_package_is_accepted_and_another_key_named() {
        assert_eq!(refusal(&signed(1)), None);
        let (signer, trusted) = (pair(2).1.fingerprint(), pair(1).1.fingerprint());
        assert_eq!(refusal(&signed(2)), Some(Reason::OtherKey { signer, trusted }));
    }

    #[test]
    fn a_signature_by_another_key_under_the_trusted_ones_name_is_refused() {
        let mut file = signed(2);
        sign(&mut file, &pair(1).1, |message| *pair(2).0.sk.sign(message, None)).unwrap();
        assert_eq!(refusal(&file), Some(Reason::Altered { signer: pair(1).1.fingerprint() }));
    }

    #[test]
    fn every_flipped_bit_of_a_signed_package_is_refused() {
        let file = signed(1);
        for bit in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(refusal(&flipped).is_some(), "bit {bit}");
        }
    }
}
