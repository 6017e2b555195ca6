//! Numbers of system calls that the kernel, its extensions and its user programs agree on.
//!
//! *Concepts.* A program puts the number into `rax`, up to six arguments into `rdi`, `rsi`, `rdx`, `r10`, `r8`, `r9`, and
//! executes `syscall`; the answer is in `rax`, and `rcx` and `r11` are lost. Numbers mean what handlers of
//! `trap.SystemCall` make of them; the kernel itself knows [`EXIT`] only.

/// Ends the program, with a status (0 means that all went well). Never raised. The next two arguments are for whoever
/// runs the program: what a benchmark measured, say.
pub const EXIT: u64 = 0;
/// Writes bytes: a stream (1, the console), an address, a length. Answers the length, or [`REFUSED`]. The extension
/// `unix` handles it.
pub const WRITE: u64 = 1;
/// Does nothing: what a system call costs.
pub const NULL: u64 = 16;

/// The answer of a handler that knows the number, but not what to do with the arguments.
pub const REFUSED: u64 = u64::MAX - 1;
