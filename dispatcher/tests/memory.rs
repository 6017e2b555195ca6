//! Memory: a raise allocates nothing, and a change for which there is not enough of it fails whole.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_abi::Key;
use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Guard, InstallError, KeyGuard, Order, Swap, install, lift, uninstall};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::events::{Packet, PacketFrame};
use support::{GRACE, PacketEvent, closure, event, extension, kernel, packet_guard, port, raise_with};

/// The system's allocator, which a thread can have fail.
struct Scarce;

thread_local! {
    /// How many allocations of this thread still succeed; all if there is no number.
    static LEFT: Cell<Option<u64>> = const { Cell::new(None) };
}

fn may_allocate() -> bool {
    LEFT.with(|left| {
        let before = left.get();
        left.set(before.map(|left| left.saturating_sub(1)));
        before != Some(0)
    })
}

// SAFETY: it hands on what the system's allocator promises, or nothing.
unsafe impl GlobalAlloc for Scarce {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise.
        if may_allocate() { unsafe { System.alloc(layout) } } else { std::ptr::null_mut() }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static MEMORY: Scarce = Scarce;

/// Runs `f` with so many allocations.
fn with_allocations<R>(allocations: u64, f: impl FnOnce() -> R) -> R {
    LEFT.set(Some(allocations));
    let result = f();
    LEFT.set(None);
    result
}

fn word(word: &str) -> KeyGuard {
    KeyGuard::new(0, Key::Word(word)).unwrap()
}

/// Raises with room in the frame for those who sign, and returns who did.
fn seen(event: &'static PacketEvent, word: &str, port: u64) -> Vec<u64> {
    let mut frame = PacketFrame { word: word.into(), port, ..PacketFrame::default() };
    frame.seen.reserve(1000);
    // A thread's strand is made when it is first asked for.
    HostStrand::with_current(|_| ());
    let result = with_allocations(0, || raise_with(event, &mut frame));
    assert_eq!(result, Ok(()));
    frame.seen
}

#[test]
fn a_raise_allocates_nothing() {
    let event = event();
    assert_eq!(seen(event, "", 1), []);
    let only = event.install(kernel::<1>()).unwrap();
    assert_eq!(seen(event, "", 1), [1], "straight to the kernel's handler");
    uninstall(only).unwrap().wait(&GRACE).unwrap();
    let only = event.install(extension(2)).unwrap();
    assert_eq!(seen(event, "", 1), [2], "straight to an extension's handler");
    uninstall(only).unwrap().wait(&GRACE).unwrap();
    let _keyed: Vec<_> =
        (0..50).map(|n| event.install(closure::<Packet>(n).with_key(port(n))).unwrap()).collect();
    assert_eq!(seen(event, "", 7), [7], "the short way by a key");
    let range = KeyGuard::range(1, 5, 9).unwrap();
    let _range = event.install(extension(100).with_key(range)).unwrap();
    let _word = event.install(extension(101).with_key(word("x")).with_guard(packet_guard(|_| true))).unwrap();
    let _last = event.install(closure::<Packet>(102).ordered(Order::Last).cancelling()).unwrap();
    assert_eq!(seen(event, "x", 7), [7, 100, 101, 102], "everything there is");
}

/// Tries `change` with no memory, then with one allocation, and so on until it works; each failure must leave `event` as it was.
fn until_it_works<R>(event: &'static PacketEvent, mut change: impl FnMut() -> Result<R, InstallError>) -> R {
    let raises = || [("", 1), ("x", 1), ("x", 7)].map(|(word, port)| seen(event, word, port));
    let before = raises();
    for allocations in 0..1000 {
        match with_allocations(allocations, &mut change) {
            Ok(result) => return result,
            Err(error) => assert_eq!(error, InstallError::OutOfMemory, "with {allocations} allocations"),
        }
        assert_eq!(raises(), before, "after a change that failed with {allocations} allocations");
    }
    panic!("a change takes a bounded number of allocations")
}

/// Handlers found in every way there is.
fn crowded() -> &'static PacketEvent {
    let event = event();
    let guards = [
        Some(port(7)),
        Some(word("x")),
        Some(KeyGuard::range(1, 5, 9).unwrap()),
        Some(word("x").and(port(7)).unwrap()),
        None,
    ];
    for (guard, name) in guards.into_iter().zip(1..) {
        let handler = closure::<Packet>(name);
        let _installed =
            event.install(guard.into_iter().fold(handler, |all, guard| all.with_key(guard))).unwrap();
    }
    event
}

#[test]
fn an_install_without_memory_changes_nothing() {
    let event = crowded();
    let guard = word("x").and(KeyGuard::range(1, 0, 7).unwrap()).unwrap();
    let _installed = until_it_works(event, || install(event.core(), kernel::<9>().with_key(guard)));
    assert_eq!(seen(event, "x", 7), [1, 2, 3, 4, 5, 9]);
    let _all = until_it_works(event, || {
        let mut handlers = Vec::new();
        handlers.try_reserve(2).map_err(|_| InstallError::OutOfMemory)?;
        handlers.extend([kernel::<10>(), kernel::<11>().with_key(port(1))]);
        event.core().install_all(handlers)
    });
    assert_eq!(seen(event, "", 1), [5, 10, 11]);
}

#[test]
fn an_uninstall_without_memory_hands_the_binding_back() {
    let event = crowded();
    let mut installed = Some(event.install(extension(9).with_key(port(7))).unwrap());
    let ticket = until_it_works(event, || {
        uninstall(installed.take().unwrap()).map_err(|(back, error)| {
            installed = Some(back);
            error
        })
    });
    ticket.wait(&GRACE).unwrap();
    assert_eq!(seen(event, "x", 7), [1, 2, 3, 4, 5]);
}

#[test]
fn a_guard_is_imposed_and_lifted_whole_or_not_at_all() {
    let event = crowded();
    let subject = event.install(extension(9)).unwrap();
    let imposed = until_it_works(event, || subject.impose(Guard::kernel::<Packet>(|_| false)?));
    assert_eq!(seen(event, "x", 7), [1, 2, 3, 4, 5]);
    let mut imposed = Some(imposed);
    let ticket = until_it_works(event, || {
        lift(imposed.take().unwrap()).map_err(|(back, error)| {
            imposed = Some(back);
            error
        })
    });
    ticket.wait(&GRACE).unwrap();
    assert_eq!(seen(event, "x", 7), [1, 2, 3, 4, 5, 9]);
}

#[test]
fn a_swap_without_memory_is_handed_back() {
    let event = crowded();
    let old = event.install(extension(8).with_key(port(7))).unwrap();
    let new = event.bind(extension(9).with_key(port(7))).unwrap();
    let mut swap = Some(Swap::new().remove(old).add(new));
    let (_installed, ticket) = until_it_works(event, || {
        swap.take().unwrap().commit().map_err(|(back, error)| {
            swap = Some(back);
            error
        })
    });
    ticket.wait(&GRACE).unwrap();
    assert_eq!(seen(event, "x", 7), [1, 2, 3, 4, 5, 9]);
}
