//! No Rust.
fn f( {
