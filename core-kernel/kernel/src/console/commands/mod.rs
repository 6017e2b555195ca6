//! The commands, one file for each first word or subject.

mod bench;
mod domain;
mod event;
mod ext;
mod help;
mod log;
mod mem;
mod power;
#[cfg(feature = "ktest")]
mod test;

#[cfg(feature = "ktest")]
pub(crate) use test::run_if_asked as run_tests_if_asked;
