//! Finds the sessions in a page.

const PROMPT: &str = "spindle> ";

/// A session.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Transcript {
    /// `transcript::FILE:LINE` of the block.
    pub(super) name: String,
    /// What is typed, in order.
    pub(super) steps: Vec<Step>,
}

/// A command and what the page shows below it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) command: String,
    pub(super) expected: Vec<String>,
    /// Its line in the page, from 1.
    pub(super) line: usize,
}

impl Step {
    /// Whether the machine ends with it, so that its end cannot be reported.
    pub(super) fn ends_machine(&self) -> bool {
        self.command.trim() == "poweroff"
    }
}

/// Returns the sessions in `text`; a `console` block without the kernel's prompt is none.
pub(super) fn transcripts(page: &str, text: &str) -> Vec<Transcript> {
    let mut found = Vec::new();
    let mut open: Option<Transcript> = None;
    for (line, number) in text.lines().zip(1..) {
        match &mut open {
            None if line.trim_end() == "```console" => {
                open = Some(Transcript { name: format!("transcript::{page}:{number}"), steps: Vec::new() });
            }
            None => {}
            Some(_) if line.starts_with("```") => found.extend(open.take()),
            Some(transcript) => transcript.add(line, number),
        }
    }
    found.retain(|transcript| !transcript.steps.is_empty());
    found
}

impl Transcript {
    /// Takes a line of the block; what stands before the first prompt (the shell, the banner) is not compared.
    fn add(&mut self, line: &str, number: usize) {
        if line.trim_end() == PROMPT.trim_end() {
            return;
        }
        if let Some(command) = line.strip_prefix(PROMPT) {
            self.steps.push(Step { command: command.trim().to_owned(), expected: Vec::new(), line: number });
        } else if let Some(step) = self.steps.last_mut() {
            step.expected.push(line.trim_end().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, transcripts};

    const PAGE: &str = "# Title\n```console\n$ cargo xtask run\nSpindle 0.1\nspindle> ext load hello\nloaded hello\nspindle> hello\nspindle>\n```\n\
                        ```sh\nspindle> not a session\n```\n```console\n$ cargo xtask test\n1 passed, 0 failed\n```\n";

    #[test]
    fn sessions_are_found_with_their_places() {
        let found = transcripts("README.md", PAGE);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "transcript::README.md:2");
        let step = |command: &str, expected: &[&str], line| Step {
            command: command.to_owned(),
            expected: expected.iter().map(|text| (*text).to_owned()).collect(),
            line,
        };
        assert_eq!(found[0].steps, [step("ext load hello", &["loaded hello"], 5), step("hello", &[], 7)]);
    }

    #[test]
    fn a_block_that_is_never_closed_is_no_session() {
        assert!(transcripts("x", "```console\nspindle> help\n").is_empty());
    }
}
