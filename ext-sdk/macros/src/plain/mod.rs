//! `derive(AbiPlain)` and `derive(AbiBits)`.

mod expand;
mod parse;

pub(crate) use expand::{expand_bits, expand_plain};
pub(crate) use parse::{Body, Plain};
