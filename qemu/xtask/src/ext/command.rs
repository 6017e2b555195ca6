//! `cargo xtask ext ...`: what can be asked for.

use clap::{Args, Subcommand};

use super::build::{self, Variant};
use super::{crates, new};
use crate::failure::{Failure, Result};
use crate::folders::Folders;
use crate::toolchain::Tools;

/// Works on extensions: makes, tests, certifies, builds and signs them.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes the folder of a new extension, complete and working.
    New {
        /// Name of the extension: lower-case letters, digits, `-`.
        name: String,
    },
    /// Certifies, builds and signs extensions; tells where the packages are.
    Build(Build),
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
    /// Names of extensions.
    #[arg(required_unless_present = "all")]
    names: Vec<String>,
    /// Every folder under extensions/.
    #[arg(long, conflicts_with_all = ["names", "features", "name"])]
    all: bool,
    /// Cargo features of the extension, separated by commas.
    #[arg(long, value_delimiter = ',')]
    features: Vec<String>,
    /// Name of the package, if not the extension's.
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
}

/// Does what was asked for. `tools` is called if a compiler for the bare machine is needed.
pub(crate) fn run(command: Command, folders: &Folders, tools: impl FnOnce() -> Result<Tools>) -> Result<()> {
    match command {
        Command::New { name } => new::new(folders, &name),
        Command::Test { name, arguments } => test(folders, &name, &arguments),
        Command::Build(what) => {
            let variants = what.variants(folders)?;
            for package in build::build(folders, &tools()?, &variants)? {
                println!("{}", package.display());
            }
            Ok(())
        }
    }
}

impl Build {
    fn variants(self, folders: &Folders) -> Result<Vec<Variant>> {
        if self.all {
            return Ok(crates::all(folders)?.into_iter().map(Variant::plain).collect());
        }
        if self.name.is_some() && self.names.len() != 1 {
            return Err(Failure::new("--as names one package").because("several extensions were given"));
        }
        let Build { names, features, name, .. } = self;
        let variant = |extension: String| {
            let name = name.clone().unwrap_or_else(|| extension.clone());
            Ok(Variant { folder: crates::find(folders, &extension)?, features: features.clone(), name })
        };
        names.into_iter().map(variant).collect()
    }
}

fn test(folders: &Folders, name: &str, arguments: &[String]) -> Result<()> {
    crates::find(folders, name)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(&cargo);
    command.current_dir(folders.root()).args(["test", "--package", name]).args(arguments);
    let status = command.status().map_err(|error| Failure::new("cargo cannot be run").because(error))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format_args!("a test of {name} failed"))) }
}
