//! Why an extension was not loaded, or not unloaded. Whatever the reason, nothing of it stays behind.

use crate::fault::FaultReport;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use spindle_abi::Status;
use spindle_abi::descriptor::ABI_VERSION;
use spindle_abi::package::PackageError;
use spindle_dispatcher::InstallError;

/// Why an extension was not loaded.
#[derive(Clone, Debug)]
pub enum LoadError {
    /// The file is no package, or not one that this kernel trusts. Build it again where this kernel was built.
    Package(PackageError),
    /// The kernel was built without a key to trust. Build it with `cargo xtask run`, which makes one.
    NoTrustedKey,
    /// The code cannot be linked: which section, symbol or relocation, and why. Build the extension again.
    Plan(String),
    /// The module was refused: what is wrong with it, and what would be right. Build the extension again.
    Module(String),
    /// Procedures or events that the extension names and the kernel does not have as it expects them: all of them.
    Refused(Vec<String>),
    /// An extension of this name is loaded. Unload it first.
    AlreadyLoaded(String),
    /// All slots for domains are taken. Unload one.
    TooManyDomains(usize),
    /// No memory for the extension's pages. Unload something.
    Memory(spindle_mem::Error),
    /// No memory for the kernel's own records of it. Unload something.
    OutOfMemory,
    /// The extension was built for another version of the calling convention. Build it with this SDK.
    AbiVersion(u32),
    /// The manifest and the code disagree about the number of handlers. Build the package again.
    HandlerCount {
        /// What the manifest says.
        manifest: usize,
        /// What the code says.
        descriptor: usize,
    },
    /// An entry point that is not in the extension's code, by its address. Build the package again.
    EntryOutsideText(u64),
    /// The descriptor points outside the extension, by the offending offset. Build the package again.
    DescriptorOutside(u64),
    /// The extension's own `start` refused. What it printed says why.
    Start(Status),
    /// The extension faulted in `start`.
    Faulted(Box<FaultReport>),
    /// A row of its table could not be installed: on which event, if it is about one, and why.
    Install {
        /// The event's name.
        event: Option<&'static str>,
        /// Why.
        error: InstallError,
    },
    /// Loading was asked for inside a handler. Return first.
    InsideHandler,
}

/// Why an extension was not unloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnloadError {
    /// No extension of this name is loaded. `ext list` shows which are.
    NotLoaded,
    /// Unloading was asked for inside a handler, which might be the extension's own. Return first.
    InsideHandler,
    /// No memory for a table without its handlers. Free something and unload again.
    OutOfMemory,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Package(error) => write!(f, "not loaded: {error}"),
            Self::NoTrustedKey => f.write_str("not loaded: this kernel was built without a key to trust"),
            Self::Plan(explained) => write!(f, "not loaded: {explained}"),
            Self::Module(explained) => write!(f, "not loaded: {explained}"),
            Self::Refused(refusals) => {
                write!(f, "not loaded: {} unresolved", refusals.len())?;
                refusals.iter().try_for_each(|refusal| write!(f, "\n  {refusal}"))
            }
            Self::AlreadyLoaded(name) => {
                write!(f, "`{name}` is loaded already; `ext unload {name}` first")
            }
            Self::TooManyDomains(limit) => {
                write!(f, "{limit} domains are loaded, the most there can be; unload one")
            }
            Self::Memory(error) => write!(f, "not loaded: {error}; unload something"),
            Self::OutOfMemory => f.write_str("not loaded: the kernel heap is full; unload something"),
            Self::AbiVersion(found) => write!(
                f,
                "not loaded: built for calling convention {found}, this kernel has {ABI_VERSION}; build it with this SDK"
            ),
            Self::HandlerCount { manifest, descriptor } => write!(
                f,
                "not loaded: the manifest names {manifest} handlers and the code has {descriptor}; build it again"
            ),
            Self::EntryOutsideText(address) => {
                write!(f, "not loaded: entry point {address:#x} is not in the extension's code")
            }
            Self::DescriptorOutside(offset) => {
                write!(f, "not loaded: the descriptor points outside the extension (offset {offset:#x})")
            }
            Self::Start(status) => write!(f, "not loaded: its `start` returned status {}", status.code()),
            Self::Faulted(report) => write!(f, "not loaded: it {report}"),
            Self::Install { event: Some(event), error } => write!(f, "not loaded: {event}: {error}"),
            Self::Install { event: None, error } => write!(f, "not loaded: {error}"),
            Self::InsideHandler => f.write_str("not loaded: loading is refused inside a handler"),
        }
    }
}

impl fmt::Display for UnloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotLoaded => "no such extension is loaded; `ext list` shows which are",
            Self::InsideHandler => "unloading is refused inside a handler",
            Self::OutOfMemory => "not unloaded: the kernel heap is full; free something and try again",
        })
    }
}

impl core::error::Error for LoadError {}
impl core::error::Error for UnloadError {}
