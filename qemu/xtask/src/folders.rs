//! Where things are: the sources, and what is built from them.
//!
//! ```text
//!  target/spindle/            everything that xtask builds or writes; apart from the host's own builds
//!    tools/bin/rust-lld       the linker under the name that bare-metal targets ask for
//!    image/{plain,test}/      kernel.elf, ramdisk.tar, disk.img
//!    logs/                    serial lines of the last runs
//!    control/PID.socket       where the kernel that PID has started listens; PID.lock: who speaks to it
//! ```

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The two roots that everything is found from.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    root: PathBuf,
    built: PathBuf,
}

impl Folders {
    /// Finds the workspace that this program was built from.
    pub(crate) fn find() -> Result<Self> {
        let manifest =
            std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).join("../..");
        let root = root.canonicalize().map_err(|error| {
            let failure =
                Failure::new("the workspace is not where it was when xtask was built").because(error);
            failure.next("run `cargo xtask` inside the clone")
        })?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| root.join(folder));
        Ok(Self { root, built: target.join("spindle") })
    }

    /// The root of the workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The target folder of every bare-metal build.
    pub(crate) fn built(&self) -> &Path {
        &self.built
    }

    /// The folder with a program named `rust-lld`.
    pub(crate) fn tools(&self) -> PathBuf {
        self.built.join("tools/bin")
    }

    /// The file that keeps the serial line of the run `name`.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.built.join("logs").join(format!("{name}.log"))
    }
}

/// Creates `folder` and those above it.
pub(crate) fn create(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format_args!("the folder {} cannot be created", folder.display())).because(error)
    })
}

/// Writes a file whole.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|error| {
        Failure::new(format_args!("the file {} cannot be written", path.display())).because(error)
    })
}

/// Reads a file whole.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        Failure::new(format_args!("the file {} cannot be read", path.display())).because(error)
    })
}
