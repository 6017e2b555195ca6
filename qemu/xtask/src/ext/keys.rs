//! The key that signs packages: made on first use, kept by its owner, different in every clone.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use ed25519_compact::{KeyPair, Seed};
use spindle_abi::package::{self, Package, PublicKey};

use crate::failure::{Failure, Result};
use crate::folders::Folders;

/// A key pair.
pub(crate) struct Key(KeyPair);

impl std::fmt::Debug for Key {
    /// Never shows the secret half.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.public().fingerprint())
    }
}

/// The public half of the key of this clone, as 64 hexadecimal digits: what the kernel is built to trust.
pub(crate) fn public_key_hex(folders: &Folders) -> Result<String> {
    let key = Key::of(folders)?.public();
    Ok(key.0.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Key {
    /// Reads the key of this clone, or makes it.
    pub(crate) fn of(folders: &Folders) -> Result<Key> {
        Key::in_folder(&folders.root().join(".spindle"))
    }

    fn in_folder(folder: &Path) -> Result<Key> {
        let path = folder.join("signing-key");
        match fs::read(&path) {
            Ok(seed) => Key::from_file(&path, &seed),
            Err(error) if error.kind() == ErrorKind::NotFound => Key::make(folder, &path),
            Err(error) => Err(unusable(&path, error)),
        }
    }

    fn from_file(path: &Path, seed: &[u8]) -> Result<Key> {
        let mode = fs::metadata(path).map_err(|error| unusable(path, error))?.permissions().mode();
        if mode & 0o077 != 0 {
            let why = format!("others than its owner may read or write it (mode {:o})", mode & 0o777);
            return Err(unusable(path, why).next(format_args!("chmod 600 {}", path.display())));
        }
        let seed = Seed::from_slice(seed).map_err(|_| {
            unusable(path, "it is not 32 bytes long")
                .next(format_args!("rm {}   (a new one is made)", path.display()))
        })?;
        Ok(Key(KeyPair::from_seed(seed)))
    }

    fn make(folder: &Path, path: &Path) -> Result<Key> {
        fs::create_dir_all(folder).map_err(|error| unusable(folder, error))?;
        fs::set_permissions(folder, Permissions::from_mode(0o700))
            .map_err(|error| unusable(folder, error))?;
        let seed = Seed::generate();
        let unfinished = unfinished(folder);
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&unfinished);
        file.and_then(|mut file| file.write_all(seed.as_ref()))
            .map_err(|error| unusable(&unfinished, error))?;
        // Of two that make a key at once, one wins, and both use its key.
        let linked = fs::hard_link(&unfinished, path);
        let _ = fs::remove_file(&unfinished);
        match linked {
            Ok(()) => {
                eprintln!("made a key to sign extensions with: {} (keep it to yourself)", path.display())
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unusable(path, error)),
        }
        Key::from_file(path, &fs::read(path).map_err(|error| unusable(path, error))?)
    }

    /// A key that no kernel trusts.
    pub(crate) fn of_a_stranger() -> Key {
        Key(KeyPair::generate())
    }

    /// The public half.
    pub(crate) fn public(&self) -> PublicKey {
        PublicKey(*self.0.pk)
    }

    /// Signs a package, and checks the signature as the kernel will.
    pub(crate) fn sign(&self, mut file: Vec<u8>) -> Result<Vec<u8>> {
        let bad = |error: package::PackageError| Failure::new("the package cannot be signed").because(error);
        package::sign(&mut file, &self.public(), |message| *self.0.sk.sign(message, None)).map_err(bad)?;
        let package = Package::parse(&file).map_err(bad)?;
        package.verify(&self.public(), spindle_kerncore::signature::is_signed_by).map_err(bad)?;
        Ok(file)
    }
}

fn unfinished(folder: &Path) -> PathBuf {
    folder.join(format!("signing-key.{}", std::process::id()))
}

fn unusable(path: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::new(format_args!("the signing key {} cannot be used", path.display())).because(why)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::Key;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("keys");
        let made = Key::in_folder(&place).unwrap();
        assert_eq!(Key::in_folder(&place).unwrap().public(), made.public());
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(place.clone()), mode(place.join("signing-key"))), (0o700, 0o600));
        assert_eq!(fs::read_dir(&place).unwrap().count(), 1);
        assert!(!format!("{made:?}").contains(&format!("{:?}", made.0.sk)));
    }

    #[test]
    fn a_key_that_others_can_read_is_refused_with_the_command_that_helps() {
        let folder = tempfile::tempdir().unwrap();
        Key::in_folder(folder.path()).unwrap();
        let path = folder.path().join("signing-key");
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let refused = Key::in_folder(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("640") && refused.contains("chmod 600"), "{refused}");
    }

    #[test]
    fn a_key_cut_short_is_never_used() {
        let folder = tempfile::tempdir().unwrap();
        Key::in_folder(folder.path()).unwrap();
        let path = folder.path().join("signing-key");
        fs::write(&path, [7; 31]).unwrap();
        assert!(Key::in_folder(folder.path()).is_err());
    }
}
