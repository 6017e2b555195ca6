//! Builds, runs, tests, checks and measures Spindle.
fn main() {}
