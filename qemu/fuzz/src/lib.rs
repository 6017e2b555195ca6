//! What must hold of any bytes that a stranger can give to the kernel: one procedure per place where they come in.
//!
//! *Interface.* Each module has a `check` that takes bytes and panics if one of the invariants that it names is broken.
//! The fuzzer calls it with bytes that it makes up (`cargo xtask fuzz`; `fuzzer/`, a workspace of its own); the tests of
//! this crate call it with the corpus, so that `cargo test` needs no fuzzer.
//!
//! *Not here.* Hostile input that somebody thought of: the tests of `abi`, `kerncore` and `spindle-wasm`.
#![forbid(unsafe_code)]

pub mod control;
pub mod package;
pub mod plan;
pub mod wasm_import;
