//! Frames, mappings, the kernel heap and who owns each byte.
//!
//! *Interface*: [`start`] once at boot; then [`Region`] for pages of an extension or a heap,
//! [`GuardedStack`] for stacks, [`AddressSpace`] for the memory of a user program, [`usage()`] for who holds what, [`audit::walk`] for what is mapped how.
//!
//! *Locking*: addresses, then page tables, then frames; none is held while another crate's code runs,
//! except [`audit::walk`]'s visitor. Nothing here blocks; nothing here may be called from an interrupt.
//! The order with the kernel heap's lock does not matter: neither side calls the other.
#![no_std]

pub mod audit;
mod boot;
mod domain_heap;
mod error;
mod frames;
pub mod heap;
pub mod paging;
mod region;
mod span;
mod stack;
mod usage;
mod user;
mod window;

pub use boot::{PhysicalRange, RangeKind, start};
pub use domain_heap::{DomainHeap, PageSource};
pub use error::Error;
pub use region::{Protection, Region};
pub use span::Area;
pub use spindle_kerncore::frames::Owner;
pub use stack::{GUARD_BYTES, GuardedStack};
pub use usage::{Usage, usage};
pub use user::{AddressSpace, deactivate};
