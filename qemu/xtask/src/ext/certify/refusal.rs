//! Rules, and what is said when one is broken: `file:line: rule: what; why; what to do instead`.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// What the certifier refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// The token `unsafe`.
    Unsafe,
    /// A macro that places assembly.
    Assembly,
    /// `#![feature(...)]`.
    Feature,
    /// A block of foreign declarations.
    ForeignBlock,
    /// A crate of the compiler's by another name, or the crate itself by the name of another.
    ExternCrate,
    /// An attribute that speaks to the linker or replaces a part of the language.
    LinkerAttribute,
    /// `include!` and its kin, from outside or by another name.
    Include,
    /// `#[path]` leading outside.
    Path,
    /// A file that the compiler read from elsewhere.
    SourceOutside,
    /// A source that is no Rust text.
    Unreadable,
    /// A name of a file that the compiler's list of what it has read cannot tell from two.
    FileName,
    /// A symbolic link that leads outside.
    Symlink,
    /// Cargo configuration: any in the folder, and outside the repository what would change the build.
    CargoConfig,
    /// A toolchain file.
    ToolchainFile,
    /// Another edition than 2024.
    Edition,
    /// A build script.
    BuildScript,
    /// A crate of macros.
    ProcMacro,
    /// A table or key of the manifest that changes how things are built.
    ManifestTable,
    /// A dependency that is not on the list.
    Dependency,
    /// A dependency on another extension's implementation.
    Implementation,
}

impl Rule {
    /// The rule's name, why it exists, and what to do instead.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Rule::Unsafe => (
                "unsafe",
                "what the compiler does not check, nobody checks: one wrong pointer here would corrupt the kernel",
                "write it in safe Rust, or ask for an interface that offers what you need",
            ),
            Rule::Assembly => (
                "assembly",
                "the compiler cannot see what assembly does",
                "write it in Rust; ask for an interface if it must be an instruction",
            ),
            Rule::Feature => (
                "feature",
                "unstable features are not sound yet, and some lift the checks that certification rests on",
                "use the stable language",
            ),
            Rule::ForeignBlock => (
                "foreign-block",
                "a foreign declaration can name any symbol of the kernel with any type",
                "call the kernel through the interfaces of `spindle_sdk`",
            ),
            Rule::ExternCrate => (
                "extern-crate",
                "a name given so hides the crate that the macros of `spindle_sdk` mean by it: they would write what this \
                 crate says",
                "name crates as they are called; `extern crate alloc;` is allowed",
            ),
            Rule::LinkerAttribute => (
                "linker-attribute",
                "it can replace or overlay symbols and sections that the loader and the SDK rely on",
                "remove the attribute; `#[extension]` exports what the kernel needs",
            ),
            Rule::Include => (
                "include",
                "text from outside the folder is not certified",
                "copy the file into the extension's folder and name it by a plain relative path",
            ),
            Rule::Path => (
                "path",
                "text from outside the folder is not certified",
                "move the module into the extension's folder",
            ),
            Rule::SourceOutside => (
                "source-outside",
                "text from outside the folder is not certified",
                "copy the file into the extension's folder",
            ),
            Rule::Unreadable => (
                "unreadable",
                "what cannot be read cannot be certified",
                "make it a UTF-8 text that is valid in its language",
            ),
            Rule::FileName => (
                "file-name",
                "the compiler lists the files that it has read with blanks between them: this name reads as several",
                "use a name without white space and backslashes",
            ),
            Rule::Symlink => (
                "symlink",
                "what a link outside leads to can change after it was certified",
                "copy the file into the extension's folder",
            ),
            Rule::CargoConfig => (
                "cargo-config",
                "cargo configuration can replace the compiler and its flags",
                "remove it; xtask and the workspace's manifest set what a build needs",
            ),
            Rule::ToolchainFile => (
                "toolchain-file",
                "kernel and extensions are built by one compiler, or their layouts differ",
                "remove it; xtask chooses the compiler",
            ),
            Rule::Edition => (
                "edition",
                "before 2024, `#[link]`, `#[no_mangle]` and foreign blocks need no `unsafe`",
                "write `edition = \"2024\"` or `edition.workspace = true`",
            ),
            Rule::BuildScript => (
                "build-script",
                "a build script runs on your machine and can write code that is not in the folder",
                "write the code into the folder, and the script's result with it",
            ),
            Rule::ProcMacro => (
                "proc-macro",
                "a macro runs inside the compiler and can write code that is not in the folder",
                "use `macro_rules!`, or the macros of `spindle_sdk`",
            ),
            Rule::ManifestTable => (
                "manifest",
                "it can change what is compiled, or how, after the sources were certified",
                "remove it; a certified build needs only [package], [lints], [features], [dependencies] and \
                 [dev-dependencies]",
            ),
            Rule::Dependency => (
                "dependency",
                "only crates that were reviewed may put code into the kernel",
                "depend on `spindle-sdk` and on interface crates; copy what you need of others, without `unsafe`",
            ),
            Rule::Implementation => (
                "implementation",
                "code linked from another extension would run in this one's domain and outlive it",
                "depend on its `interface` crate, and call it through events",
            ),
        }
    }
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refusal {
    /// The file, from the root of the workspace if it lies there.
    pub(crate) file: PathBuf,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The rule.
    pub(crate) rule: Rule,
    /// What was found.
    pub(crate) what: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, why, instead) = self.rule.words();
        write!(f, "{}:{}: {name}: {}; {why}; {instead}", self.file.display(), self.line, self.what)
    }
}

/// All broken rules of one extension.
#[derive(Clone, Debug)]
pub(crate) struct Refusals {
    root: PathBuf,
    list: Vec<Refusal>,
}

impl Refusals {
    /// None yet; files are shown relative to `root`.
    pub(crate) fn new(root: &Path) -> Self {
        Refusals { root: root.to_owned(), list: Vec::new() }
    }

    pub(super) fn add(&mut self, rule: Rule, file: &Path, line: usize, what: String) {
        let file = file.strip_prefix(&self.root).unwrap_or(file).to_owned();
        self.list.push(Refusal { file, line, rule, what });
    }

    /// How many there are so far.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    /// All of them, by file and line, each once.
    pub(crate) fn sorted(mut self) -> Vec<Refusal> {
        self.list.sort();
        self.list.dedup();
        self.list
    }

    /// Writes all of them to standard error; fails if there are any.
    pub(super) fn into_result(self, name: &str) -> Result<()> {
        let refusals = self.sorted();
        if refusals.is_empty() {
            return Ok(());
        }
        for refusal in &refusals {
            eprintln!("{refusal}");
        }
        let rules = if refusals.len() == 1 {
            "a rule is".to_owned()
        } else {
            format!("{} rules are", refusals.len())
        };
        Err(Failure::new(format_args!("{name} was refused by the certifier: {rules} broken"))
            .because("listed above, with file and line; nothing was compiled or signed"))
    }
}
