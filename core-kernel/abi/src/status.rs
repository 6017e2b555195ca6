//! A status: the small answer of a handler.

/// What a handler answers: how it went, in one word.
///
/// A handler that has more to say prints it, or writes it through a `&mut` argument.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Status {
    code: u32,
}

impl Status {
    /// Done.
    pub const OK: Self = Self::new(0);
    /// Understood, tried, and not done; the handler has said why.
    pub const FAILED: Self = Self::new(1);
    /// No handler has answered. The value that a raise starts with.
    pub const UNHANDLED: Self = Self::new(2);
    /// Refused for want of memory; nothing was changed.
    pub const OUT_OF_MEMORY: Self = Self::new(3);

    /// Makes a status from its code. Codes below 256 are Spindle's; an interface may give meaning to others.
    pub const fn new(code: u32) -> Self {
        Self { code }
    }

    /// The code.
    pub const fn code(self) -> u32 {
        self.code
    }

    /// Whether this is [`Status::OK`].
    pub const fn is_ok(self) -> bool {
        self.code == Self::OK.code
    }
}

/// [`Status::UNHANDLED`], so that a handler killed before it answers leaves that behind.
impl Default for Status {
    fn default() -> Self {
        Self::UNHANDLED
    }
}
