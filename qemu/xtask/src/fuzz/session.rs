//! One run of one of the fuzzer's programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use spindle_runner::{Complaints, Ending, capture};

use crate::boot::limits;
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};

/// One input may take so long; more is a finding.
const INPUT_S: u32 = 10;
/// An input so long says nothing that a shorter one does not.
const INPUT_BYTES: u32 = 64 << 10;
/// All that one program may have of memory; more is a finding.
const MEMORY_MIB: u32 = 2048;
/// What starting and ending may take besides.
const SLACK_S: u64 = 120;

/// A program and its folders.
pub(super) struct Session<'a> {
    folders: &'a Folders,
    target: &'a str,
    program: PathBuf,
    found: PathBuf,
}

impl<'a> Session<'a> {
    /// The program for `target` among `programs`.
    pub(super) fn new(folders: &'a Folders, target: &'a str, programs: &Path) -> Self {
        let found = folders.built().join("fuzz/found").join(target);
        Self { folders, target, program: programs.join(target), found }
    }

    /// Fuzzes for `seconds`; gives what to say if something was found.
    pub(super) fn fuzz(&self, seconds: u32) -> Result<Option<Failure>> {
        let learnt = self.folders.built().join("fuzz/corpus").join(self.target);
        let committed = self.folders.root().join("qemu/fuzz/corpus").join(self.target);
        folders::create(&learnt)?;
        folders::create(&self.found)?;
        let mut command = self.command();
        command.arg(format!("-max_total_time={seconds}")).arg(format!("-timeout={INPUT_S}"));
        command.arg(format!("-rss_limit_mb={MEMORY_MIB}")).arg(format!("-max_len={INPUT_BYTES}"));
        command.arg(format!("-artifact_prefix={}/", self.found.display())).arg("-print_final_stats=1");
        command.args([learnt, committed]);
        println!("== {}: {seconds} s", self.target);
        self.run(command, u64::from(seconds))
    }

    /// Gives the program one input; gives what to say if it breaks.
    pub(super) fn repeat(&self, input: &Path) -> Result<Option<Failure>> {
        if !input.is_file() {
            return Err(Failure::new(format_args!("there is no file {}", input.display())));
        }
        let mut command = self.command();
        command.arg(input);
        self.run(command, u64::from(INPUT_S))
    }

    /// libFuzzer speaks on standard error only; here both are one.
    fn command(&self) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 2>&1"]).arg(&self.program).stdout(Stdio::piped());
        command.env("RUST_BACKTRACE", "1");
        command
    }

    fn run(&self, mut command: Command, seconds: u64) -> Result<Option<Failure>> {
        let log = self.folders.log(&format!("fuzz-{}", self.target));
        let mut said = Said::default();
        let limits = limits(seconds + SLACK_S, seconds + SLACK_S);
        let ended = capture(&mut command, limits, &log, Complaints::Shown, |line| {
            if said.hear(line) {
                println!("{line}");
            }
        })?;
        match ended.ending {
            Ending::Exited(status) if status.success() => Ok(None),
            Ending::Exited(_) => Ok(Some(self.broken(&said, &log))),
            Ending::Hung(_) => Ok(Some(self.broken(&said, &log).because("it hangs, and was ended"))),
        }
    }

    fn broken(&self, said: &Said, log: &Path) -> Failure {
        let what = said.complaint.as_deref().unwrap_or("the program ended before its time");
        let failure = Failure::new(format_args!("{}: an input breaks it", self.target));
        let failure = failure.because(format_args!("{what}\nlog: {}", log.display()));
        match &said.input {
            Some(input) => failure.next(format_args!("cargo xtask fuzz {} --input {input}", self.target)),
            None => failure,
        }
    }
}

/// What a program has said that matters.
#[derive(Debug, Default)]
struct Said {
    complaint: Option<String>,
    input: Option<String>,
    panicked: bool,
}

impl Said {
    /// Takes a line; says whether a human wants to see it: the pulse, the sum, and what goes wrong.
    fn hear(&mut self, line: &str) -> bool {
        if let Some((_, path)) = line.split_once("Test unit written to ") {
            self.input = Some(path.trim().to_owned());
        }
        // A panic's words stand on the line after the place.
        let is_words = std::mem::replace(&mut self.panicked, line.contains("panicked at "));
        if self.complaint.is_none() && (is_words || line.contains("ERROR: libFuzzer: ")) {
            self.complaint = Some(line.trim().to_owned());
        }
        let is_pulse = ["\tINITED", "\tpulse", "\tDONE"].iter().any(|word| line.contains(word));
        is_pulse
            || is_words
            || ["panicked at ", "ERROR: ", "stat::number_of_executed"].iter().any(|word| line.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn what_broke_and_the_input_are_found_in_what_libfuzzer_says() {
        let mut said = Said::default();
        let lines = [
            ("#2\tINITED cov: 10 ft: 11 corp: 1/1b exec/s: 0 rss: 30Mb", true),
            ("#7\tNEW    cov: 11 ft: 12 corp: 2/3b", false),
            ("thread '<unnamed>' panicked at qemu/fuzz/src/plan.rs:9:5:", true),
            ("INV-PLAN-1", true),
            ("==12== ERROR: libFuzzer: deadly signal", true),
            ("artifact_prefix='x/'; Test unit written to x/crash-1", false),
        ];
        for (line, is_shown) in lines {
            assert_eq!(said.hear(line), is_shown, "{line}");
        }
        assert_eq!(said.complaint.as_deref(), Some("INV-PLAN-1"));
        assert_eq!(said.input.as_deref(), Some("x/crash-1"));
    }
}
