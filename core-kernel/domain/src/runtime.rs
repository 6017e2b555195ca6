//! The procedures that every extension's runtime calls: more heap, and giving up.

use crate::id::DomainId;
use crate::registry::PROCEDURES;
use crate::{fault, heap, table};
use linkme::distributed_slice;
use spindle_abi::Export;
use spindle_abi::package::Kind;
use spindle_interfaces::runtime::{self, HeapSpan, Procedures};

/// What the kernel answers to `runtime`.
struct Runtime;

#[distributed_slice(PROCEDURES)]
static RUNTIME: &[Export] = &runtime::exports::<Runtime>();

impl Procedures for Runtime {
    fn grow_heap(pages: u64) -> HeapSpan {
        let granted =
            caller().filter(|&domain| is_native(domain)).and_then(|domain| heap::grow(domain, pages));
        let span = granted.unwrap_or_default();
        HeapSpan { start: span.start, bytes: span.end - span.start }
    }

    fn panicked(message: &str, file: &str, line: u32) -> ! {
        fault::panicked(message, file, line)
    }
}

/// Whether a domain's code may know addresses: no module learns where anything of the kernel's lies.
fn is_native(domain: DomainId) -> bool {
    table::with(domain, |domain| domain.code.kind()) == Some(Kind::Native)
}

/// The domain whose code called the running procedure.
fn caller() -> Option<DomainId> {
    DomainId::of(spindle_strands::current().innermost()?.owner())
}
