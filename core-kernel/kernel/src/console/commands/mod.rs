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
mod user;
