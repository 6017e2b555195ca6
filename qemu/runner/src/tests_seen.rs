//! What came of the in-kernel tests of one boot.
//!
//! *Invariants*: INV-TEST-1: a test that started and said nothing more has failed. INV-TEST-2: a run whose own totals
//! are missing, or are not what was seen, has failed, whatever the single tests said.

use crate::Line;

/// One in-kernel test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its path.
    pub name: String,
    /// Why it failed; `None` if it passed.
    pub failure: Option<String>,
}

/// Follows the test lines of one boot.
#[derive(Debug, Default)]
pub struct TestRun {
    cases: Vec<Case>,
    running: Option<String>,
    announced: Option<(usize, usize)>,
}

impl TestRun {
    /// Takes a line without its end; returns the cases that it completed.
    pub fn feed(&mut self, line: &str) -> &[Case] {
        let known = self.cases.len();
        match Line::parse(line) {
            Line::TestStart { name } => {
                self.abandon("another test started before it ended");
                self.running = Some(name.to_owned());
            }
            Line::TestOk { name } => self.complete(name, None),
            Line::TestFailed { name, reason } => self.complete(name, Some(reason.to_owned())),
            Line::TestsDone { passed, failed } => self.announced = Some((passed, failed)),
            _ => {}
        }
        &self.cases[known..]
    }

    fn complete(&mut self, name: &str, failure: Option<String>) {
        let failure = match self.running.take() {
            Some(running) if running == name => failure,
            _ => Some("ended without having started".to_owned()),
        };
        self.cases.push(Case { name: name.to_owned(), failure });
    }

    fn abandon(&mut self, reason: &str) {
        if let Some(name) = self.running.take() {
            self.cases.push(Case { name, failure: Some(reason.to_owned()) });
        }
    }

    /// Ends the run and returns the cases that only the end completes; `ending` says how the machine ended.
    pub fn finish(mut self, ending: &str) -> Vec<Case> {
        let known = self.cases.len();
        self.abandon(ending);
        let failed = self.cases.iter().filter(|case| case.failure.is_some()).count();
        let seen = (self.cases.len() - failed, failed);
        if self.announced != Some(seen) {
            let failure = match self.announced {
                None => format!("the tests did not come to their end: {ending}"),
                Some((passed, failed)) => {
                    format!("the kernel counts {passed} passed, {failed} failed; seen: {seen:?}")
                }
            };
            self.cases.push(Case { name: "(the whole run)".to_owned(), failure: Some(failure) });
        }
        self.cases.split_off(known)
    }
}

#[cfg(test)]
mod tests {
    use super::TestRun;

    fn play(lines: &[&str]) -> Vec<(String, bool)> {
        let mut run = TestRun::default();
        let mut cases = Vec::new();
        for line in lines {
            cases.extend_from_slice(run.feed(line));
        }
        cases.extend(run.finish("the machine hung"));
        cases.into_iter().map(|case| (case.name, case.failure.is_none())).collect()
    }

    fn results(cases: &[(&str, bool)]) -> Vec<(String, bool)> {
        cases.iter().map(|(name, passed)| ((*name).to_owned(), *passed)).collect()
    }

    #[test]
    fn each_test_is_one_case() {
        let lines = ["@test start a", "noise", "@test ok a", "@test start b", "@test failed b: why"];
        let cases = play(&[&lines[..], &["@test done 1 passed, 1 failed"]].concat());
        assert_eq!(cases, results(&[("a", true), ("b", false)]));
    }

    #[test]
    fn a_test_that_never_ends_has_failed_and_so_has_the_run() {
        let cases = play(&["@test start a", "@test ok a", "@test start b"]);
        assert_eq!(cases, results(&[("a", true), ("b", false), ("(the whole run)", false)]));
    }

    #[test]
    fn a_run_that_says_nothing_has_failed() {
        assert_eq!(play(&[]), results(&[("(the whole run)", false)]));
    }

    #[test]
    fn totals_that_differ_from_what_was_seen_fail_the_run() {
        let cases = play(&["@test start a", "@test ok a", "@test done 2 passed, 0 failed"]);
        assert_eq!(cases, results(&[("a", true), ("(the whole run)", false)]));
    }

    #[test]
    fn an_end_without_a_start_is_not_believed() {
        let cases = play(&["@test ok a", "@test done 1 passed, 0 failed"]);
        assert!(!cases[0].1);
    }

    #[test]
    fn a_test_that_another_one_overtakes_is_not_lost() {
        let cases = play(&["@test start a", "@test start b", "@test ok b", "@test done 1 passed, 1 failed"]);
        assert_eq!(cases, results(&[("a", false), ("b", true)]));
    }

    #[test]
    fn no_test_matching_the_filter_is_a_whole_run_of_none() {
        assert_eq!(play(&["@test done 0 passed, 0 failed"]), results(&[]));
    }
}
