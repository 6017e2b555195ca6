//! Traps: what user programs ask of the kernel and its extensions.

use spindle_macros::AbiPlain;

/// What a system call answers: one register of the program.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, AbiPlain)]
pub struct Answer {
    /// The register.
    pub value: u64,
}

impl Answer {
    /// No handler knows the number of the call. The answer that a raise starts with.
    pub const NO_SUCH_CALL: Self = Self { value: u64::MAX };

    /// The answer `value`.
    pub const fn new(value: u64) -> Self {
        Self { value }
    }
}

/// [`Answer::NO_SUCH_CALL`], so that a handler killed before it answers leaves that behind.
impl Default for Answer {
    fn default() -> Self {
        Self::NO_SUCH_CALL
    }
}

/// Whether a handler knew the number.
impl spindle_abi::Answer for Answer {
    fn is_handled(&self) -> bool {
        *self != Self::NO_SUCH_CALL
    }
}

spindle_macros::interface! {
    trap {
        /// Raised when a user program executes the instruction `syscall`, on the program's own strand.
        ///
        /// `number` is what the program put into `rax`, `process` the identity of its process, which
        /// [`copy_in`](crate::user::copy_in) and [`copy_out`](crate::user::copy_out) take, and `arguments` its registers
        /// `rdi`, `rsi`, `rdx`, `r10`, `r8` and `r9`. The first answer that is not [`Answer::NO_SUCH_CALL`], with which a
        /// handler passes the call on, goes to the program's `rax`. What a program passes is not to be trusted: an address
        /// in `arguments` is one of the program's, and may be none.
        #[chained]
        event SystemCall(#[key] number: u64, process: u64, arguments: &[u64; 6]) -> Answer;
    }
}
