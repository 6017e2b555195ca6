//! The kernel's procedures, as far as a test needs them.

use std::cell::{Cell, RefCell};

use spindle_interfaces::runtime::HeapSpan;
use spindle_interfaces::{bench, clock, console, runtime};

thread_local! {
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static NOW_NS: Cell<u64> = const { Cell::new(0) };
}

/// The fake kernel of the calling thread.
pub(crate) struct FakeKernel;

impl FakeKernel {
    /// Makes the interfaces call this kernel, and resets the thread's console and clock.
    pub(crate) fn boot() {
        console::host::install::<Self>();
        clock::host::install::<Self>();
        runtime::host::install::<Self>();
        bench::host::install::<Self>();
        LINES.take();
        NOW_NS.set(0);
    }

    /// What was written since the last call.
    pub(crate) fn take_lines() -> Vec<String> {
        LINES.take()
    }

    /// Moves the clock on, and returns what it then shows.
    pub(crate) fn advance(by_ns: u64) -> u64 {
        NOW_NS.set(NOW_NS.get() + by_ns);
        NOW_NS.get()
    }
}

impl console::Procedures for FakeKernel {
    fn write_line(line: &str) {
        LINES.with_borrow_mut(|lines| lines.extend(line.split('\n').map(str::to_owned)));
    }
}

impl clock::Procedures for FakeKernel {
    fn now() -> u64 {
        NOW_NS.get()
    }

    /// A counter of 1 GHz, and one step on per reading, as two readings of a real one differ.
    fn cycles() -> u64 {
        Self::advance(1)
    }
}

impl runtime::Procedures for FakeKernel {
    /// Refuses: on the host, `alloc` has the host's heap.
    fn grow_heap(_pages: u64) -> HeapSpan {
        HeapSpan { start: 0, bytes: 0 }
    }

    fn panicked(message: &str, file: &str, line: u32) -> ! {
        panic!("{message} ({file}:{line})")
    }
}

impl bench::Procedures for FakeKernel {
    fn null() {}
}
