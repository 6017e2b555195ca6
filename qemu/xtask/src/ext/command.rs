//! `cargo xtask ext ...`: what can be asked for.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use spindle_abi::package::Kind;

use super::build::{self, Variant};
use super::{crates, foreign, new};
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};
use crate::push;
use crate::toolchain::Tools;

/// Works on extensions: makes, tests, certifies, builds, signs and pushes them.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes the folder of a new extension, complete and working.
    New {
        /// Name of the extension: lower-case letters, digits, `-`.
        name: String,
    },
    /// Builds packages: of certified and signed native code, or of Wasm; tells how long they are and where.
    Build(Build),
    /// Builds an extension and loads it into the kernel that runs in another terminal.
    Push(push::Options),
    /// Runs an extension's tests on the host, against a fake kernel.
    Test {
        /// Name of the extension.
        name: String,
        /// For the test program: a filter, or options after `--`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// What to build.
#[derive(Args, Clone, Debug)]
pub(crate) struct Build {
    /// Names of extensions, or files FILE.wat and FILE.wasm of extensions in another language.
    #[arg(required_unless_present = "all", value_name = "NAME|FILE")]
    names: Vec<String>,
    /// Every folder under extensions/, of both kinds; with --wasm, of that kind.
    #[arg(long, conflicts_with_all = ["names", "features", "name"])]
    all: bool,
    /// As Wasm, from the same source: for code that is not certified, or not trusted.
    #[arg(long)]
    wasm: bool,
    /// Cargo features of the extension, separated by commas.
    #[arg(long, value_delimiter = ',')]
    features: Vec<String>,
    /// Name of the package, if not the extension's.
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
}

/// Does what was asked for. `tools` is called if a compiler for the bare machine is needed.
pub(crate) fn run(
    command: Command,
    folders: &Folders,
    tools: impl FnOnce() -> Result<Tools>,
) -> Result<ExitCode> {
    match command {
        Command::Push(options) => return push::run(&options, folders, tools),
        Command::New { name } => new::new(folders, &name)?,
        Command::Test { name, arguments } => test(folders, &name, &arguments)?,
        Command::Build(what) => what.build(folders, tools)?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Build {
    fn build(self, folders: &Folders, tools: impl FnOnce() -> Result<Tools>) -> Result<()> {
        if self.name.is_some() && self.names.len() != 1 {
            return Err(Failure::new("--as names one package").because("several extensions were given"));
        }
        let (files, extensions): (Vec<String>, _) =
            self.names.iter().cloned().partition(|name| foreign::is_file(name));
        for file in &files {
            show(&foreign::package(folders, Path::new(file), self.name.as_deref())?, Kind::Wasm)?;
        }
        if extensions.is_empty() && !self.all {
            return Ok(());
        }
        let variants = self.variants(folders, &extensions)?;
        let packages = build::build(folders, &tools()?, &variants)?;
        variants.iter().zip(&packages).try_for_each(|(variant, package)| show(package, variant.kind))
    }

    fn variants(&self, folders: &Folders, extensions: &[String]) -> Result<Vec<Variant>> {
        if self.all {
            let mut all = Variant::all(folders)?;
            all.retain(|variant| !self.wasm || variant.kind == Kind::Wasm);
            return Ok(all);
        }
        let features: Vec<&str> = self.features.iter().map(String::as_str).collect();
        let variant = |extension: &String| {
            let name = self.name.as_ref().unwrap_or(extension);
            let native = Variant::of(folders, extension, &features, name)?;
            Ok(if self.wasm { native.wasm() } else { native })
        };
        extensions.iter().map(variant).collect()
    }
}

/// Says what a package is, how long, and where.
fn show(package: &Path, kind: Kind) -> Result<()> {
    let kind = match kind {
        Kind::Native => "native",
        Kind::Wasm => "wasm",
    };
    let length = folders::read(package)?.len();
    println!("{kind:<7} {length:>8} bytes  {}", package.display());
    Ok(())
}

fn test(folders: &Folders, name: &str, arguments: &[String]) -> Result<()> {
    crates::find(folders, name)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(&cargo);
    command.current_dir(folders.root()).args(["test", "--package", name]).args(arguments);
    let status = command.status().map_err(|error| Failure::new("cargo cannot be run").because(error))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format_args!("a test of {name} failed"))) }
}
