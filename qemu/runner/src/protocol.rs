//! One line of the serial protocol, typed.
//!
//! *Interface*: [`Line::parse`]. The words are `spindle_abi::protocol`'s.

use spindle_abi::protocol::{script, test};

/// A line from the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Script mode has begun.
    Ready {
        /// Time since boot by the kernel's clock.
        since_boot_ns: u64,
    },
    /// What follows is the output of a command.
    Begin {
        /// Its place among the commands, from 0.
        index: usize,
    },
    /// The command has ended.
    End {
        /// Its place among the commands, from 0.
        index: usize,
        /// Whether it did what it was asked.
        succeeded: bool,
    },
    /// An in-kernel test begins.
    TestStart {
        /// Its path.
        name: &'a str,
    },
    /// The test passed.
    TestOk {
        /// Its path.
        name: &'a str,
    },
    /// The test failed.
    TestFailed {
        /// Its path.
        name: &'a str,
        /// What it says of it.
        reason: &'a str,
    },
    /// All in-kernel tests have ended.
    TestsDone {
        /// Number that passed.
        passed: usize,
        /// Number that failed.
        failed: usize,
    },
    /// Begins like a protocol line, but is none: the two sides disagree.
    Malformed(&'a str),
    /// Anything else.
    Text(&'a str),
}

impl<'a> Line<'a> {
    /// Reads one line without its end.
    pub fn parse(line: &'a str) -> Self {
        let line = after_firmware(line);
        if !line.starts_with("@spindle ") && !line.starts_with("@test ") {
            return Self::Text(line);
        }
        Self::framing(line).or_else(|| Self::of_test(line)).unwrap_or(Self::Malformed(line))
    }

    fn framing(line: &'a str) -> Option<Self> {
        if let Some(time) = rest(line, script::READY) {
            return Some(Self::Ready { since_boot_ns: time.parse().ok()? });
        }
        if let Some(index) = rest(line, script::BEGIN) {
            return Some(Self::Begin { index: index.parse().ok()? });
        }
        let (index, word) = rest(line, script::END)?.split_once(' ')?;
        let succeeded = match word {
            "ok" => true,
            "failed" => false,
            _ => return None,
        };
        Some(Self::End { index: index.parse().ok()?, succeeded })
    }

    fn of_test(line: &'a str) -> Option<Self> {
        if let Some(name) = rest(line, test::START) {
            return Some(Self::TestStart { name });
        }
        if let Some(name) = rest(line, test::OK) {
            return Some(Self::TestOk { name });
        }
        if let Some(failed) = rest(line, test::FAILED) {
            let (name, reason) = failed.split_once(": ").unwrap_or((failed, "no reason given"));
            return Some(Self::TestFailed { name, reason });
        }
        let (passed, failed) = rest(line, test::DONE)?.split_once(" passed, ")?;
        let failed = failed.strip_suffix(" failed")?;
        Some(Self::TestsDone { passed: passed.parse().ok()?, failed: failed.parse().ok()? })
    }
}

/// What stands after `words` and one space.
fn rest<'a>(line: &'a str, words: &str) -> Option<&'a str> {
    line.strip_prefix(words)?.strip_prefix(' ')
}

/// The firmware may leave its last line open; the kernel's first protocol line is then found inside it.
fn after_firmware(line: &str) -> &str {
    line.find(script::READY).map_or(line, |at| &line[at..])
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn every_kind_of_line_is_read() {
        for (text, line) in [
            ("@spindle ready 2500000", Line::Ready { since_boot_ns: 2_500_000 }),
            ("@spindle begin 3", Line::Begin { index: 3 }),
            ("@spindle end 3 ok", Line::End { index: 3, succeeded: true }),
            ("@spindle end 12 failed", Line::End { index: 12, succeeded: false }),
            ("@test start mem::reuse", Line::TestStart { name: "mem::reuse" }),
            ("@test ok mem::reuse", Line::TestOk { name: "mem::reuse" }),
            ("@test done 14 passed, 2 failed", Line::TestsDone { passed: 14, failed: 2 }),
            ("hello world", Line::Text("hello world")),
        ] {
            assert_eq!(Line::parse(text), line);
        }
    }

    #[test]
    fn a_reason_may_hold_colons_and_paths() {
        let line = Line::parse("@test failed mem::reuse: left: 1, right: 2");
        assert_eq!(line, Line::TestFailed { name: "mem::reuse", reason: "left: 1, right: 2" });
    }

    #[test]
    fn what_only_looks_like_the_protocol_is_reported() {
        for text in [
            "@spindle ready soon",
            "@spindle end 1",
            "@spindle end 1 maybe",
            "@test done 1",
            "@spindle begin -1",
        ] {
            assert_eq!(Line::parse(text), Line::Malformed(text));
        }
    }

    #[test]
    fn an_open_line_of_the_firmware_does_not_hide_the_first_one() {
        let line = Line::parse("\u{1b}[2J\u{1b}[01;01H@spindle ready 7");
        assert_eq!(line, Line::Ready { since_boot_ns: 7 });
    }

    #[test]
    fn the_protocol_inside_a_sentence_is_text() {
        assert_eq!(Line::parse("see @test ok"), Line::Text("see @test ok"));
    }
}
