//! Before edition 2024, a foreign block needs no `unsafe`.
#![no_std]

#[link(name = "kernel")]
extern "C" {}
