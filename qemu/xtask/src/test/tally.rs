//! Counts results and says them.

use std::process::ExitCode;

use crate::failure::{Failure, Result};

/// What came of the tests so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    passed: usize,
    failures: Vec<String>,
}

impl Tally {
    /// Says what follows.
    pub(crate) fn heading(&self, text: &str) {
        println!("\n== {text}");
    }

    /// Counts and shows one test; `failure` says why it failed.
    pub(crate) fn case(&mut self, name: &str, failure: Option<&str>) {
        match failure {
            None => {
                println!("ok      {name}");
                self.passed += 1;
            }
            Some(reason) => {
                println!("FAILED  {name}\n        {}", reason.trim_end().replace('\n', "\n        "));
                self.failures.push(name.to_owned());
            }
        }
    }

    /// Counts tests that another program has shown.
    pub(crate) fn shown(&mut self, passed: usize, failures: impl IntoIterator<Item = String>) {
        self.passed += passed;
        self.failures.extend(failures);
    }

    /// Says the last lines; the status of the process.
    pub(crate) fn conclude(self, filter: &str) -> Result<ExitCode> {
        let Self { passed, failures } = self;
        println!();
        if passed == 0 && failures.is_empty() {
            println!("0 passed, 0 failed");
            return Err(Failure::new(format_args!("no test has a name that contains `{filter}`"))
                .next("cargo xtask test"));
        }
        failures.iter().for_each(|name| println!("failed: {name}"));
        println!("{passed} passed, {} failed", failures.len());
        Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
