//! Which domain: a number that handlers are owned under, and memory is counted under.

use core::fmt;
use spindle_dispatcher::Owner;

/// How many domains there can be at a time.
pub(crate) const MAX_DOMAINS: usize = 64;

const SLOT_BITS: u32 = 8;
const MAX_GENERATION: u32 = u32::MAX >> SLOT_BITS;
const _: () = assert!(MAX_DOMAINS <= 1 << SLOT_BITS);
const _: () = assert!(MAX_DOMAINS <= spindle_mem::Owner::MAX_DOMAINS as usize);

/// Which domain: a slot of the table, and which user of that slot. Never 0, which is the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DomainId(u32);

impl DomainId {
    /// The `generation`th user of `slot`. After 2^24 - 1 of them the numbers begin again at 1, never at 0.
    pub(crate) fn new(slot: usize, generation: u32) -> Self {
        let generation = (generation - 1) % MAX_GENERATION + 1;
        Self((generation << SLOT_BITS) | slot as u32)
    }

    pub(crate) fn slot(self) -> usize {
        (self.0 & ((1 << SLOT_BITS) - 1)) as usize
    }

    /// The domain that owns a handler; `None` for the kernel.
    pub fn of(owner: Owner) -> Option<Self> {
        (owner != Owner::KERNEL).then_some(Self(owner.0))
    }

    /// Under which name its frames are counted.
    pub fn memory_owner(self) -> spindle_mem::Owner {
        spindle_mem::Owner::domain(self.slot() as u32)
            .expect("the table has fewer slots than memory has owners")
    }
}

impl From<DomainId> for Owner {
    fn from(id: DomainId) -> Self {
        Self(id.0)
    }
}

impl fmt::Display for DomainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.slot(), self.0 >> SLOT_BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::DomainId;
    use spindle_dispatcher::Owner;

    #[test]
    fn no_domain_is_ever_numbered_as_the_kernel() {
        for generation in [1, (1 << 24) - 1, 1 << 24, u32::MAX] {
            let id = DomainId::new(0, generation);
            assert_eq!(DomainId::of(id.into()), Some(id), "generation {generation}");
            assert_ne!(Owner::from(id), Owner::KERNEL);
            assert_eq!(id.slot(), 0);
        }
    }
}
