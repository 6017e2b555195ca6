//! What the models share: a strand whose marks the model checker sees, an event, and closures that know whether they
//! are alive.

use loom::sync::atomic::{AtomicPtr, AtomicUsize, Ordering, fence};
use spindle_abi::{Declaration, EventSpec, HandlerFn, Key, KeyField, KeyKind};
use spindle_dispatcher::{
    Authorizer, Callee, Crossed, Delivery, Event, Executor, Grace, Handler, Interface, Mark, Owner, Request,
    Strand, Ticket, Verdict, collect,
};
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicUsize as Count, Ordering as Plain};
use std::{array, ptr};

/// How many strands a model has at most, and how many marks each.
const STRANDS: usize = 2;
const DEPTH: usize = 2;

loom::lazy_static! {
    static ref MARKS: [[AtomicPtr<()>; DEPTH]; STRANDS] =
        array::from_fn(|_| array::from_fn(|_| AtomicPtr::new(ptr::null_mut())));
}

/// Runs `model` in every interleaving with at most as many preemptions as `LOOM_MAX_PREEMPTIONS` says, or else three.
pub(crate) fn check(model: impl Fn() + Send + Sync + 'static) {
    check_within(3, model);
}

/// The same with another bound, for models that have too many interleavings with three.
pub(crate) fn check_within(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(preemptions);
    builder.max_branches = 20_000;
    let begin = std::time::Instant::now();
    let executions = std::sync::Arc::new(Count::new(0));
    let count = std::sync::Arc::clone(&executions);
    builder.check(move || {
        count.fetch_add(1, Plain::Relaxed);
        model();
        VIOLATION.with(|violation| assert_eq!(violation.take(), None));
    });
    println!("{} executions in {:.1} s", executions.load(Plain::Relaxed), begin.elapsed().as_secs_f64());
}

std::thread_local! {
    /// What a callee found wrong: it must not unwind, and all threads of a model are one thread of the system.
    static VIOLATION: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Has the model fail with `words` unless `holds`.
fn demand(holds: bool, words: &'static str) {
    if !holds {
        VIOLATION.set(Some(words));
    }
}

/// A strand of one model thread. What a mark needs beside its store is a full fence, on either side.
pub(crate) struct ModelStrand {
    number: usize,
    depth: Cell<usize>,
}

impl ModelStrand {
    /// The strand of the model's thread `number`; no two threads have the same.
    pub(crate) fn new(number: usize) -> Self {
        Self { number, depth: Cell::new(0) }
    }

    fn push(&self, word: *const ()) {
        MARKS[self.number][self.depth.get()].store(word.cast_mut(), Ordering::Relaxed);
        self.depth.set(self.depth.get() + 1);
        fence(Ordering::SeqCst);
    }

    fn pop(&self) {
        self.depth.set(self.depth.get() - 1);
        MARKS[self.number][self.depth.get()].store(ptr::null_mut(), Ordering::Release);
    }
}

struct Nobody;

impl Executor for Nobody {
    fn wake(&self) {}

    fn make_room(&self) -> bool {
        false
    }
}

// SAFETY: marks are stored and fenced before the source is read again, and cleared by their strand alone.
unsafe impl Strand for ModelStrand {
    const DIRECT_KERNEL_HANDLERS: bool = false;
    const SLOTS: usize = STRANDS + 1;

    fn slot(&self) -> usize {
        self.number
    }

    fn now() -> u64 {
        7
    }

    fn executor() -> &'static dyn Executor {
        &Nobody
    }

    unsafe fn cross(&self, source: &AtomicPtr<Callee>, callee: *mut Callee, frame: *mut ()) -> Crossed {
        self.push(callee.cast());
        let is_held = source.load(Ordering::Acquire) == callee;
        if is_held {
            // SAFETY: it is marked, and was in its source after that.
            let callee = unsafe { &*callee };
            callee.count_call(self.slot());
            // SAFETY: the caller vouches for the frame.
            unsafe { callee.enter(frame) };
        }
        self.pop();
        if is_held { Crossed::Returned } else { Crossed::Stale }
    }

    unsafe fn mark(&self, mark: &Mark) {
        self.push(mark.word.get());
    }

    unsafe fn unmark(&self, _: &Mark) {
        self.pop();
    }

    fn offender(&self) -> Owner {
        unreachable!("no model faults")
    }
}

/// Sees the strands of the model, for a writer that is not inside a raise.
#[derive(Default)]
pub(crate) struct ModelGrace {
    /// The marks as they were found behind the fence: each is read once, which spares the model executions.
    marks: RefCell<Vec<*mut ()>>,
}

// SAFETY: `barrier` fences against every strand's fence, and reads every mark afterwards.
unsafe impl Grace for ModelGrace {
    fn barrier(&self) {
        fence(Ordering::SeqCst);
        *self.marks.borrow_mut() = MARKS.iter().flatten().map(|mark| mark.load(Ordering::Acquire)).collect();
    }

    fn is_marked(&self, word: *const ()) -> bool {
        self.marks.borrow().contains(&word.cast_mut())
    }

    fn inside_raise(&self) -> bool {
        false
    }
}

/// Looks once whether the grace period is over, and whoever owns what was taken away may end it.
///
/// A model that waited in a loop would have as many executions more as the loop has rounds, and learn nothing.
pub(crate) fn is_over(ticket: &Ticket) -> bool {
    collect(&ModelGrace::default());
    ticket.is_done()
}

