//! The atomics and locks that the crate is built on; under `cfg(loom)` those that a model checker can interleave.
//!
//! The models are in `tests/loom`; `cargo xtask test loom` runs them.

#[cfg(not(loom))]
pub(crate) use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence,
};
#[cfg(loom)]
pub(crate) use loom::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering, fence,
};

#[cfg(not(loom))]
pub(crate) use spin::Mutex;

/// A lock whose holder the model checker may put off: others then wait instead of spinning for ever.
#[cfg(loom)]
#[derive(Debug)]
pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

#[cfg(loom)]
impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(loom::sync::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> loom::sync::MutexGuard<'_, T> {
        self.0.lock().expect("a panic ends the model")
    }
}

/// Lets somebody else run.
pub(crate) fn spin_loop() {
    #[cfg(not(loom))]
    core::hint::spin_loop();
    #[cfg(loom)]
    loom::thread::yield_now();
}

/// A static; a model checker's has its first value in every execution anew.
macro_rules! global {
    ($(#[$attribute:meta])* $(pub($scope:tt))? static $name:ident: $type:ty = $value:expr;) => {
        $(#[$attribute])*
        #[cfg(not(loom))]
        $(pub($scope))? static $name: $type = $value;

        #[cfg(loom)]
        loom::lazy_static! { $(pub($scope))? static ref $name: $type = $value; }
    };
}
pub(crate) use global;

/// Makes a constructor constant; a model checker's atomics cannot be made in constants.
macro_rules! const_unless_loom {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident($($arguments:tt)*) -> Self $body:block) => {
        $(#[$attribute])*
        #[cfg(not(loom))]
        $visibility const fn $name($($arguments)*) -> Self $body

        $(#[$attribute])*
        #[cfg(loom)]
        $visibility fn $name($($arguments)*) -> Self $body
    };
}
pub(crate) use const_unless_loom;
