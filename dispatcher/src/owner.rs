//! Owners: to whom code belongs.

/// Who a handler, guard or event belongs to. The dispatcher only carries it; the kernel numbers its domains so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner(pub u32);

impl Owner {
    /// The kernel itself.
    pub const KERNEL: Self = Self(0);
}
