//! The host, for tests: everything is the standard library's.

/// Panics, so that a test can see it.
pub(crate) fn abort() -> ! {
    panic!("spindle_sdk::abort")
}
