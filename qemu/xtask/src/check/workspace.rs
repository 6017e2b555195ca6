//! The members of the workspace and what they depend on, from `cargo metadata`.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::failure::{Failure, Result};
use crate::folders::Folders;

/// All members.
#[derive(Debug, Deserialize)]
pub(super) struct Workspace {
    #[serde(rename = "packages")]
    pub(super) members: Vec<Member>,
}

/// One crate.
#[derive(Debug, Deserialize)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) manifest_path: PathBuf,
    pub(super) dependencies: Vec<Dependency>,
}

/// What a crate depends on.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `None`, `dev` or `build`.
    pub(super) kind: Option<String>,
    /// Where it is, if it is one of ours.
    pub(super) path: Option<PathBuf>,
}

impl Workspace {
    /// Asks cargo.
    pub(super) fn read(folders: &Folders) -> Result<Self> {
        let failure = || Failure::new("the workspace cannot be read");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let arguments = ["metadata", "--no-deps", "--format-version", "1"];
        let output = Command::new(cargo).current_dir(folders.root()).args(arguments).output();
        let output = output.map_err(|error| failure().because(error))?;
        if !output.status.success() {
            return Err(failure().because(String::from_utf8_lossy(&output.stderr)));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| failure().because(error))
    }
}

impl Member {
    /// The folder of its manifest.
    pub(super) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// Whether it is an extension: one folder under `extensions`, or the interface crate in it.
    pub(super) fn is_extension(&self) -> bool {
        self.folder().components().any(|part| part.as_os_str() == "extensions")
    }
}
