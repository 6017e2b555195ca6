//! The crossing: how control enters code that may fault, and how it comes back if it does.
//!
//! # Concepts
//! A crossing builds a [`Node`] on the stack, links it to the strand's [`Record`], calls, and unlinks. A fault
//! inside resumes at the newest node: the call seems to have returned, with [`Crossed::Faulted`]. There are no
//! unwinding tables, and no destructor of the abandoned code runs.
//!
//! ```text
//!  higher addresses          Record                 a node is made by four pushes:
//!  ┌────────────────┐       ┌────────┐              rbp, rbx, the target, the older node
//!  │ caller's frame │       │ newest ├──┐
//!  ├────────────────┤       └────────┘  │           the word under the node is the return address
//!  │ rbp            │ +24               │           that the call pushed; there stands an instruction
//!  │ rbx            │ +16               │           that does nothing and holds the distance to the
//!  │ target         │ +8                │           code that a fault resumes at
//!  │ previous node  │ +0  <─────────────┘
//!  ├────────────────┤
//!  │ return address │ -8
//!  │ callee's frame │
//! ```
//!
//! # Interface
//! To enter, call [`cross`]. To leave after a fault, [`Record::abandon_newest`] says where a trap frame must be
//! sent, and [`abandon`] goes there from ordinary code. Kernel code that runs inside a crossing and has something in
//! force meanwhile (the heap that it allocates from) keeps it in a [`Scope`], which ends with the crossing if that is
//! abandoned.
//!
//! # Invariants
//! - `INV-CROSS-1`: every node that a record reaches lies in a live frame of the strand that owns the record:
//!   a node is unlinked by the same block that linked it, on both ways out.
//! - `INV-CROSS-2`: r12 holds the record, and rbx the previous node, when the block is resumed. On return the
//!   calling convention guarantees it; on recovery whoever resumes sets both.
//! - `INV-CROSS-3`: the node names the target *before* the source is read again, so a writer that replaces the
//!   source and then looks at the record either sees the node, or the crossing sees the new source.
//! - `INV-CROSS-4`: scopes lie on the strand's stack, linked newest first. One that is open lies below (was opened
//!   inside) every node that is older than it, so abandoning a node ends the scopes at lower addresses.
//!
//! # Not here
//! Which domain a target belongs to, and what a fault means for it: `domain`. Grace periods: `dispatcher`.

use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU64};

/// What a crossing calls: the first three words of whatever the caller publishes as the target.
#[repr(C)]
#[derive(Debug)]
pub struct Target {
    /// The code to enter.
    pub enter: unsafe extern "C" fn(closure: *const (), frame: *mut ()),
    /// Its first argument.
    pub closure: *const (),
    /// Where calls are counted, by those processors that may cross to it.
    pub counter: *const AtomicU64,
}

/// One crossing in progress, on the stack of the strand that makes it.
#[repr(C)]
#[derive(Debug)]
pub struct Node {
    previous: *const Node,
    target: *const Target,
    rbx: u64,
    rbp: u64,
}

const _: () = assert!(core::mem::offset_of!(Node, target) == 8 && size_of::<Node>() == 32);
const _: () = assert!(core::mem::offset_of!(Target, closure) == 8);
const _: () = assert!(core::mem::offset_of!(Target, counter) == 16);

impl Node {
    /// What is being called.
    pub fn target(&self) -> *const Target {
        self.target
    }
}

/// Something that is in force on a strand while a frame of kernel code is live, inside a crossing or outside any.
///
/// What it is, is the business of whoever opens it: usually the first field of a larger `repr(C)` struct.
#[derive(Debug)]
pub struct Scope {
    previous: Cell<*const Scope>,
}

impl Scope {
    /// A scope that is not open yet.
    pub const fn new() -> Self {
        Self { previous: Cell::new(ptr::null()) }
    }
}

impl Default for Scope {
    fn default() -> Self {
        Self::new()
    }
}

