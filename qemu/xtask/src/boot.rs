//! Boots an image: with commands and unattended, or with a human at the console.

use std::path::PathBuf;
use std::time::Duration;

use spindle_runner::{Accelerator, Capture, Complaints, Limits, Machine, Outcome, Script, capture};

use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};
use crate::toolchain::Tools;

/// What a machine gets unless somebody asks for another.
pub(crate) const DEFAULT_MEMORY: &str = "128M";

/// An image and the machine to boot it on.
#[derive(Clone, Debug)]
pub(crate) struct Boot<'a> {
    pub(crate) tools: &'a Tools,
    pub(crate) folders: &'a Folders,
    pub(crate) image: PathBuf,
    pub(crate) memory: String,
    pub(crate) processors: u32,
    pub(crate) log_level: Option<String>,
    pub(crate) counts_instructions: bool,
}

/// A boot that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) capture: Capture,
    pub(crate) log: PathBuf,
}

/// A boot with commands that has ended.
#[derive(Debug)]
pub(crate) struct Scripted {
    pub(crate) script: Script,
    pub(crate) ended: Ended,
}

impl<'a> Boot<'a> {
    /// `image` on the default machine.
    pub(crate) fn new(tools: &'a Tools, folders: &'a Folders, image: PathBuf) -> Self {
        let memory = DEFAULT_MEMORY.to_owned();
        Self { tools, folders, image, memory, processors: 1, log_level: None, counts_instructions: false }
    }

    /// The accelerator: instructions can be counted by translation only.
    pub(crate) fn accelerator(&self) -> Accelerator {
        if self.counts_instructions { Accelerator::Tcg } else { Accelerator::of_this_machine() }
    }

    /// The machine without commands.
    pub(crate) fn machine(&self) -> Machine {
        Machine {
            qemu: self.tools.qemu.clone(),
            firmware: self.tools.firmware.clone(),
            image: self.image.clone(),
            memory: self.memory.clone(),
            processors: self.processors,
            accelerator: self.accelerator(),
            counts_instructions: self.counts_instructions,
            commands: None,
            log_level: self.log_level.clone(),
            control: None,
            has_escape_key: false,
        }
    }

    /// Boots, lets the kernel run `commands` (one line each, none empty), and hands every line of theirs to `observe`.
    /// The serial log is kept under `name`.
    pub(crate) fn script(
        &self,
        name: &str,
        commands: &[&str],
        limits: Limits,
        mut observe: impl FnMut(&str),
    ) -> Result<Scripted> {
        let log = self.folders.log(name);
        let file = log.with_extension("commands");
        folders::create(file.parent().unwrap_or(self.folders.built()))?;
        folders::write(&file, commands.join("\n").as_bytes())?;
        let machine = Machine { commands: Some(file), ..self.machine() };
        let mut script = Script::new(commands.len());
        let capture = capture(&mut machine.command(), limits, &log, Complaints::Kept, |line| {
            script.feed(line).into_iter().for_each(&mut observe);
        })?;
        Ok(Scripted { script, ended: Ended { capture, log } })
    }
}

impl Ended {
    /// How the machine ended.
    pub(crate) fn outcome(&self) -> Outcome {
        self.capture.outcome()
    }

    /// The same in words, with what QEMU complained of.
    pub(crate) fn reason(&self) -> String {
        format!("{} {}", self.outcome(), self.capture.complaints.trim()).trim_end().to_owned()
    }

    /// What the kernel wrote on its serial line, the firmware's talk left out.
    pub(crate) fn serial(&self) -> String {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&log).replace('\r', "");
        match text.rfind("BdsDxe: starting ") {
            Some(at) => text[at..].split_once('\n').map_or("", |(_, rest)| rest).trim_start().to_owned(),
            None => text,
        }
    }
}

impl Scripted {
    /// Whether the kernel came up, and every command did what it was asked.
    pub(crate) fn succeeded(&self) -> bool {
        self.ended.outcome() == Outcome::Succeeded && self.script.succeeded()
    }

    /// Why [`Scripted::succeeded`] is false, in a few words.
    pub(crate) fn reason(&self) -> String {
        let reason = self.ended.reason();
        if let Some(line) = self.script.disagreement() {
            return format!("kernel and host disagree about the protocol at the line `{line}`");
        }
        match (self.script.boot(), self.script.unfinished()) {
            (None, _) => format!("the kernel did not come up: {reason}"),
            (_, Some(index)) => format!("{reason}, in command {}", index + 1),
            (_, None) => reason,
        }
    }

    /// The failure of what was being done.
    pub(crate) fn failure(&self, what: &str) -> Failure {
        let look = format!("less {}   (all that the machine said)", self.ended.log.display());
        Failure::new(what).because(self.reason()).next(look)
    }
}

/// Limits of a run whose longest step is known.
pub(crate) fn limits(total_s: u64, silence_s: u64) -> Limits {
    Limits { total: Duration::from_secs(total_s), silence: Duration::from_secs(silence_s) }
}
