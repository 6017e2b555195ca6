//! The commands, one file for each first word or subject.

mod bench;
mod domain;
mod event;
mod ext;
mod health;
mod help;
mod log;
mod mem;
mod power;
#[cfg(feature = "ktest")]
mod test;
mod trace;
mod user;
