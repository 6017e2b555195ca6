//! Why a benchmark has no result.

use std::fmt;
use std::io;

/// Why a benchmark has no result.
#[derive(Debug)]
pub(crate) enum Error {
    /// The measuring loops lie on more than one page. They have grown: make the section's assertion true again.
    LoopsAcrossPages,
    /// The system call `bpf` failed in this step. Not root, or a kernel without it: measure with another kernel.
    Bpf(&'static str, io::Error),
    /// The kernel would interpret the eBPF program. Its compiler is off: use a kernel with `BPF_JIT_DEFAULT_ON`.
    Interpreted,
    /// A pipe or its other end failed. Cause: no memory or no process left in this machine; give it more memory.
    Pipe(io::Error),
    /// The program was started without its own name. Start it as a shell or a kernel does.
    Nameless,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoopsAcrossPages => f.write_str("the measuring loops do not share one page"),
            Self::Bpf(step, cause) => write!(f, "bpf: {step}: {cause}"),
            Self::Interpreted => f.write_str("this kernel does not compile eBPF programs"),
            Self::Pipe(cause) => write!(f, "the pipe: {cause}"),
            Self::Nameless => f.write_str("started without a name to start the other end by"),
        }
    }
}

impl std::error::Error for Error {}
