//! What can go wrong with a module: refused, faulted, or busy. Owns no memory, so that it outlives the module's heap.

use core::fmt;

use spindle_abi::guest::WINDOW_BYTES;
use wasmi::TrapCode;
use wasmi::errors::{ErrorKind, HostError};

/// Why a module was not made into an instance, or an activation did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The module does not fit this kernel. Nothing of it ran, or nothing of it is left: build another.
    Refused(Refusal),
    /// The module's own code went wrong. What it keeps in its memory may be half changed: condemn its domain.
    Fault(Fault),
    /// Another strand is in the instance. Try again when that one has returned.
    Busy,
}

/// Why a module was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no valid module, or uses what this engine does not have; the report says where and why.
    Invalid,
    /// It imports what it was not given, or lacks what every extension exports; the report has a line about each.
    Unfit {
        /// How many lines.
        problems: usize,
    },
    /// It wants more memory from the start than it may have.
    Memory {
        /// What it wants.
        wanted_bytes: usize,
        /// What it may have.
        limit_bytes: usize,
    },
    /// It wants more entries in its table than it may have.
    Table {
        /// What it wants.
        wanted: usize,
        /// What it may have.
        limit: usize,
    },
    /// There is not enough memory for what it may have. Unload something, or ask for less.
    OutOfMemory,
}

/// What a module's own code did wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An instruction that cannot be carried out.
    Trap(Trap),
    /// It ran for longer than one activation may. Do less in a handler.
    OutOfFuel,
    /// It called too deep. Recurse less, or keep large values in memory.
    StackExhausted,
    /// Its domain's heap is full.
    OutOfMemory,
    /// Its window is full: arguments too large, or too many activations inside each other.
    WindowFull {
        /// How many bytes of window it would have taken.
        wanted_bytes: usize,
    },
    /// Too many activations inside each other: its handlers call what raises the events that they handle.
    TooDeep,
    /// It called a procedure with an argument that is none.
    BadArgument {
        /// The procedure.
        procedure: &'static str,
        /// Which argument.
        argument: Argument,
        /// What is wrong with it.
        wrong: Wrong,
    },
    /// A handler answered with what is no value of the result's type.
    BadResult,
    /// The engine failed in a way that no module should be able to bring about: a bug of the kernel's.
    Engine,
}

/// An argument of a procedure, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The frame as a whole.
    Frame,
    /// The argument of this number, counted from 0.
    Number(usize),
}

/// What is wrong with an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is not, or not wholly, in the module's memory.
    OutOfBounds {
        /// Where it begins.
        address: u32,
        /// How many bytes it has.
        bytes: u64,
    },
    /// All that the call refers to is more than may cross at once.
    TooLarge,
    /// A text that is not UTF-8.
    NotUtf8,
    /// Bytes that are no value of its type, for example a `bool` of 2.
    NotAValue,
}

/// Instructions that cannot be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trap {
    /// `unreachable`: what a failed assertion compiles to.
    Unreachable,
    /// A load or store outside the memory.
    MemoryBounds,
    /// An index outside the table.
    TableBounds,
    /// An indirect call of an empty table entry.
    EmptyEntry,
    /// An indirect call of a function of another type.
    WrongType,
    /// A division by zero.
    DivisionByZero,
    /// A result too large for an integer.
    IntegerOverflow,
    /// A float that is no integer.
    NoInteger,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl HostError for Fault {}

impl Fault {
    /// What made an activation end.
    #[cold]
    pub(crate) fn of(error: &wasmi::Error) -> Self {
        match (error.downcast_ref(), error.as_trap_code()) {
            (Some(fault), _) => *fault,
            (None, Some(code)) => Self::of_code(code),
            (None, None) => Self::Engine,
        }
    }

    fn of_code(code: TrapCode) -> Self {
        Self::Trap(match code {
            TrapCode::OutOfFuel => return Self::OutOfFuel,
            TrapCode::StackOverflow => return Self::StackExhausted,
            TrapCode::OutOfSystemMemory => return Self::OutOfMemory,
            TrapCode::GrowthOperationLimited => return Self::Engine,
            TrapCode::UnreachableCodeReached => Trap::Unreachable,
            TrapCode::MemoryOutOfBounds => Trap::MemoryBounds,
            TrapCode::TableOutOfBounds => Trap::TableBounds,
            TrapCode::IndirectCallToNull => Trap::EmptyEntry,
            TrapCode::BadSignature => Trap::WrongType,
            TrapCode::IntegerDivisionByZero => Trap::DivisionByZero,
            TrapCode::IntegerOverflow => Trap::IntegerOverflow,
            TrapCode::BadConversionToInteger => Trap::NoInteger,
        })
    }
}

/// Whether code of the module's made instantiation end: a trap, or an import that it called wrongly.
pub(crate) fn is_fault(error: &wasmi::Error) -> bool {
    matches!(error.kind(), ErrorKind::TrapCode(_) | ErrorKind::Host(_))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
            Self::Busy => f.write_str("another strand is in the instance; try again when it has returned"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => f.write_str("not a valid Wasm module"),
            Self::Unfit { problems: 1 } => f.write_str("the module does not fit this kernel"),
            Self::Unfit { problems } => {
                write!(f, "the module does not fit this kernel in {problems} points")
            }
            Self::Memory { wanted_bytes, limit_bytes } => write!(
                f,
                "the module wants {wanted_bytes} bytes of memory from the start and may have {limit_bytes}"
            ),
            Self::Table { wanted, limit } => {
                write!(f, "the module wants a table of {wanted} entries and may have {limit}")
            }
            Self::OutOfMemory => f.write_str("not enough memory for the module; unload something"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trap(trap) => trap.fmt(f),
            Self::OutOfFuel => f.write_str("ran out of fuel: it ran for longer than one activation may"),
            Self::StackExhausted => f.write_str("exhausted its stack: it called too deep"),
            Self::OutOfMemory => f.write_str("ran out of memory: its heap is full"),
            Self::WindowFull { wanted_bytes } => write!(
                f,
                "its window of {WINDOW_BYTES} bytes is full: arguments would have taken {wanted_bytes}"
            ),
            Self::TooDeep => f.write_str(
                "too many activations inside each other: its handlers call what raises their events",
            ),
            Self::BadArgument { procedure, argument, wrong } => {
                write!(f, "called {procedure} with {argument} that {wrong}")
            }
            Self::BadResult => f.write_str("answered with what is no value of the result's type"),
            Self::Engine => f.write_str("the engine failed; this is a bug of the kernel's"),
        }
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame => f.write_str("a frame"),
            Self::Number(number) => write!(f, "argument {}", number + 1),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfBounds { address, bytes } => {
                write!(f, "is not in its memory ({bytes} bytes at {address:#x})")
            }
            Self::TooLarge => write!(f, "takes the call beyond {WINDOW_BYTES} bytes"),
            Self::NotUtf8 => f.write_str("is not UTF-8"),
            Self::NotAValue => f.write_str("is no value of its type"),
        }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "reached an `unreachable` instruction",
            Self::MemoryBounds => "accessed memory out of bounds",
            Self::TableBounds => "used an index outside its table",
            Self::EmptyEntry => "called an empty entry of its table",
            Self::WrongType => "called a function of another type through its table",
            Self::DivisionByZero => "divided by zero",
            Self::IntegerOverflow => "overflowed an integer",
            Self::NoInteger => "converted a float that is no integer",
        })
    }
}

impl core::error::Error for Error {}
