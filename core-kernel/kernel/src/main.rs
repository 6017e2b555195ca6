//! The kernel binary: entry point, boot order, panic path, console.
fn main() {}
