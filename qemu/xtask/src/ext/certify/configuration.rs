//! The owner's cargo configuration: what of it would change a certified build, and cannot be outdone from outside.
//!
//! The compiler, wrappers, flags and target that it sets are outdone by the environment and the arguments of the build
//! (`ext/compile.rs`). What is left is refused here. Registries, mirrors, networks and the rest decide nothing: what
//! they deliver is checked against `Cargo.lock`.

use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::{Refusals, Rule};

/// What is refused: a table or key, or a table within one.
const REFUSED: [&[&str]; 5] = [
    &["include"],
    &["patch"],
    &["paths"],
    // The extension profile is made from `release`.
    &["profile", "release"],
    &["profile", "extension"],
];

/// Looks at every file that cargo reads for a build in `root`, but the repository's own.
pub(super) fn inspect(root: &Path, refusals: &mut Refusals) {
    files(root).iter().for_each(|file| inspect_file(file, refusals));
}

/// `.cargo/config.toml` of every folder above, and that of cargo's own folder; also by the name without an ending.
fn files(root: &Path) -> Vec<PathBuf> {
    let above = root.ancestors().skip(1).map(|folder| folder.join(".cargo"));
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    let own = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
    let mut files: Vec<PathBuf> = above
        .chain(own)
        .flat_map(|folder| [folder.join("config"), folder.join("config.toml")])
        .filter(|file| file.is_file())
        .collect();
    files.sort();
    files.dedup();
    files
}

fn inspect_file(file: &Path, refusals: &mut Refusals) {
    let Ok(text) = std::fs::read_to_string(file) else {
        return refusals.add(Rule::CargoConfig, file, 1, "a file that cannot be read".into());
    };
    // What cargo cannot read stops it before it compiles anything.
    let Ok(table) = DeTable::parse(&text) else { return };
    for path in REFUSED {
        if let Some(at) = find(table.get_ref(), path) {
            let line = super::manifest::line(&text, at);
            refusals.add(Rule::CargoConfig, file, line, format!("`{}`", path.join(".")));
        }
    }
}

/// Where the key at the end of `path` stands.
fn find(table: &DeTable<'_>, path: &[&str]) -> Option<usize> {
    let (first, rest) = path.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == first)?;
    if rest.is_empty() { Some(key.span().start) } else { find(value.get_ref().as_table()?, rest) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::{Refusals, Rule};
    use super::{files, inspect_file};

    fn write(folder: &Path, text: &str) {
        fs::create_dir_all(folder.join(".cargo")).unwrap();
        fs::write(folder.join(".cargo/config.toml"), text).unwrap();
    }

    /// Line and what of every refusal of a configuration.
    fn refused(text: &str) -> Vec<(usize, String)> {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), text);
        let mut refusals = Refusals::new(folder.path());
        inspect_file(&folder.path().join(".cargo/config.toml"), &mut refusals);
        let sorted = refusals.sorted();
        assert!(sorted.iter().all(|refusal| refusal.rule == Rule::CargoConfig));
        sorted.into_iter().map(|refusal| (refusal.line, refusal.what)).collect()
    }

    #[test]
    fn what_changes_a_build_from_outside_is_refused_with_its_line() {
        let text = "[build]\njobs = 2\n[profile.release]\npanic = \"unwind\"\n[patch.crates-io]\nspin = { path = \"x\" }\n";
        let expected = [(3, "`profile.release`".to_owned()), (5, "`patch`".to_owned())];
        assert_eq!(refused(text), expected);
        assert_eq!(refused("profile.extension.lto = false"), [(1, "`profile.extension`".to_owned())]);
    }

    #[test]
    fn what_decides_nothing_or_is_outdone_is_let_be() {
        assert_eq!(refused("[build]\nrustflags = [\"-O\"]\nrustc-wrapper = \"sccache\""), []);
        assert_eq!(refused("[profile.dev]\ndebug = 0\n[source.crates-io]\nreplace-with = \"mirror\""), []);
        assert_eq!(refused("no toml ["), []);
    }

    #[test]
    fn the_folders_above_are_looked_at_and_the_repository_is_not() {
        let above = tempfile::tempdir().unwrap();
        let root = above.path().join("home/clone");
        write(above.path(), "");
        write(&root, "");
        let found = files(&root);
        assert!(found.contains(&above.path().join(".cargo/config.toml")));
        assert!(!found.contains(&root.join(".cargo/config.toml")));
    }
}
