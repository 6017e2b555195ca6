//! What a test is, and how all of them are run.

use crate::{GROUPS, death};
use alloc::string::String;
use spindle_abi::protocol::{
    exit,
    fw_cfg::{TEST, TEST_ALL, TEST_LIST},
    test,
};
use spindle_arch::{fw_cfg, power_off, serial};

/// Why a test failed.
#[derive(Clone, Debug)]
pub struct Failure(pub String);

/// What a test returns.
pub type Outcome = Result<(), Failure>;

/// A test by its path.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// `file::function`.
    pub name: &'static str,
    /// The test.
    pub body: fn() -> Outcome,
}

/// Makes a [`Test`] of a function, named by its path without the crate.
macro_rules! case {
    ($function:ident) => {
        $crate::Test { name: concat!(module_path!(), "::", stringify!($function)), body: $function }
    };
}
pub(crate) use case;

/// Leaves a test with a [`Failure`] unless the condition holds.
macro_rules! check {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::Failure(alloc::format!($($message)+)));
        }
    };
}
pub(crate) use check;

/// Leaves a test with a [`Failure`] unless both are equal.
macro_rules! check_equal {
    ($left:expr, $right:expr) => {
        let (left, right) = (&$left, &$right);
        $crate::suite::check!(left == right, "{} is {left:?}, not {right:?}", stringify!($left));
    };
}
pub(crate) use check_equal;

/// Does what the host's file [`TEST`] asks for: runs tests and ends the machine, or dies. Returns if there is
/// no such file.
pub fn run_if_asked() {
    let mut asked = [0; 128];
    let Some(len) = fw_cfg::read(TEST, &mut asked) else { return };
    let asked = core::str::from_utf8(asked.get(..len).unwrap_or_default()).unwrap_or_default();
    let (word, filter) = asked.split_once(' ').unwrap_or((asked, ""));
    match word {
        TEST_ALL => run(filter),
        TEST_LIST => death::list(),
        way => death::die(way),
    }
}

/// Runs every test whose name contains `filter`.
fn run(filter: &str) -> ! {
    let (mut passed, mut failed) = (0, 0);
    for test in GROUPS.iter().copied().flatten().filter(|test| test.name.contains(filter)) {
        if run_one(test) {
            passed += 1;
        } else {
            failed += 1;
        }
    }
    serial::print(format_args!("{} {passed} passed, {failed} failed\n", test::DONE));
    power_off(if failed == 0 { exit::SUCCESS } else { exit::FAILURE })
}

fn run_one(test: &Test) -> bool {
    let name = test.name.strip_prefix("spindle_kernel_tests::").unwrap_or(test.name);
    serial::print(format_args!("{} {name}\n", test::START));
    match (test.body)() {
        Ok(()) => {
            serial::print(format_args!("{} {name}\n", test::OK));
            true
        }
        Err(Failure(reason)) => {
            serial::print(format_args!("{} {name}: {reason}\n", test::FAILED));
            false
        }
    }
}
