//! Source files: which there are, and that each says at its head what it is.

use std::path::{Path, PathBuf};

use crate::failure::Result;
use crate::folders;

/// Folders that hold no source of ours, or sources that are wrong on purpose (inputs of must-refuse tests).
const PASSED_OVER: &[&str] = &["target", "refuse", "refused", "refused_by_types"];

/// Every file that does not open with `//!`.
pub(super) fn complaints(root: &Path) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in rust_files(root) {
        if !folders::read(&file)?.starts_with(b"//! ") {
            let name = file.strip_prefix(root).unwrap_or(&file).display();
            complaints.push(format!("{name} does not open with `//!` and one line that says what it is"));
        }
    }
    Ok(complaints)
}

/// Every Rust file below `folder`, sorted.
pub(super) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.extend(is_ours(&path).then_some(path));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn is_ours(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    !name.starts_with('.') && !PASSED_OVER.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::complaints;

    #[test]
    fn only_our_own_files_without_a_head_are_reported() {
        let root = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("good.rs", "//! What it is.\n"),
            ("src/bad.rs", "// no head\n//! late\n"),
            ("empty.rs", ""),
            ("target/out.rs", "fn x() {}"),
            ("qemu/refuse/wrong.rs", "unsafe"),
            (".git/x.rs", ""),
        ] {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let found = complaints(root.path()).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("empty.rs") && found[1].starts_with("src/bad.rs"));
    }
}
