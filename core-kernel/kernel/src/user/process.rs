//! A process: a program, its memory, its registers.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use spindle_arch::layout::{PAGE_BYTES, USER_END, USER_START};
use spindle_arch::user::UserContext;
use spindle_kerncore::program::{Access, Program, ProgramError, Segment};
use spindle_mem::{AddressSpace, Protection};

/// The end of a program's stack. What is above stays unmapped.
const STACK_END: u64 = 0x7fff_ff00_0000;
const STACK_PAGES: u64 = 16;
const STACK_START: u64 = STACK_END - STACK_PAGES * PAGE_BYTES;
/// As a called function finds it, below the return address, which is none.
const FIRST_STACK_POINTER: u64 = STACK_END - 8;

const _: () = assert!(STACK_END < USER_END);

/// The last number that was given to a process; 0 is none's.
static LAST_ID: AtomicU64 = AtomicU64::new(0);

/// A program that has been loaded; dropping it gives its memory back.
#[derive(Debug)]
pub(crate) struct Process {
    pub(super) id: u64,
    pub(super) context: UserContext,
    pub(super) space: AddressSpace,
}

/// Why a program was not loaded; nothing of it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoadError {
    /// The file is no program: build it as `qemu/programs` is built.
    Program(ProgramError),
    /// There is no memory for it. Unload something, or make it smaller.
    Memory(spindle_mem::Error),
}

impl Process {
    /// Loads the executable in the bytes `elf`; it will start with `arguments` in rdi, rsi and rdx.
    pub(crate) fn load(elf: &[u8], arguments: [u64; 3]) -> Result<Self, LoadError> {
        let program =
            Program::parse(elf, USER_START..STACK_START - PAGE_BYTES).map_err(LoadError::Program)?;
        let space = mapped(&program).map_err(LoadError::Memory)?;
        let context = UserContext::new(program.entry(), FIRST_STACK_POINTER, arguments);
        Ok(Self { id: LAST_ID.fetch_add(1, Relaxed) + 1, context, space })
    }

    /// Copies from its memory, from `address` on, until `into` is full.
    pub(crate) fn read(&self, address: u64, into: &mut [u8]) -> Result<(), spindle_mem::Error> {
        self.space.copy_in(address, into)
    }
}

fn mapped(program: &Program<'_>) -> Result<AddressSpace, spindle_mem::Error> {
    let mut space = AddressSpace::new()?;
    for Segment { first_page, pages, access, address, contents } in program.segments() {
        space.map(first_page, pages, protection(access))?;
        space.write(address, contents)?;
    }
    space.map(STACK_START, STACK_PAGES, Protection::ReadWrite)?;
    Ok(space)
}

fn protection(access: Access) -> Protection {
    match access {
        Access::Read => Protection::ReadOnly,
        Access::ReadWrite => Protection::ReadWrite,
        Access::ReadExecute => Protection::ReadExecute,
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program(error) => error.fmt(out),
            Self::Memory(error) => error.fmt(out),
        }
    }
}
