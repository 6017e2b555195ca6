//! The runtime: what the SDK's own glue needs of the kernel. Granted to every extension.
//!
//! *Not here.* Anything that an author calls: `alloc` and `panic!` stand in front of this.

use spindle_macros::AbiPlain;

/// A run of memory that a domain's heap has grown by.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, AbiPlain)]
pub struct HeapSpan {
    /// The address of the first byte, at a page boundary; meaningless if `bytes` is 0.
    pub start: u64,
    /// How many bytes there are; 0 if the kernel refused.
    pub bytes: u64,
}

spindle_macros::interface! {
    runtime {
        /// Asks for `pages` (4096 bytes each) of zeroed, writable memory for the calling domain's heap.
        ///
        /// They may, but need not, lie directly behind the pages given before. All or nothing: a refusal (no memory,
        /// or the domain's quota is used up; a Wasm extension, which has no use for an address) gives a span of 0 bytes.
        fn grow_heap(pages: u64) -> HeapSpan;

        /// Ends the calling domain with a panic: `message`, and the source `file` and `line` that it came from.
        ///
        /// Control never returns to the caller; what the domain held is reclaimed.
        fn panicked(message: &str, file: &str, line: u32) -> !;
    }
}
