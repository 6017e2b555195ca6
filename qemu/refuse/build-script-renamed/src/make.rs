//! Runs on the machine of whoever builds this.
fn main() {}
