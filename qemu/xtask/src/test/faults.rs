//! Must-fault images: each boot crashes the kernel in one way, and has to end with a report that names it.

use spindle_runner::Outcome;

use super::tally::Tally;
use crate::boot::{Boot, Scripted, limits};
use crate::failure::Result;

const TOTAL_S: u64 = 90;
const SILENCE_S: u64 = 60;

/// A way to crash, as `crash list` prints it: `KIND  WORDS`, the words being what the report must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    name: String,
    words: String,
}

impl Kind {
    /// Reads a line of the list.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (name, words) = line.trim().split_once(' ')?;
        Some(Self { name: name.to_owned(), words: words.trim().to_owned() })
    }
}

/// Boots once per kind that the filter leaves.
pub(super) fn run(boot: &Boot<'_>, kinds: &[Kind], filter: &str, tally: &mut Tally) -> Result<()> {
    tally.heading("must-fault images");
    if kinds.is_empty() && "crash::".contains(filter) {
        tally.case("crash::(any)", Some("the kernel offers no way to crash (`crash list`)"));
    }
    for kind in kinds {
        let name = format!("crash::{}", kind.name);
        if name.contains(filter) {
            let log = format!("test-crash-{}", kind.name);
            let command = format!("crash {}", kind.name);
            let ended = boot.script(&log, &[&command], limits(TOTAL_S, SILENCE_S), |_| ())?;
            tally.case(&name, verdict(&ended, kind).as_deref());
        }
    }
    Ok(())
}

/// Why this was not the crash that was asked for.
fn verdict(ended: &Scripted, kind: &Kind) -> Option<String> {
    let log = ended.log.display();
    if ended.capture.outcome() != Outcome::Panicked {
        return Some(format!("should have panicked; {}\nlog: {log}", ended.reason()));
    }
    if !ended.serial().contains(&kind.words) {
        return Some(format!("the report does not say `{}`\nlog: {log}", kind.words));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn a_kind_is_a_word_and_what_its_report_says() {
        let kind = Kind::parse("page-fault   page fault (#PF)").unwrap();
        assert_eq!((kind.name.as_str(), kind.words.as_str()), ("page-fault", "page fault (#PF)"));
        assert_eq!(Kind::parse("nothing"), None);
    }
}