/// The same when everybody else has gone: nothing can hold it up.
pub(crate) fn must_be_over(ticket: &Ticket) {
    assert!(is_over(ticket), "nobody raises any more, and something was not freed");
}

/// `event model.Signal(key port: u64)`; its frame says who was called.
pub(crate) struct Signal;

/// The names of those who were called, in order.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct Frame {
    pub(crate) port: u64,
    pub(crate) seen: [u64; 4],
    pub(crate) calls: u64,
    pub(crate) result: (),
}

impl Frame {
    pub(crate) fn sign(&mut self, name: u64) {
        self.seen[self.calls as usize] = name;
        self.calls += 1;
    }
}

// SAFETY: no other event has this declaration; a frame is plain words.
unsafe impl EventSpec for Signal {
    const DECLARATION: &'static Declaration =
        &Declaration::new("model.Signal", "event model.Signal(key port: u64)");
    const KEYS: &'static [KeyField] = &[KeyField { name: "port", kind: KeyKind::Integer }];
    const QUEUEABLE: bool = true;
    type Frame<'a> = Frame;
    type Result = ();

    fn result(frame: &mut Frame) -> &mut () {
        &mut frame.result
    }

    fn key<'a>(frame: &'a Frame, _: usize) -> Key<'a> {
        Key::Integer(frame.port)
    }
}

struct Open;

impl Authorizer for Open {
    fn name(&self) -> &'static str {
        "open"
    }

    fn authorize(&self, _: &Request<'_>) -> Verdict {
        Verdict::Allow
    }
}

static OPEN: Interface = Interface::governed("model", &Open);

pub(crate) type SignalEvent = Event<Signal, ModelStrand>;

/// An event of the execution.
pub(crate) fn event() -> &'static SignalEvent {
    event_with(Delivery::DEFAULT)
}

/// The same with queues of this kind.
pub(crate) fn event_with(delivery: Delivery) -> &'static SignalEvent {
    Box::leak(Box::new(Event::new().of(&OPEN).delivery(delivery)))
}

/// Raises and returns who was called.
pub(crate) fn raise(event: &'static SignalEvent, strand: &ModelStrand) -> Vec<u64> {
    let mut frame = Frame::default();
    event.raise(strand, &mut frame).expect("no model faults");
    frame.seen[..frame.calls as usize].to_vec()
}

/// A closure that knows whether it may still be called, and by how many it is.
#[derive(Debug)]
pub(crate) struct Life {
    name: u64,
    is_over: AtomicBool,
    inside: Count,
    calls: Count,
    /// Lets other threads of the model go on while it is called.
    step: AtomicUsize,
}

impl Life {
    pub(crate) fn new(name: u64) -> &'static Self {
        let (is_over, inside, calls) = (AtomicBool::new(false), Count::new(0), Count::new(0));
        Box::leak(Box::new(Self { name, is_over, inside, calls, step: AtomicUsize::new(0) }))
    }

    /// A handler of an extension with this closure, whose owner has the number of its name.
    pub(crate) fn extension(&'static self) -> Handler {
        unsafe extern "C" fn enter(closure: *const (), frame: *mut ()) {
            // SAFETY: it is installed with a `Life`, which is never freed.
            let life = unsafe { &*closure.cast::<Life>() };
            // SAFETY: it is installed on events of `Signal` only.
            life.live(unsafe { &mut *frame.cast::<Frame>() });
        }
        // SAFETY: `enter` takes such a closure, which lives for ever, and frames of `Signal`.
        unsafe { Handler::extension(enter as HandlerFn, ptr::from_ref(self).cast(), Owner(self.name as u32)) }
    }

    /// A handler of the kernel that ends this life when its closure is dropped.
    pub(crate) fn kernel(&'static self) -> Handler {
        let owned = Owning(self);
        Handler::closure::<Signal>(move |frame| owned.life().live(frame)).expect("there is memory")
    }

    /// A part of a guard or handler: ends this life when it is dropped.
    pub(crate) fn owned(&'static self) -> Owning {
        Owning(self)
    }

    /// Says that nobody may call it any more, and that nobody does.
    pub(crate) fn end(&self) {
        demand(!self.is_over.swap(true, Plain::SeqCst), "a closure was dropped twice");
        demand(self.inside.load(Plain::SeqCst) == 0, "a closure was dropped while somebody was inside");
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Plain::SeqCst)
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Plain::SeqCst)
    }

    pub(crate) fn live(&self, frame: &mut Frame) {
        self.be_inside();
        frame.sign(self.name);
    }

    /// Is inside for a while, in which others may run.
    pub(crate) fn be_inside(&self) {
        demand(!self.is_over(), "a closure was called after its end");
        self.inside.fetch_add(1, Plain::SeqCst);
        self.calls.fetch_add(1, Plain::SeqCst);
        self.step.fetch_add(1, Ordering::Relaxed);
        self.inside.fetch_sub(1, Plain::SeqCst);
    }
}

/// Ends a life when it is dropped.
pub(crate) struct Owning(&'static Life);

impl Owning {
    pub(crate) fn life(&self) -> &'static Life {
        self.0
    }
}

impl Drop for Owning {
    fn drop(&mut self) {
        self.0.end();
    }
}
