//! The manifest: read as text for what it says and where, and through cargo for what that means.

use std::path::{Path, PathBuf};

use cargo_metadata::{Dependency, DependencyKind, MetadataCommand, Package, TargetKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Described, Refusals, Rule};
use crate::failure::{Failure, Result};

/// Registry crates that were read line by line and found fit to run inside the kernel, by name.
/// None yet: whoever adds one says in docs/adr who reviewed which version.
const REVIEWED: [&str; 0] = [];
/// Tables that a manifest may have.
const TABLES: [&str; 5] = ["package", "lints", "features", "dependencies", "dev-dependencies"];
/// Keys that its `[package]` may have; `build` and `edition` have rules of their own.
const PACKAGE_KEYS: [&str; 16] = [
    "name",
    "version",
    "edition",
    "build",
    "rust-version",
    "authors",
    "description",
    "documentation",
    "readme",
    "homepage",
    "repository",
    "license",
    "license-file",
    "keywords",
    "publish",
    "metadata",
];

/// What is asked of a manifest that breaks no rule.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) package: String,
    pub(super) heap_pages: u32,
    /// Folders of the interface crates that it depends on.
    pub(super) interfaces: Vec<PathBuf>,
}

/// Inspects the manifest in `folder`; `None` if cargo refuses to read it for a reason already given.
pub(super) fn inspect(
    root: &Path,
    cargo: &Path,
    folder: &Path,
    refusals: &mut Refusals,
) -> Result<Option<Manifest>> {
    let file = folder.join("Cargo.toml");
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failure::new(format_args!("{} cannot be read", file.display())).because(error))?;
    let Some(table) = parse(&file, &text, refusals) else { return Ok(None) };
    let before = refusals.count();
    let mut inspection = Inspection { root, file: &file, text: &text, table: &table, refusals };
    inspection.tables();
    inspection.build_script(folder);
    let package = match package(cargo, &file) {
        Ok(package) => package,
        // A workspace of its own is such a reason.
        Err(_) if inspection.refusals.count() > before => return Ok(None),
        Err(failure) => return Err(failure),
    };
    inspection.package(&package, before);
    let interfaces = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != DependencyKind::Development)
        .filter_map(|dependency| inspection.dependency(dependency))
        .collect();
    let heap_pages = inspection.heap_pages(&package);
    Ok(Some(Manifest { package: package.name.to_string(), heap_pages, interfaces }))
}

/// Reads the manifest in `folder` by no rule but cargo's.
pub(super) fn describe(cargo: &Path, folder: &Path) -> Result<Described> {
    let package = package(cargo, &folder.join("Cargo.toml"))?;
    let heap_pages = heap_pages(&package).map_err(|found| {
        Failure::new(format_args!("the manifest of {} cannot be used", package.name))
            .because(format_args!("`package.metadata.spindle.heap_pages` is {found}, not a number of pages"))
    })?;
    Ok(Described { folder: folder.to_owned(), package: package.name.to_string(), heap_pages })
}

/// `package.metadata.spindle.heap_pages`, 0 if it is not there; what it is instead if it is no number of pages.
fn heap_pages(package: &Package) -> std::result::Result<u32, String> {
    let value = package.metadata.get("spindle").and_then(|spindle| spindle.get("heap_pages"));
    let pages = |value: &serde_json::Value| value.as_u64().and_then(|pages| u32::try_from(pages).ok());
    value.map_or(Ok(0), |value| pages(value).ok_or_else(|| value.to_string()))
}

/// The manifest as a table; `None` if it is refused as no TOML.
fn parse<'t>(file: &Path, text: &'t str, refusals: &mut Refusals) -> Option<DeTable<'t>> {
    DeTable::parse(text)
        .map(Spanned::into_inner)
        .map_err(|error| {
            let line = error.span().map_or(1, |span| line(text, span.start));
            refusals.add(Rule::Unreadable, file, line, error.message().to_owned());
        })
        .ok()
}

fn package(cargo: &Path, file: &Path) -> Result<Package> {
    let mut command = MetadataCommand::new();
    command.cargo_path(cargo).manifest_path(file).no_deps().env_remove("RUSTC");
    command.other_options(["--offline".to_owned()]);
    let unreadable =
        |why: String| Failure::new(format_args!("cargo cannot read {}", file.display())).because(why);
    let metadata = command.exec().map_err(|error| unreadable(error.to_string()))?;
    let mut packages = metadata.packages.into_iter();
    packages
        .find(|package| package.manifest_path.as_std_path() == file)
        .ok_or_else(|| unreadable("it is no member of its workspace".to_owned()))
}

struct Inspection<'a> {
    root: &'a Path,
    file: &'a Path,
    text: &'a str,
    table: &'a DeTable<'a>,
    refusals: &'a mut Refusals,
}