/// The crossings that one strand is inside of, and the scopes that are open on it, both newest first.
#[repr(C)]
#[derive(Debug)]
pub struct Record {
    newest: Cell<*const Node>,
    scope: Cell<*const Scope>,
}

const _: () = assert!(core::mem::offset_of!(Record, newest) == 0);

/// How a crossing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossed {
    /// The target returned.
    Returned,
    /// The target faulted and was abandoned.
    Faulted,
    /// The source no longer named the target; nothing was called.
    Stale,
}

/// Where a strand goes on after its newest crossing faulted. Every other register may hold anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResumePoint {
    /// Instruction to continue at.
    pub rip: u64,
    /// Stack pointer: the node's address.
    pub rsp: u64,
    /// The previous node, which the block links again.
    pub rbx: u64,
    /// The record.
    pub r12: u64,
}

/// Where, in the instruction after the call, stands the distance from there to where a fault resumes.
const LANDING_OFFSET: u64 = 3;

impl Record {
    /// A record of a strand that is inside no crossing.
    pub const fn new() -> Self {
        Self { newest: Cell::new(ptr::null()), scope: Cell::new(ptr::null()) }
    }

    /// The newest open scope; null if there is none.
    #[inline(always)]
    pub fn scope(&self) -> *const Scope {
        self.scope.get()
    }

    /// Opens `scope`: four instructions.
    ///
    /// # Safety
    /// It lies in a frame of the calling strand, stays there until [`Record::close`], and is not open. The pointer may be
    /// used for as long for all that its reader takes it for.
    #[inline(always)]
    pub unsafe fn open(&self, scope: *const Scope) {
        // SAFETY: the caller's promise.
        unsafe { &*scope }.previous.set(self.scope.get());
        self.scope.set(scope);
    }

    /// Closes `scope`.
    ///
    /// # Safety
    /// It is the newest open one.
    #[inline(always)]
    pub unsafe fn close(&self, scope: &Scope) {
        self.scope.set(scope.previous.get());
    }

    /// The newest node, or `None` outside any crossing.
    pub fn newest(&self) -> Option<&Node> {
        // SAFETY: INV-CROSS-1; `&self` is held by the strand itself, or by who stopped it.
        unsafe { self.newest.get().as_ref() }
    }

    /// Every node, newest first.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        core::iter::successors(self.newest(), |node| {
            // SAFETY: INV-CROSS-1: an older node's frame outlives that of the newer one.
            unsafe { node.previous.as_ref() }
        })
    }

    /// Ends the scopes that were opened inside the newest crossing, and says where the strand must go on; `None`
    /// outside any crossing.
    ///
    /// A trap handler copies the four registers into the frame it returns through and clears the direction flag.
    pub fn abandon_newest(&self) -> Option<ResumePoint> {
        let node = self.newest()?;
        self.end_scopes_below(node);
        let node_address = ptr::from_ref(node) as u64;
        // SAFETY: the word under a linked node is the return address that the block's own call pushed, and the
        // callee, still unreturned, keeps it (INV-CROSS-1).
        let return_address = unsafe { ptr::read((node_address - 8) as *const u64) };
        let distance_at = return_address + LANDING_OFFSET;
        // SAFETY: `cross` put the distance into the instruction at the return address; code can be read.
        let distance = unsafe { ptr::read_unaligned(distance_at as *const i32) };
        Some(ResumePoint {
            rip: distance_at.wrapping_add_signed(i64::from(distance)),
            rsp: node_address,
            rbx: node.previous as u64,
            r12: ptr::from_ref(self) as u64,
        })
    }

    /// Ends every scope that was opened after `node` was linked (INV-CROSS-4).
    fn end_scopes_below(&self, node: &Node) {
        let node = ptr::from_ref(node).addr();
        while !self.scope.get().is_null() && self.scope.get().addr() < node {
            // SAFETY: an open scope lies in a frame that is live, or was until this abandonment, which has not
            // written to the stack below the node yet.
            self.scope.set(unsafe { &*self.scope.get() }.previous.get());
        }
    }
}

