//! What came of building several packages.

use std::path::PathBuf;

use crate::failure::{Failure, Result};

/// The packages that were built, and why the others were not.
#[derive(Debug, Default)]
pub(crate) struct Attempt {
    built: Vec<PathBuf>,
    failed: Vec<(String, Failure)>,
}

impl Attempt {
    /// Notes what came of the package `name`.
    pub(super) fn add(&mut self, name: String, outcome: Result<PathBuf>) {
        match outcome {
            Ok(package) => self.built.push(package),
            Err(failure) => self.failed.push((name, failure)),
        }
    }

    /// All packages, in the order asked for.
    ///
    /// # Errors
    /// If one was not built: the one failure, or the names if there are several, each told before.
    pub(crate) fn all_or_nothing(mut self) -> Result<Vec<PathBuf>> {
        match self.failed.len() {
            0 => Ok(self.built),
            1 => Err(self.failed.remove(0).1),
            several => {
                self.tell();
                Err(Failure::new(format_args!("{several} packages could not be built"))
                    .because(format_args!("{}; each one's reason is above", self.names())))
            }
        }
    }

    /// The packages that were built; says which were left out.
    pub(crate) fn what_was_built(self) -> Vec<PathBuf> {
        if !self.failed.is_empty() {
            self.tell();
            eprintln!("left out of the image, for the reasons above: {}", self.names());
        }
        self.built
    }

    fn tell(&self) {
        self.failed.iter().for_each(|(_, failure)| eprintln!("{failure}"));
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.failed.iter().map(|(name, _)| name.as_str()).collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Failure, PathBuf};

    fn attempt(failed: &[&str]) -> Attempt {
        let mut attempt = Attempt::default();
        attempt.add("good".to_owned(), Ok(PathBuf::from("good.ext")));
        for name in failed {
            attempt.add((*name).to_owned(), Err(Failure::new(format_args!("{name} is broken"))));
        }
        attempt
    }

    #[test]
    fn what_can_be_built_is_built_whatever_becomes_of_the_others() {
        assert_eq!(attempt(&["bad", "worse"]).what_was_built(), [PathBuf::from("good.ext")]);
        assert_eq!(attempt(&[]).all_or_nothing().unwrap(), [PathBuf::from("good.ext")]);
    }

    #[test]
    fn one_failure_is_told_as_it_is_and_several_by_name() {
        let told = |failed: &[&str]| attempt(failed).all_or_nothing().unwrap_err().to_string();
        assert_eq!(told(&["bad"]), "error: bad is broken");
        assert!(
            told(&["bad", "worse"]).contains("2 packages") && told(&["bad", "worse"]).contains("bad, worse")
        );
    }
}
