//! What came of the commands of a script.

use std::time::{Duration, Instant};

use crate::Line;

/// What one command did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandReport {
    /// The lines it wrote.
    pub output: Vec<String>,
    /// Whether it did what it was asked; `None` if it never ended.
    pub succeeded: Option<bool>,
}

/// Follows the lines of one script-mode boot.
#[derive(Debug)]
pub struct Script {
    started: Instant,
    boot: Option<Duration>,
    running: Option<usize>,
    commands: Vec<CommandReport>,
    disagreement: Option<String>,
}

impl Script {
    /// Expects `count` commands; the time to boot counts from here.
    pub fn new(count: usize) -> Self {
        let commands = vec![CommandReport::default(); count];
        Self { started: Instant::now(), boot: None, running: None, commands, disagreement: None }
    }

    /// Takes a line without its end; returns it if it is output of a command.
    pub fn feed<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        match Line::parse(line) {
            Line::Ready { .. } => self.boot = Some(self.started.elapsed()),
            Line::Begin { index } if self.running.is_none() && index < self.commands.len() => {
                self.running = Some(index);
            }
            Line::End { index, succeeded } if self.running == Some(index) => {
                self.running = None;
                self.commands[index].succeeded = Some(succeeded);
            }
            Line::Begin { .. } | Line::End { .. } | Line::Malformed(_) => self.disagree(line),
            _ => return self.output(line),
        }
        None
    }

    fn output<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        let index = self.running?;
        self.commands[index].output.push(line.to_owned());
        Some(line)
    }

    fn disagree(&mut self, line: &str) {
        self.disagreement.get_or_insert_with(|| line.to_owned());
    }

    /// The time from start to the prompt; `None` if the kernel never got there.
    pub fn boot(&self) -> Option<Duration> {
        self.boot
    }

    /// What each command did, in order.
    pub fn commands(&self) -> &[CommandReport] {
        &self.commands
    }

    /// The command that was running when the machine ended.
    pub fn unfinished(&self) -> Option<usize> {
        self.running
    }

    /// The first line that did not fit the protocol.
    pub fn disagreement(&self) -> Option<&str> {
        self.disagreement.as_deref()
    }

    /// Whether every command ran and did what it was asked.
    pub fn succeeded(&self) -> bool {
        self.disagreement.is_none() && self.commands.iter().all(|command| command.succeeded == Some(true))
    }
}

#[cfg(test)]
mod tests {
    use super::Script;

    fn play(count: usize, lines: &[&str]) -> Script {
        let mut script = Script::new(count);
        for line in lines {
            script.feed(line);
        }
        script
    }

    #[test]
    fn output_goes_to_its_command_and_noise_to_none() {
        let lines =
            ["BdsDxe: starting", "@spindle ready 5", "@spindle begin 0", "a", "b", "@spindle end 0 ok"];
        let script = play(
            2,
            &[&lines[..], &["[info] between", "@spindle begin 1", "c", "@spindle end 1 failed"]].concat(),
        );
        assert!(script.boot().is_some());
        assert_eq!(script.commands()[0].output, ["a", "b"]);
        assert_eq!(script.commands()[1].output, ["c"]);
        assert_eq!(script.commands()[1].succeeded, Some(false));
        assert!(!script.succeeded());
    }

    #[test]
    fn a_command_that_never_ended_did_not_succeed() {
        let script = play(1, &["@spindle ready 5", "@spindle begin 0", "working"]);
        assert_eq!(script.unfinished(), Some(0));
        assert!(!script.succeeded());
    }

    #[test]
    fn a_script_that_never_began_did_not_succeed() {
        let script = play(1, &["BdsDxe: starting"]);
        assert!(script.boot().is_none());
        assert!(!script.succeeded());
    }

    #[test]
    fn frames_out_of_order_are_a_disagreement() {
        let script = play(2, &["@spindle begin 0", "@spindle end 1 ok"]);
        assert_eq!(script.disagreement(), Some("@spindle end 1 ok"));
        let script = play(1, &["@spindle begin 1"]);
        assert_eq!(script.disagreement(), Some("@spindle begin 1"));
    }

    #[test]
    fn tests_run_by_a_command_are_its_output() {
        let mut script = play(1, &["@spindle ready 5", "@spindle begin 0"]);
        assert_eq!(script.feed("@test ok a::b"), Some("@test ok a::b"));
    }
}
