//! `cargo xtask ext push`: builds an extension and loads it into the kernel that runs in another terminal.

mod changes;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use spindle_runner::control::Package;

use crate::control::{Reach, Talk};
use crate::ext::{self, Variant};
use crate::failure::Result;
use crate::folders::{self, Folders};
use crate::toolchain::Tools;

/// Options of `cargo xtask ext push`.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// Name of the extension, or the path of a package (.ext) or of a Wasm module (.wat, .wasm).
    #[arg(value_name = "NAME|FILE")]
    name: String,
    /// As Wasm, from the same source.
    #[arg(long)]
    wasm: bool,
    /// Unload a loaded extension of the same name first.
    #[arg(long)]
    replace: bool,
    /// Stay, and push again at every save; with --replace.
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    reach: Reach,
}

/// What is pushed: where it comes from, and how it is made.
enum Source {
    /// A package as it is.
    File(PathBuf),
    /// A module in another language.
    Module(PathBuf),
    /// An extension of this workspace.
    Extension(Variant),
}

/// Pushes; succeeds if the kernel has loaded it.
pub(crate) fn run(
    options: &Options,
    folders: &Folders,
    tools: impl FnOnce() -> Result<Tools>,
) -> Result<ExitCode> {
    let source = Source::find(folders, &options.name, options.wasm)?;
    let tools = tools()?;
    if options.watch {
        return watch::run(options, &source, folders, &tools);
    }
    options.reach.is_possible(folders)?;
    let package = source.package(folders, &tools)?;
    let loaded = push(&mut Talk::begin(folders, &options.reach)?, &package, options.replace)?;
    Ok(if loaded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn push(talk: &mut Talk, package: &Path, replace: bool) -> Result<bool> {
    let bytes = folders::read(package)?;
    let name = package.file_name().unwrap_or_default().to_string_lossy();
    talk.push(Package { name: &name, bytes: &bytes, replace })
}

impl Source {
    fn find(folders: &Folders, name: &str, wasm: bool) -> Result<Self> {
        if Path::new(name).extension().is_some_and(|extension| extension == "ext") {
            return Ok(Self::File(PathBuf::from(name)));
        }
        if ext::foreign::is_file(name) {
            return Ok(Self::Module(PathBuf::from(name)));
        }
        let native = Variant::of(folders, name, &[], name)?;
        Ok(Self::Extension(if wasm { native.wasm() } else { native }))
    }

    /// The package, built anew if anything that it is made from has changed.
    fn package(&self, folders: &Folders, tools: &Tools) -> Result<PathBuf> {
        match self {
            Self::File(package) => Ok(package.clone()),
            Self::Module(module) => ext::foreign::package(folders, module, None),
            Self::Extension(variant) => {
                ext::build(folders, tools, std::slice::from_ref(variant)).map(|mut built| built.remove(0))
            }
        }
    }

    /// The file, or the folder, that a human edits.
    fn edited(&self) -> &Path {
        match self {
            Self::File(file) | Self::Module(file) => file,
            Self::Extension(variant) => &variant.folder,
        }
    }
}
