//! The kernel's procedures, as far as a test needs them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use spindle_abi::Status;
use spindle_interfaces::runtime::HeapSpan;
use spindle_interfaces::{bench, clock, console, runtime, user};

/// Raises `bench.Nested` at what is loaded.
type RaiseNested = Rc<dyn Fn(u32) -> Status>;

thread_local! {
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static NOW_NS: Cell<u64> = const { Cell::new(0) };
    static RAISE_NESTED: RefCell<Option<RaiseNested>> = const { RefCell::new(None) };
    /// The bytes of user programs, by process and address.
    static USER_MEMORY: RefCell<BTreeMap<(u64, u64), u8>> = const { RefCell::new(BTreeMap::new()) };
}

/// The fake kernel of the calling thread.
pub(crate) struct FakeKernel;

impl FakeKernel {
    /// Makes the interfaces call this kernel, and resets what the thread has of it.
    pub(crate) fn boot() {
        console::host::install::<Self>();
        clock::host::install::<Self>();
        runtime::host::install::<Self>();
        bench::host::install::<Self>();
        user::host::install::<Self>();
        LINES.take();
        NOW_NS.set(0);
        RAISE_NESTED.take();
        USER_MEMORY.take();
    }

    /// What `bench::nest` calls from now on.
    pub(crate) fn raise_nested_by(raise: RaiseNested) {
        RAISE_NESTED.replace(Some(raise));
    }

    /// Gives a process memory from `address` on.
    pub(crate) fn map_user(process: u64, address: u64, bytes: &[u8]) {
        let bytes = (address..).zip(bytes).map(|(address, byte)| ((process, address), *byte));
        USER_MEMORY.with_borrow_mut(|memory| memory.extend(bytes));
    }

    /// The memory of a process; `None` if it has not all of it.
    pub(crate) fn user_bytes(process: u64, address: u64, length: usize) -> Option<Vec<u8>> {
        let at = |offset| Some((process, address.checked_add(offset)?));
        USER_MEMORY.with_borrow(|memory| {
            (0..length as u64).map(|offset| memory.get(&at(offset)?).copied()).collect()
        })
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

    fn nest(depth: u32) -> Status {
        let raise = RAISE_NESTED.with_borrow(Clone::clone);
        raise.map_or(Status::UNHANDLED, |raise| raise(depth))
    }
}

impl user::Procedures for FakeKernel {
    fn copy_in(process: u64, address: u64, into: &mut [u8]) -> Status {
        let Some(bytes) = Self::user_bytes(process, address, into.len()) else { return Status::FAILED };
        into.copy_from_slice(&bytes);
        Status::OK
    }

    fn copy_out(process: u64, address: u64, from: &[u8]) -> Status {
        if Self::user_bytes(process, address, from.len()).is_none() {
            return Status::FAILED;
        }
        Self::map_user(process, address, from);
        Status::OK
    }
}
