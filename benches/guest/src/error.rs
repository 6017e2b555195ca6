//! Why a benchmark has no result.

use core::fmt;
use spindle_dispatcher::{InstallError, RaiseError};

/// Why a benchmark has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BenchError {
    /// No id begins with the filter. `bench` without one lists them all.
    NoSuchBench,
    /// The ramdisk has no package of this name. Build the image with all extensions.
    NoPackage(&'static str),
    /// The named extension could not be loaded or unloaded; load it by hand to see why.
    Extension(&'static str),
    /// A raise that should have been handled was not.
    Raise(RaiseError),
    /// A handler could not be installed.
    Install(InstallError),
    /// The user program that measures could not be run to its end. Try `user run null 1` to see why.
    Program,
    /// No memory for the samples. Ask for fewer.
    OutOfMemory,
}

impl fmt::Display for BenchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchBench => {
                f.write_str("no benchmark's id begins so; there are")?;
                crate::all().try_for_each(|bench| write!(f, " {}", bench.id))
            }
            Self::NoPackage(name) => {
                write!(f, "the ramdisk has no package `{name}`; it belongs to every image")
            }
            Self::Extension(name) => {
                write!(f, "`{name}` cannot be loaded or unloaded; try `ext load {name}`")
            }
            Self::Raise(error) => write!(f, "the measured raise failed: {error}"),
            Self::Install(error) => write!(f, "the measured handler cannot be installed: {error}"),
            Self::Program => f.write_str("the user program `null` cannot be run; try `user run null 1`"),
            Self::OutOfMemory => f.write_str("no memory for so many samples"),
        }
    }
}

impl core::error::Error for BenchError {}
