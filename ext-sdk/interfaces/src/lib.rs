//! Every event and procedure of the kernel that an extension can name, declared once.
//!
//! *Interface.* One module per interface. Extensions call its functions and handle its events; the kernel
//! (feature `kernel`) implements its `Procedures` and raises its events; on the host, testkit's fake kernel
//! does.
//!
//! *Invariants.* `INV-IFACE-1`: what is declared here is all that an extension can reach. A changed declaration
//! changes its fingerprint, and packages built before are refused with the difference.
#![no_std]
#![forbid(unsafe_code)]

pub mod bench;
pub mod clock;
pub mod console;
pub mod health;
pub mod runtime;
pub mod trap;
pub mod user;
