//! The folders under `extensions/`.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::folders::Folders;

/// The folder of the extension called `name`.
pub(crate) fn find(folders: &Folders, name: &str) -> Result<PathBuf> {
    let all = all(folders)?;
    if let Some(folder) = all.iter().find(|folder| name_of(folder) == name) {
        return Ok(folder.clone());
    }
    let names: Vec<&str> = all.iter().map(|folder| name_of(folder)).collect();
    let failure = Failure::new(format_args!("there is no extension `{name}`"))
        .because(format_args!("the folders under extensions/ are: {}", names.join(", ")));
    Err(match spindle_kerncore::nearest::nearest(name, names.iter().copied()) {
        Some(nearest) => failure.next(format_args!("the same with `{nearest}`, if that is meant")),
        None => failure.next(format_args!("cargo xtask ext new {name}   (to make it)")),
    })
}

/// Every folder with a manifest, by name.
pub(crate) fn all(folders: &Folders) -> Result<Vec<PathBuf>> {
    let extensions = folders.root().join("extensions");
    let unreadable = |error| Failure::new("extensions/ cannot be read").because(error);
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&extensions).map_err(unreadable)? {
        let folder = entry.map_err(unreadable)?.path();
        if folder.join("Cargo.toml").is_file()
            && folder.file_name().is_some_and(|name| name.to_str().is_some())
        {
            all.push(folder);
        }
    }
    all.sort();
    Ok(all)
}

/// The name of an extension is that of its folder.
pub(crate) fn name_of(folder: &Path) -> &str {
    folder.file_name().and_then(|name| name.to_str()).expect("`all` gives only folders whose names are text")
}
