//! The crossing on the host: it calls, it re-checks, and it comes back from deep and nested calls that give up.

use spindle_arch::crossing::{Crossed, Record, Scope, Target, abandon, cross};
use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU64};

/// What the handlers below get as their frame.
struct Frame<'a> {
    record: &'a Record,
    depth: u32,
    steps: Cell<u32>,
}

fn target(enter: unsafe extern "C" fn(*const (), *mut ())) -> Target {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    Target { enter, closure: ptr::without_provenance(0x5eed), counter: &raw const CALLS }
}

fn enter(target: &mut Target, frame: &mut Frame<'_>) -> Crossed {
    let source = AtomicPtr::new(ptr::from_mut(target));
    let record = frame.record;
    // SAFETY: the record is this thread's, the target outlives the call, and the handlers take such a frame.
    unsafe { cross(record, &source, ptr::from_mut(target), ptr::from_mut(frame).cast()) }
}

unsafe extern "C" fn returns(closure: *const (), frame: *mut ()) {
    assert_eq!(closure.addr(), 0x5eed);
    // SAFETY: see `enter`.
    let frame = unsafe { &*frame.cast::<Frame<'_>>() };
    assert_eq!(frame.record.nodes().count(), 1, "linked while inside");
    frame.steps.set(frame.steps.get() + 1);
}

unsafe extern "C" fn gives_up_deep_down(_closure: *const (), frame: *mut ()) {
    fn descend(frame: &Frame<'_>, depth: u32) -> u32 {
        if depth == 0 {
            // SAFETY: only this test's own frames lie between here and the crossing.
            unsafe { abandon(frame.record) };
        }
        let locals = std::hint::black_box([depth; 64]);
        descend(frame, depth - 1) + locals[0]
    }
    // SAFETY: see `enter`.
    let frame = unsafe { &*frame.cast::<Frame<'_>>() };
    frame.steps.set(frame.steps.get() + 1);
    std::hint::black_box(descend(frame, frame.depth));
    unreachable!("descend gives up at the bottom");
}

unsafe extern "C" fn enters_one_that_gives_up(_closure: *const (), frame: *mut ()) {
    // SAFETY: see `enter`.
    let frame = unsafe { &mut *frame.cast::<Frame<'_>>() };
    let inner = enter(&mut target(gives_up_deep_down), frame);
    assert_eq!(inner, Crossed::Faulted);
    assert_eq!(frame.record.nodes().count(), 1, "only this one's own node is left");
    frame.steps.set(frame.steps.get() + 10);
}

#[test]
fn an_ordinary_call_returns() {
    let record = Record::new();
    let mut frame = Frame { record: &record, depth: 0, steps: Cell::new(0) };
    assert_eq!(enter(&mut target(returns), &mut frame), Crossed::Returned);
    assert_eq!(frame.steps.get(), 1);
    assert!(record.newest().is_none());
}

#[test]
fn a_source_that_moved_on_is_not_called() {
    let record = Record::new();
    let frame = Frame { record: &record, depth: 0, steps: Cell::new(0) };
    let (mut old, mut new) = (target(returns), target(returns));
    let source = AtomicPtr::new(ptr::from_mut(&mut new));
    // SAFETY: the source does not hold the target, so nothing is called.
    let crossed = unsafe { cross(&record, &source, ptr::from_mut(&mut old), ptr::null_mut()) };
    assert_eq!(crossed, Crossed::Stale);
    assert_eq!(frame.steps.get(), 0);
    assert!(record.newest().is_none());
}

#[test]
fn giving_up_at_any_depth_keeps_the_callers_locals() {
    let record = Record::new();
    for depth in [0, 1, 2, 17, 1000] {
        // Enough live values that some are kept in every callee-saved register across the crossing.
        let live: [u64; 12] =
            std::array::from_fn(|at| std::hint::black_box(at as u64 * 3 + u64::from(depth)));
        let [a, b, c, d, e, f, g, h, i, j, k, l] = live;
        let mut frame = Frame { record: &record, depth, steps: Cell::new(0) };
        assert_eq!(enter(&mut target(gives_up_deep_down), &mut frame), Crossed::Faulted);
        assert_eq!(frame.steps.get(), 1);
        assert_eq!([a, b, c, d, e, f, g, h, i, j, k, l], live);
        assert!(record.newest().is_none());
    }
}

#[test]
fn an_inner_fault_ends_at_the_inner_crossing() {
    let record = Record::new();
    let mut frame = Frame { record: &record, depth: 5, steps: Cell::new(0) };
    assert_eq!(enter(&mut target(enters_one_that_gives_up), &mut frame), Crossed::Returned);
    assert_eq!(frame.steps.get(), 11);
    assert!(record.newest().is_none());
}

unsafe extern "C" fn opens_scopes_and_gives_up(_closure: *const (), frame: *mut ()) {
    // SAFETY: see `enter`.
    let frame = unsafe { &*frame.cast::<Frame<'_>>() };
    let (first, second) = (Scope::new(), Scope::new());
    for scope in [&first, &second] {
        // SAFETY: both are locals of this call, which ends by being abandoned.
        unsafe { frame.record.open(scope) };
    }
    frame.steps.set(frame.steps.get() + u32::from(ptr::eq(frame.record.scope(), &second)));
    // SAFETY: this call holds nothing.
    unsafe { abandon(frame.record) };
}

#[test]
fn scopes_end_with_the_crossing_that_they_were_opened_in_and_no_sooner() {
    let record = Record::new();
    let mut frame = Frame { record: &record, depth: 0, steps: Cell::new(0) };
    let outer = Scope::new();
    // SAFETY: a local of this test, closed below.
    unsafe { record.open(&outer) };
    assert_eq!(enter(&mut target(opens_scopes_and_gives_up), &mut frame), Crossed::Faulted);
    assert_eq!(frame.steps.get(), 1, "the inner scope was the newest");
    assert!(ptr::eq(record.scope(), &outer), "the crossing's scopes are gone, the outer one is not");
    // SAFETY: it is the newest.
    unsafe { record.close(&outer) };
    assert!(record.scope().is_null());
}
