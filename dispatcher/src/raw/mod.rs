//! The crate's unsafe code: objects that raises reach by pointer, calls whose types were erased, marks.
//!
//! # Concepts
//! Everything else in the crate is safe: it decides *what* an event's table holds. Here it is read while it is being replaced,
//! and called. A frame loses its type when an event is raised and gets it back where a callee is entered; between the two
//! goes a plain pointer.
//!
//! # Invariants
//! - `INV-DISP-1`: an event's frames are of one type, that of its `EventSpec`, and only callees that take those are in its table:
//!   a kernel callee knows its event and is refused by any other, an extension's maker has vouched.
//! - `INV-DISP-2`: `native` is null, or the one callee of the current table, unguarded and enabled, that is entered by a crossing.
//! - `INV-DISP-3`: `entry` is callable at any time, whatever `native` says: the general path, the short way by a key, the path that
//!   queues, or the code of the one callee of the current table, unguarded and the kernel's.
//! - `INV-DISP-4`: a table, descriptor or callee that an event held is freed only after it was out of reach, a barrier, and a scan
//!   that found no mark of it. A table that can be read keeps its bindings.
//! - `INV-DISP-5`: entering the native state stores `entry` first and `native` last; leaving it clears `native` after `entry` is
//!   right, so that at every instant a raise finds something callable.
//! - `INV-DISP-6`: tables, `native` and `entry` of every event change only under the writers' lock; `native` may be cleared without it.
//! - `INV-DISP-7`: a queue holds frames of its event, copied byte by byte, and only if that `EventSpec` is `QUEUEABLE`.
//! - `INV-DISP-8`: a `Reference` holds null, or what was put in as a `&'static`.

pub(crate) mod call;
pub(crate) mod callee;
pub(crate) mod closure;
pub(crate) mod dispatch;
#[cfg(all(feature = "std", not(loom)))]
mod host;
pub(crate) mod keyed;
pub(crate) mod mailbox;
pub(crate) mod mark;
pub(crate) mod owned;
pub(crate) mod raise;
pub(crate) mod reference;
pub(crate) mod shared;
pub(crate) mod step;
pub(crate) mod strand;
