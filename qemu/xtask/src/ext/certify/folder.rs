//! The folder of an extension: which files it has, and which it may not have.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Refusals, Rule};
use crate::failure::{Failure, Result};

/// Whether the compiler takes a file of this name for a source without being told.
pub(super) fn is_source(file: &Path) -> bool {
    file.extension().is_some_and(|end| end.eq_ignore_ascii_case("rs"))
}

/// Looks at every entry below `folder`; gives the sources, in order.
pub(super) fn inspect(folder: &Path, refusals: &mut Refusals) -> Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    walk(folder, folder, refusals, &mut sources)?;
    sources.sort();
    Ok(sources)
}

fn walk(folder: &Path, below: &Path, refusals: &mut Refusals, sources: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable =
        |error| Failure::new(format_args!("the folder {} cannot be read", below.display())).because(error);
    for entry in fs::read_dir(below).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let kind = fs::symlink_metadata(&path).map_err(unreadable)?;
        name(&path, refusals);
        if kind.is_symlink() {
            link(folder, &path, refusals);
        } else if kind.is_dir() {
            walk(folder, &path, refusals, sources)?;
        } else if is_source(&path) {
            sources.push(path);
        }
    }
    Ok(())
}

fn name(path: &Path, refusals: &mut Refusals) {
    let text = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    if text.contains(|each: char| each.is_whitespace() || each.is_control() || each == '\\') {
        refusals.add(Rule::FileName, path, 1, format!("the name {text:?}"));
    }
    match path.file_name().and_then(|name| name.to_str()) {
        Some(".cargo") => refusals.add(Rule::CargoConfig, path, 1, "the folder `.cargo`".into()),
        Some(name @ ("rust-toolchain" | "rust-toolchain.toml")) => {
            refusals.add(Rule::ToolchainFile, path, 1, format!("the file `{name}`"));
        }
        _ => {}
    }
}

/// What a link inside the folder leads to is looked at where it is.
fn link(folder: &Path, path: &Path, refusals: &mut Refusals) {
    let target = fs::read_link(path).unwrap_or_default();
    if !path.canonicalize().is_ok_and(|real| real.starts_with(folder)) {
        refusals.add(Rule::Symlink, path, 1, format!("a link to `{}`", target.display()));
    }
}
