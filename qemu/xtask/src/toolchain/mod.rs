//! The programs that build and boot Spindle: found, or installed, or asked for.
//!
//! *Interface*: [`tools`] returns everything, having installed it where it may. What is looked for is in `find`, what
//! is decided is in `plan` (no side effects), what is run is in `install`.
//!
//! *Invariants*: INV-TOOL-1: no build starts before every program that it and QEMU need is there.

mod compiler;
mod find;
mod install;
mod linker;
mod plan;

use std::path::PathBuf;

use spindle_runner::Firmware;

use crate::failure::{Failure, Result};
use crate::folders::Folders;
pub(crate) use compiler::{Compiler, Version};
use plan::Plan;

/// Every program that building and booting needs.
#[derive(Clone, Debug)]
pub(crate) struct Tools {
    /// The compiler for kernel, extensions and image.
    pub(crate) compiler: Compiler,
    /// The folder with a program named `rust-lld`.
    pub(crate) linker_folder: PathBuf,
    /// The emulator.
    pub(crate) qemu: PathBuf,
    /// UEFI firmware.
    pub(crate) firmware: Firmware,
}

/// Finds the tools; on a Debian-like system, as root, installs what is missing.
///
/// # Errors
/// Before anything is built, if something is missing that may not or cannot be installed: with the commands to give.
pub(crate) fn tools(folders: &Folders) -> Result<Tools> {
    let found = find::everything();
    let packages = match plan::plan(&found) {
        Plan::Ready(choice) => return finish(folders, choice),
        Plan::Stop(failure) => return Err(failure),
        Plan::Install(packages) => packages,
    };
    install::install(&packages)?;
    match plan::plan(&find::everything()) {
        Plan::Ready(choice) => finish(folders, choice),
        Plan::Stop(failure) => Err(failure),
        Plan::Install(still_missing) => Err(plan::missing_after_install(&still_missing)),
    }
}

fn finish(folders: &Folders, choice: plan::Choice) -> Result<Tools> {
    let linker_folder = folders.tools();
    linker::link(&choice.linker, &linker_folder)
        .map_err(|error| Failure::new("the linker cannot be put in its place").because(error))?;
    Ok(Tools { compiler: choice.compiler, linker_folder, qemu: choice.qemu, firmware: choice.firmware })
}
