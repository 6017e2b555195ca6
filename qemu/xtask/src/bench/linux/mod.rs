//! Linux on the machine that Spindle is measured on: its kernel, with one program that measures from inside.

mod cpio;
mod package;
mod program;

use std::path::{Path, PathBuf};

use spindle_runner::{Complaints, Script, capture};

use super::compare::{LINUX, LINUX_MITIGATED};
use super::results::Results;
use crate::boot::{Boot, Ended, Scripted, limits};
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};

const TOTAL_S: u64 = 600;
/// The longest benchmark says nothing for some seconds; counting instructions takes ten times as long.
const SILENCE_S: u64 = 180;
/// Lines of the console that a failure shows.
const LAST_LINES: usize = 20;

/// What every boot is told: talk on the serial line, only of errors, and end the machine after a panic.
const COMMAND_LINE: &str = "console=ttyS0 loglevel=3 panic=-1";

/// A kernel and its initramfs.
#[derive(Debug)]
pub(super) struct Linux {
    name: String,
    kernel: PathBuf,
    initramfs: PathBuf,
}

impl Linux {
    /// Gets a kernel, the one at `kernel` or else Debian's, and builds the program that measures.
    pub(super) fn prepare(folders: &Folders, kernel: Option<&Path>) -> Result<Self> {
        let folder = folders.built().join("linux");
        folders::create(&folder)?;
        let (name, kernel) = match kernel {
            Some(file) => own(file)?,
            None => package::newest(&folder)?,
        };
        let program = folders::read(&program::build(folders, &folder)?)?;
        let initramfs = folder.join("initramfs.cpio");
        folders::write(&initramfs, &cpio::archive("init", &program))?;
        Ok(Self { name, kernel, initramfs })
    }

    /// Which kernel it is.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Adds what is measured with mitigations off, as Spindle has none, and in a second boot what they cost.
    pub(super) fn measure(&self, boot: &Boot<'_>, results: &mut Results) -> Result<()> {
        self.boot(boot, LINUX, "mitigations=off", results)?;
        self.boot(boot, LINUX_MITIGATED, "", results)
    }

    fn boot(&self, boot: &Boot<'_>, prefix: &str, option: &str, results: &mut Results) -> Result<()> {
        let for_the_program = if boot.counts_instructions { "-- --icount" } else { "" };
        let linux = spindle_runner::Linux {
            kernel: self.kernel.clone(),
            initramfs: self.initramfs.clone(),
            command_line: [COMMAND_LINE, option, for_the_program].join(" "),
        };
        let log = boot.folders.log(&format!("bench-{}", prefix.trim_end_matches('/')));
        let mut script = Script::new(1);
        let mut command = boot.machine().command_with_linux(&linux);
        let capture = capture(&mut command, limits(TOTAL_S, SILENCE_S), &log, Complaints::Kept, |line| {
            script.feed(line).into_iter().for_each(|line| results.feed(prefix, line));
        })?;
        results.check()?;
        let scripted = Scripted { script, ended: Ended { capture, log } };
        if scripted.succeeded() { Ok(()) } else { Err(failure(&scripted)) }
    }
}

/// The kernel that the command names.
fn own(file: &Path) -> Result<(String, PathBuf)> {
    let failure = || Failure::new(format_args!("{} cannot be booted", file.display()));
    // QEMU runs elsewhere if it is told to, so the path is made whole.
    let kernel = file.canonicalize().map_err(|error| failure().because(error))?;
    if kernel.is_file() {
        Ok((kernel.display().to_string(), kernel))
    } else {
        Err(failure().because("a vmlinuz is a file"))
    }
}

fn failure(scripted: &Scripted) -> Failure {
    let serial = scripted.ended.serial();
    let lines: Vec<&str> = serial.lines().collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    eprintln!("The last that Linux said:\n{}", last.join("\n"));
    scripted.failure("Linux could not be measured")
}
