//! How much code of each crate is unsafe, as a table, and that no crate has more than its tier allows.
//!
//! *Concepts*: a code line is one with a token that is no comment. It is unsafe if it lies in an `unsafe` block, or bears
//! the word (`unsafe fn`, `unsafe impl`, an unsafe attribute). What a macro quotes is code of whoever invokes it, and is
//! counted nowhere: `forbid(unsafe_code)` in that crate, and the SDK's own tests, watch over it.

mod count;
mod tier;

use std::path::Path;

use super::sources::rust_files;
use super::workspace::{Member, Workspace};
use crate::failure::Result;
use crate::folders;
use count::Count;
use tier::Tier;

/// Prints the table; returns what exceeds its tier.
pub(super) fn complaints(workspace: &Workspace, root: &Path) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    println!("        {:<22} {:>4} {:>7} {:>7} {:>7}", "crate", "tier", "lines", "unsafe", "share");
    for member in &workspace.members {
        let tier = Tier::of(member);
        let (count, unreadable) = count_member(member, root)?;
        let Count { lines, unsafe_lines } = count;
        let share = count.percent();
        println!(
            "        {:<22} {:>4} {lines:>7} {unsafe_lines:>7} {share:>6.1}%",
            member.name,
            tier.number()
        );
        complaints.extend(unreadable);
        complaints.extend(tier.complaint(&member.name, count));
        complaints.extend(missing_forbid(member, tier)?);
    }
    Ok(complaints)
}

/// Counts every file of a member that no other member owns.
fn count_member(member: &Member, root: &Path) -> Result<(Count, Vec<String>)> {
    let (mut total, mut unreadable) = (Count::default(), Vec::new());
    for file in
        rust_files(member.folder()).iter().filter(|file| nearest_manifest(file) == Some(member.folder()))
    {
        match count::count(&String::from_utf8_lossy(&folders::read(file)?)) {
            Ok(count) => total += count,
            Err(error) => {
                let name = file.strip_prefix(root).unwrap_or(file).display();
                unreadable.push(format!("{name} cannot be read as Rust: {error}"));
            }
        }
    }
    Ok((total, unreadable))
}

/// The folder of the manifest that a file belongs to.
fn nearest_manifest(file: &Path) -> Option<&Path> {
    file.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file())
}

/// A crate without unsafe code says so to the compiler too.
fn missing_forbid(member: &Member, tier: Tier) -> Result<Option<String>> {
    if !tier.is_forbidden() {
        return Ok(None);
    }
    let sources = member.folder().join("src");
    for root in ["lib.rs", "main.rs"].map(|name| sources.join(name)) {
        if root.is_file()
            && !String::from_utf8_lossy(&folders::read(&root)?).contains("#![forbid(unsafe_code)]")
        {
            return Ok(Some(format!("{} lacks `#![forbid(unsafe_code)]`", root.display())));
        }
    }
    Ok(None)
}