impl Default for Record {
    fn default() -> Self {
        Self::new()
    }
}

/// Calls `target` if `source` still names it once the record shows that it is being called.
///
/// Compiles to 16 instructions beside the call itself: 4 pushes, a load and a store to link, a compare and a branch
/// to check again, two to count, the load of the closure, one that does nothing, 4 to unlink. No lock, no shared write, no fence,
/// and no status to test: the two ways out that are not a return are out of line.
///
/// # Safety
/// - `record` belongs to the calling strand.
/// - If `source` holds `target` then `target` is valid and stays so while a record names it, and
///   `target.enter` may be called with its closure and `frame`. Its counter is valid for as long, and no other processor writes
///   it.
/// - The code entered either keeps to the C calling convention or is abandoned through `record`.
#[inline(always)]
pub unsafe fn cross<T>(record: &Record, source: &AtomicPtr<T>, target: *mut T, frame: *mut ()) -> Crossed {
    // SAFETY: the block restores rsp, rbx and rbp on every way out, and names every other register that the
    // callee or a recovery may change; the caller vouches for the call (see above).
    unsafe {
        core::arch::asm!(
            "push rbp",
            "push rbx",
            "mov rbx, [r12]",        // the older node, kept in a register across the call (INV-CROSS-2)
            "push rdx",
            "push rbx",
            "mov [r12], rsp",        // linked: from here writers see the target (INV-CROSS-3)
            "cmp [rcx], rdx",
            "jne 2f",
            "mov rdi, [rdx + 16]",
            "inc qword ptr [rdi]",   // a call is counted: one instruction, so that an interrupt cannot part it
            "mov rdi, [rdx + 8]",
            "call [rdx]",
            ".byte 0x0f, 0x1f, 0x80", // `nop` with a displacement, at LANDING_OFFSET: where a fault resumes
            ".long 3f - .",
            "mov [r12], rbx",        // unlinked
            "add rsp, 16",
            "pop rbx",
            "pop rbp",
            ".pushsection .text.unlikely.crossing, \"ax\", @progbits",
            "2:",
            "mov [r12], rbx",
            "add rsp, 16",
            "pop rbx",
            "pop rbp",
            "jmp {stale}",
            "3:",
            "mov [r12], rbx",
            "add rsp, 16",
            "pop rbx",
            "pop rbp",
            "jmp {faulted}",
            ".popsection",
            stale = label { return Crossed::Stale },
            faulted = label { return Crossed::Faulted },
            in("r12") record,
            inout("rcx") source => _,
            inout("rdx") target => _,
            inout("rsi") frame => _,
            out("rdi") _,
            out("r13") _, out("r14") _, out("r15") _,
            clobber_abi("C"),
        );
    }
    Crossed::Returned
}

/// Abandons everything that the newest crossing of `record` called, as a fault in it would.
///
/// # Safety
/// `record` belongs to the calling strand, and no frame between here and the newest node holds anything that must
/// be released: it is extension code, and the kernel procedure that it called to give up.
///
/// # Panics
/// Outside any crossing: there would be nothing to return to.
pub unsafe fn abandon(record: &Record) -> ! {
    let point = record.abandon_newest().expect("abandon is only called from inside a crossing");
    // SAFETY: the registers are those that `cross` expects where it is resumed (INV-CROSS-2).
    unsafe {
        core::arch::asm!(
            "cld",
            "mov rbx, {previous}",
            "mov rsp, {node}",
            "jmp {rip}",
            previous = in(reg) point.rbx,
            node = in(reg) point.rsp,
            rip = in(reg) point.rip,
            in("r12") point.r12,
            options(noreturn),
        );
    }
}
