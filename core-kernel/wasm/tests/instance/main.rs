//! Instances, by what a kernel and a module notice of each other.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it expects")]

mod arguments;
mod both_ways;
mod faults;
mod greeter;
mod nested;
mod refused;
mod rows;
mod small_stack;
mod support;
