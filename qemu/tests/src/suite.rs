//! What a test is, and how tests are run.

use core::fmt::{self, Write};

use alloc::string::String;
use spindle_abi::protocol::test;

/// Why a test failed.
#[derive(Clone, Debug)]
pub struct Failure(pub String);

/// What a test returns.
pub type Outcome = Result<(), Failure>;

/// A test by its path.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// `crate::file::function`, as the compiler knows it.
    pub path: &'static str,
    /// The test.
    pub body: fn() -> Outcome,
}

/// How many tests went how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that succeeded.
    pub passed: usize,
    /// Tests that did not.
    pub failed: usize,
}

/// Makes a [`Test`] of a function, named by its path.
#[macro_export]
macro_rules! case {
    ($function:ident) => {
        $crate::Test { path: concat!(module_path!(), "::", stringify!($function)), body: $function }
    };
}

/// Leaves a test with a [`Failure`] unless the condition holds: `check!(condition)`, or with a message after it.
#[macro_export]
macro_rules! check {
    ($condition:expr $(,)?) => {
        $crate::check!($condition, "{} does not hold", stringify!($condition));
    };
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::Failure($crate::format!($($message)+)));
        }
    };
}

/// Leaves a test with a [`Failure`] unless both are equal.
#[macro_export]
macro_rules! check_equal {
    ($left:expr, $right:expr) => {
        let (left, right) = (&$left, &$right);
        $crate::check!(left == right, "{} is {left:?}, not {right:?}", stringify!($left));
    };
}

impl Test {
    /// `file::function`, without the crate.
    pub fn name(&self) -> &'static str {
        self.path.split_once("::").map_or(self.path, |(_, name)| name)
    }
}

/// Runs those of `tests` whose name contains `filter` and says how each went, in the words of
/// `spindle_abi::protocol::test`.
///
/// # Errors
/// If `out` fails.
pub fn run<'t>(
    tests: impl Iterator<Item = &'t Test>,
    filter: &str,
    out: &mut impl Write,
) -> Result<Tally, fmt::Error> {
    let mut tally = Tally::default();
    for test in tests.filter(|test| test.name().contains(filter)) {
        tally.count(run_one(test, out)?);
    }
    writeln!(out, "{} {} passed, {} failed", test::DONE, tally.passed, tally.failed)?;
    Ok(tally)
}

impl Tally {
    fn count(&mut self, passed: bool) {
        *(if passed { &mut self.passed } else { &mut self.failed }) += 1;
    }
}

/// Runs one test; whether it passed.
fn run_one(test: &Test, out: &mut impl Write) -> Result<bool, fmt::Error> {
    let name = test.name();
    writeln!(out, "{} {name}", test::START)?;
    match (test.body)() {
        Ok(()) => writeln!(out, "{} {name}", test::OK)?,
        Err(Failure(reason)) => {
            write!(out, "{} {name}:", test::FAILED)?;
            // One line per test, whatever the reason looks like.
            reason.lines().try_for_each(|line| write!(out, " {line}"))?;
            writeln!(out)?;
            return Ok(false);
        }
    }
    Ok(true)
}
