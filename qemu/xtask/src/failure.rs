//! How a task fails before a human: what happened, why, and the command to give next.

use std::fmt;

/// Result of a task.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// A task that cannot go on.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    why: Option<String>,
    next: Vec<String>,
}

impl Failure {
    /// What could not be done, as a sentence without its full stop.
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Self { what: what.to_string(), why: None, next: Vec::new() }
    }

    /// Why it could not be done.
    #[must_use = "the reason is added to what this returns"]
    pub(crate) fn because(mut self, why: impl fmt::Display) -> Self {
        self.why = Some(why.to_string());
        self
    }

    /// A command, or failing that an action, that helps; several are shown in order.
    #[must_use = "the advice is added to what this returns"]
    pub(crate) fn next(mut self, command: impl fmt::Display) -> Self {
        self.next.push(command.to_string());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        if let Some(why) = &self.why {
            write!(f, "\n  why: {}", why.trim_end().replace('\n', "\n       "))?;
        }
        for (index, command) in self.next.iter().enumerate() {
            write!(f, "\n {} {command}", if index == 0 { "next:" } else { "     " })?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl From<spindle_runner::Error> for Failure {
    fn from(error: spindle_runner::Error) -> Self {
        Self::new("the machine could not be run").because(error)
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn says_what_why_and_what_next() {
        let failure = Failure::new("no linker")
            .because("nothing is\ninstalled")
            .next("apt-get install lld")
            .next("retry");
        let text =
            "error: no linker\n  why: nothing is\n       installed\n next: apt-get install lld\n       retry";
        assert_eq!(failure.to_string(), text);
    }
}
