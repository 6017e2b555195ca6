//! What entry code saves of the interrupted code.
//!
//! ```text
//!  +168 ss ┐
//!  +160 rsp│ pushed by the processor, which first aligns its stack to 16 bytes;
//!  +152 rfl│ an iretq takes all five back
//!  +144 cs │
//!  +136 rip┘
//!  +128 error code (by the processor, or 0 by the stub)
//!  +120 vector (by the stub)
//!  +112 rax, rbx, rcx, rdx, rsi, rdi, rbp, r8 .. r15   (by the common part; r15 at +0)
//! ```

use core::fmt;
use core::mem::{offset_of, size_of};

/// The interrupted code's registers; changing them changes what the code continues with.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "the fields are the registers' names")]
pub struct TrapFrame {
    pub r15: u64,
    pub r14: u64,
    pub r13: u64,
    pub r12: u64,
    pub r11: u64,
    pub r10: u64,
    pub r9: u64,
    pub r8: u64,
    pub rbp: u64,
    pub rdi: u64,
    pub rsi: u64,
    pub rdx: u64,
    pub rcx: u64,
    pub rbx: u64,
    pub rax: u64,
    pub vector: u64,
    pub error_code: u64,
    pub rip: u64,
    pub cs: u64,
    pub rflags: u64,
    pub rsp: u64,
    pub ss: u64,
}

pub(crate) const VECTOR_OFFSET: usize = offset_of!(TrapFrame, vector);
/// Its two lowest bits are the privilege level of the interrupted code.
pub(crate) const CODE_SEGMENT_OFFSET: usize = offset_of!(TrapFrame, cs);

const _: () = assert!(VECTOR_OFFSET == 120, "entry.rs pushes fifteen registers above r15");
const _: () = assert!(offset_of!(TrapFrame, rip) == 136);
const _: () = assert!(size_of::<TrapFrame>() == 176);
const _: () = assert!(size_of::<TrapFrame>().is_multiple_of(16), "keeps the stack aligned for the call");

impl fmt::Display for TrapFrame {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = self;
        writeln!(out, "  rip {:016x}  rsp {:016x}  rfl {:016x}", f.rip, f.rsp, f.rflags)?;
        writeln!(out, "  rax {:016x}  rbx {:016x}  rcx {:016x}", f.rax, f.rbx, f.rcx)?;
        writeln!(out, "  rdx {:016x}  rsi {:016x}  rdi {:016x}", f.rdx, f.rsi, f.rdi)?;
        writeln!(out, "  rbp {:016x}  r8  {:016x}  r9  {:016x}", f.rbp, f.r8, f.r9)?;
        writeln!(out, "  r10 {:016x}  r11 {:016x}  r12 {:016x}", f.r10, f.r11, f.r12)?;
        writeln!(out, "  r13 {:016x}  r14 {:016x}  r15 {:016x}", f.r13, f.r14, f.r15)?;
        write!(out, "  cs  {:#06x}  ss {:#06x}", f.cs, f.ss)
    }
}
