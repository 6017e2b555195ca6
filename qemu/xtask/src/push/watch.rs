//! `--watch`: pushes at every save, until Ctrl-C. What does not build, or is refused, is shown, and watching goes on.

use std::path::PathBuf;
use std::process::ExitCode;

use super::changes::Changes;
use super::{Options, Source, push};
use crate::control::Talk;
use crate::failure::Result;
use crate::folders::{self, Folders};
use crate::toolchain::Tools;

/// What was loaded last, and where: a save that changes nothing is not pushed to the same kernel again.
struct Loaded {
    package: Vec<u8>,
    socket: PathBuf,
}

/// Never returns but for a failure to watch.
pub(super) fn run(options: &Options, source: &Source, folders: &Folders, tools: &Tools) -> Result<ExitCode> {
    let changes = Changes::of(source.edited())?;
    let mut loaded = None;
    loop {
        if let Err(failure) = attempt(options, source, folders, tools, &mut loaded) {
            eprintln!("{failure}");
        }
        eprintln!("watching {}; Ctrl-C ends it", shown(source, folders));
        changes.wait()?;
    }
}

fn attempt(
    options: &Options,
    source: &Source,
    folders: &Folders,
    tools: &Tools,
    loaded: &mut Option<Loaded>,
) -> Result<()> {
    let package = source.package(folders, tools)?;
    let bytes = folders::read(&package)?;
    let mut talk = Talk::begin(folders, &options.reach)?;
    if loaded.as_ref().is_some_and(|loaded| loaded.package == bytes && loaded.socket == talk.socket()) {
        eprintln!("nothing has changed that is in the package");
        return Ok(());
    }
    let socket = talk.socket().to_owned();
    *loaded = push(&mut talk, &package, true)?.then_some(Loaded { package: bytes, socket });
    Ok(())
}

fn shown(source: &Source, folders: &Folders) -> String {
    let edited = source.edited();
    edited.strip_prefix(folders.root()).unwrap_or(edited).display().to_string()
}
