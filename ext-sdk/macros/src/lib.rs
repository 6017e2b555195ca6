//! `#[extension]`, `#[handler]`, `interface!` and `derive(AbiPlain)`.
