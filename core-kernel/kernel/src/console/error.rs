//! How a command fails: by saying why. What went wrong is typed where it went wrong; here it meets a human.

use core::fmt::{self, Display};

use heapless::String;
use spindle_kerncore::nearest::nearest;

use super::{Session, names};

/// Proof that the human has been told why a command did not do what it was asked for: only saying so makes one.
#[derive(Debug)]
#[must_use = "a command that fails returns this"]
pub(super) struct Failed(());

impl Session {
    /// Says why a command fails.
    pub(super) fn fail(&self, reason: impl Display) -> Failed {
        self.say(format_args!("error: {reason}"));
        Failed(())
    }

    /// The same for something that has been said already, by an extension or in the log.
    pub(super) fn fail_silently(&self) -> Failed {
        Failed(())
    }

    /// What a switch is to be set to: `on` or `off`, if anything was said.
    pub(super) fn switch(&self, word: Option<&str>) -> Result<Option<bool>, Failed> {
        match word {
            None => Ok(None),
            Some("on") => Ok(Some(true)),
            Some("off") => Ok(Some(false)),
            Some(other) => Err(self.fail_for_want_of("position of the switch", other, names::switches)),
        }
    }

    /// Says that there is no `what` called `name`, and which name may have been meant; `names` calls back with all
    /// that there are, and is given an empty line to complete.
    pub(super) fn fail_for_want_of(
        &self,
        what: &str,
        name: &str,
        names: impl FnOnce(&str, &mut dyn FnMut(&str)),
    ) -> Failed {
        let mut meant = Meant::default();
        names("", &mut |candidate| meant.consider(name, candidate));
        self.fail(format_args!("no {what} `{name}`{meant}"))
    }
}

/// The nearest name so far. Shows as a question, or as nothing.
#[derive(Default)]
struct Meant(Option<String<64>>);

impl Meant {
    fn consider(&mut self, name: &str, candidate: &str) {
        let held = self.0.as_deref().into_iter();
        if nearest(name, held.chain([candidate])) == Some(candidate) {
            // A name too long to be held is too long to be suggested.
            self.0 = String::try_from(candidate).ok().or(self.0.take());
        }
    }
}

impl Display for Meant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|name| write!(out, "; did you mean `{name}`?"))
    }
}