impl Inspection<'_> {
    fn refuse(&mut self, rule: Rule, at: usize, what: String) {
        self.refusals.add(rule, self.file, line(self.text, at), what);
    }

    fn tables(&mut self) {
        for (name, value) in self.table {
            let table = value.get_ref().as_table();
            match (name.get_ref().as_ref(), table) {
                ("package", Some(table)) => self.package_keys(table),
                ("lints", Some(table)) => self.lints(table),
                ("lib", Some(table)) => self.lib(name, table),
                (known, _) if TABLES.contains(&known) => {}
                (other, _) => self.refuse(Rule::ManifestTable, name.span().start, format!("`{other}`")),
            }
        }
    }

    fn package_keys(&mut self, table: &DeTable<'_>) {
        for (key, _) in table {
            if !PACKAGE_KEYS.contains(&key.get_ref().as_ref()) {
                self.refuse(Rule::ManifestTable, key.span().start, format!("`package.{}`", key.get_ref()));
            }
        }
    }

    fn lints(&mut self, table: &DeTable<'_>) {
        for (key, _) in table {
            if key.get_ref() != "workspace" {
                self.refuse(Rule::ManifestTable, key.span().start, format!("`lints.{}`", key.get_ref()));
            }
        }
    }

    fn lib(&mut self, name: &Spanned<std::borrow::Cow<'_, str>>, table: &DeTable<'_>) {
        match table.iter().find(|(key, _)| ["proc-macro", "proc_macro"].contains(&key.get_ref().as_ref())) {
            Some((key, _)) => self.refuse(Rule::ProcMacro, key.span().start, "a crate of macros".into()),
            None => self.refuse(Rule::ManifestTable, name.span().start, "`lib`".into()),
        }
    }

    fn build_script(&mut self, folder: &Path) {
        let script = folder.join("build.rs");
        if script.exists() {
            self.refusals.add(Rule::BuildScript, &script, 1, "a build script".into());
        }
        if let Some((key, _)) = entry(self.table, "package", "build") {
            self.refuse(Rule::BuildScript, key.span().start, "`package.build`".into());
        }
    }

    fn package(&mut self, package: &Package, before: usize) {
        let edition = package.edition.as_str();
        if edition != "2024" {
            let at = entry(self.table, "package", "edition").map_or(0, |(key, _)| key.span().start);
            self.refuse(Rule::Edition, at, format!("edition {edition}"));
        }
        for target in &package.targets {
            let rule = match target.kind.first() {
                Some(TargetKind::CustomBuild) => Rule::BuildScript,
                Some(TargetKind::ProcMacro) => Rule::ProcMacro,
                _ => continue,
            };
            // Most often the text has told it already, with its line.
            if self.refusals.count() == before {
                self.refuse(rule, 0, format!("the target `{}`", target.name));
            }
        }
    }

    /// Refuses a dependency that is not on the list; gives the folder of an interface crate.
    fn dependency(&mut self, dependency: &Dependency) -> Option<PathBuf> {
        let key = dependency.rename.as_ref().unwrap_or(&dependency.name);
        let at = entry(self.table, "dependencies", key).map_or(0, |(key, _)| key.span().start);
        let refused = |from: String| format!("`{}` from {from}", dependency.name);
        if dependency.rename.is_some() {
            self.refuse(Rule::Dependency, at, format!("`{}` by the name `{key}`", dependency.name));
            return None;
        }
        let Some(path) = &dependency.path else {
            if !REVIEWED.contains(&dependency.name.as_str()) {
                let source =
                    if dependency.source.is_some() { "a registry or repository" } else { "elsewhere" };
                self.refuse(Rule::Dependency, at, refused(source.to_owned()));
            }
            return None;
        };
        let path = path.as_std_path().canonicalize().unwrap_or_else(|_| path.as_std_path().to_owned());
        let extensions = self.root.join("extensions");
        if path == self.root.join("ext-sdk/sdk") {
            return None;
        }
        if path.file_name().is_some_and(|name| name == "interface")
            && path.parent().and_then(Path::parent) == Some(&extensions)
        {
            if hides_another(&dependency.name) {
                self.refuse(Rule::Dependency, at, format!("an interface called `{}`", dependency.name));
                return None;
            }
            return Some(path);
        }
        let rule = if path.starts_with(&extensions) { Rule::Implementation } else { Rule::Dependency };
        let shown = path.strip_prefix(self.root).unwrap_or(&path).display().to_string();
        self.refuse(rule, at, refused(shown));
        None
    }

    fn heap_pages(&mut self, package: &Package) -> u32 {
        heap_pages(package).unwrap_or_else(|_| {
            let at = entry(self.table, "package", "metadata").map_or(0, |(key, _)| key.span().start);
            self.refuse(Rule::Unreadable, at, "`heap_pages`, which is a number of pages".into());
            0
        })
    }
}

/// Whether an interface of this name would stand where the macros of the SDK name another crate: `::core`, `::spindle_sdk`.
fn hides_another(name: &str) -> bool {
    let name = name.replace('-', "_");
    let known = ["core", "alloc", "std", "proc_macro", "test"].contains(&name.as_str());
    known || name.starts_with("spindle")
}

/// Key and value of `[table] key`.
fn entry<'a, 'i>(
    tables: &'a DeTable<'i>,
    table: &str,
    key: &str,
) -> Option<(&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>)> {
    let (_, table) = tables.iter().find(|(name, _)| name.get_ref() == table)?;
    table.get_ref().as_table()?.iter().find(|(name, _)| name.get_ref() == key)
}

pub(super) fn line(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1
}
