//! The general path of a raise: guards, handlers in order, results, the default handler.
//!
//! # Concepts
//! ```text
//!  keys read once ─> index ─> candidate ─ key? ─ guards? ─> call ─ post-guards? ─> result folded ─> cancel? chain ends? ─┐
//!                               ^                                                                                       │
//!                               └────────────────────────────── next ──────────────────────────────────────────────────┘
//!  nobody ran ─> default handler ─> nobody: the raiser's answer stands, or `NoHandler`
//! ```
//! Costs a mark of the table, and per candidate what its guards and its handler cost. Takes no lock, allocates nothing, waits for
//! nobody (but for a queue whose owner chose to block).

use super::call::{call, call_watched};
use super::callee::Callee;
use super::mailbox::Mailbox;
use super::step::Taken;
use super::strand::Strand;
use crate::binding::Binding;
use crate::event::EventCore;
use crate::guard::Guard;
use crate::observe::Watch;
use crate::outcome::Outcome;
use crate::queue::Pushed;
use crate::raw::shared::Shared;
use crate::recorder::{What, record};
use crate::table::Table;
use core::marker::PhantomData;
use spindle_abi::{EventSpec, Fold, GuardCall, Key, KeyField};

/// The entry of an event that has not just one handler of the kernel.
///
/// # Safety
/// INV-DISP-1: `event` is of `E` and `S`, `strand` is the caller's, `frame` one of the event that nobody else uses meanwhile.
pub(crate) unsafe extern "C" fn general<E: EventSpec, S: Strand>(
    event: *const EventCore,
    frame: *mut (),
    strand: *const (),
) -> u64 {
    // SAFETY: only events that are static are raised.
    let event: &'static EventCore = unsafe { &*event };
    // SAFETY: raise passes its own `strand`, of type `S`.
    let strand = unsafe { &*strand.cast::<S>() };
    event.with_table(strand, |table| Dispatch::<E, S>::new(event, table, strand, frame).run()).word()
}

/// The general path from its beginning, for ways that have done nothing yet.
///
/// # Safety
/// As for [`general`]; `table` is the event's, and marked.
#[inline(never)]
pub(super) unsafe fn general_of<E: EventSpec, S: Strand>(
    event: &'static EventCore,
    table: &Table,
    strand: &S,
    frame: *mut (),
) -> u64 {
    Dispatch::<E, S>::new(event, table, strand, frame).run().word()
}

/// The end of the general path, for ways that have found that no handler runs.
///
/// # Safety
/// As for [`general`]; `table` is the event's, and marked.
#[inline(never)]
pub(super) unsafe fn finish_unheard<E: EventSpec, S: Strand>(
    event: &'static EventCore,
    table: &Table,
    strand: &S,
    frame: *mut (),
) -> u64 {
    Dispatch::<E, S>::new(event, table, strand, frame).finish().word()
}

/// The entry of an event that nothing is bound to.
///
/// # Safety
/// None is needed; it has the shape of the others.
pub(crate) unsafe extern "C" fn unheard<E: EventSpec>(
    _event: *const EventCore,
    _frame: *mut (),
    _strand: *const (),
) -> u64 {
    if wants_answer::<E>() { Outcome::Unhandled.word() } else { Outcome::Handled.word() }
}

/// Whether it is an error that nobody handles a raise.
pub(super) const fn wants_answer<E: EventSpec>() -> bool {
    E::RETURNS || E::CHAINED
}

/// The entry of an asynchronous event: the whole raise waits for the executor.
///
/// # Safety
/// As for [`general`]; the event's frames are queueable.
pub(crate) unsafe extern "C" fn queue_all<S: Strand>(
    event: *const EventCore,
    frame: *mut (),
    _strand: *const (),
) -> u64 {
    // SAFETY: only events that are static are raised.
    let event: &'static EventCore = unsafe { &*event };
    // Without a mailbox nothing was ever bound.
    if let Some(mailbox) = event.mailbox.get() {
        // SAFETY: the caller's promise.
        if unsafe { mailbox.send(frame, S::executor()) } != Pushed::Queued {
            mailbox.note_drop();
        }
    }
    Outcome::Handled.word()
}

/// What came of one binding.
#[derive(PartialEq, Eq)]
enum Went {
    /// It did not run, or counts as not having run.
    Passed,
    Ran,
}

/// One raise in progress.
struct Dispatch<'a, E: EventSpec, S: Strand> {
    event: &'static EventCore,
    table: &'a Table,
    strand: &'a S,
    frame: *mut (),
    watch: Watch,
    outcome: Outcome,
    /// What each handler finds as its answer before it gives one.
    initial: E::Result,
    /// What the handlers so far came to.
    standing: Option<E::Result>,
    kind: PhantomData<E>,
}

impl<'a, E: EventSpec, S: Strand> Dispatch<'a, E, S> {
    #[inline(always)]
    fn new(event: &'static EventCore, table: &'a Table, strand: &'a S, frame: *mut ()) -> Self {
        // SAFETY: `general`'s caller vouches for the frame.
        let initial = *E::result(unsafe { &mut *frame.cast::<E::Frame<'_>>() });
        let (watch, outcome) = (Watch::now(), Outcome::Unhandled);
        Self { event, table, strand, frame, watch, outcome, initial, standing: None, kind: PhantomData }
    }

    #[inline(always)]
    fn run(mut self) -> Outcome {
        if self.table.index.is_linear() {
            self.walk(&[], 0..self.table.handlers.len());
        } else {
            let mut keys = [Key::Integer(0); KeyField::MAX_PER_EVENT];
            let keys = self.read_keys(&mut keys);
            let mut room = None;
            self.walk(keys, self.table.index.candidates(keys, &mut room));
        }
        self.finish()
    }

    /// Reads each key field once.
    #[inline(always)]
    fn read_keys<'k>(&self, keys: &'k mut [Key<'a>; KeyField::MAX_PER_EVENT]) -> &'k [Key<'a>] {
        // SAFETY: the frame is of this event, and what its keys borrow is not the frame's own: no handler can change or free it
        // (`EventSpec`'s promise); the keys go before the frame does.
        let frame: &'a E::Frame<'_> = unsafe { &*self.frame.cast::<E::Frame<'_>>() };
        for (field, key) in keys.iter_mut().enumerate().take(E::KEYS.len()) {
            *key = E::key(frame, field);
        }
        &keys[..E::KEYS.len()]
    }

    #[inline(always)]
    fn walk(&mut self, keys: &[Key<'_>], candidates: impl Iterator<Item = usize>) {
        let (table, frame, slot) = (self.table, self.frame, self.strand.slot());
        if self.watch.is_on() {
            return self.walk_watched(keys, candidates);
        }
        let mut has_run = false;
        for position in candidates {
            // SAFETY: the table is marked, and the frame is of this event and ours.
            match unsafe { table.steps[position].offer::<S>(frame, slot, keys) } {
                Taken::Rejected => {}
                // Nothing to fold, and no chain to end: it is enough to know that somebody ran.
                Taken::Ran if !wants_answer::<E>() => has_run = true,
                Taken::Ran if self.answered() == Went::Ran && E::CHAINED => break,
                Taken::Ran => {}
                Taken::Look if self.look(&table.handlers[position], keys) => break,
                Taken::Look => {}
            }
        }
        if has_run {
            self.outcome = self.outcome.and(Outcome::Handled);
        }
    }

    /// Walks without the short way, which neither takes times nor records.
    #[cold]
    fn walk_watched(&mut self, keys: &[Key<'_>], candidates: impl Iterator<Item = usize>) {
        for position in candidates {
            if self.look(&self.table.handlers[position], keys) {
                break;
            }
        }
    }

    /// Offers the raise to a binding; whether the walk ends there.
    #[inline(never)]
    fn look(&mut self, binding: &Shared<Binding>, keys: &[Key<'_>]) -> bool {
        self.offer(binding, keys) == Went::Ran && (E::CHAINED || binding.cancels)
    }

    /// Calls a handler if its guards hold.
    fn offer(&mut self, binding: &Shared<Binding>, keys: &[Key<'_>]) -> Went {
        if binding.key.as_ref().is_some_and(|key| !key.holds(keys)) {
            return Went::Passed;
        }
        if !binding.guards.iter().filter(|guard| !guard.post).all(|guard| self.holds(binding, guard)) {
            return Went::Passed;
        }
        match &binding.mailbox {
            Some(mailbox) => self.post(binding, mailbox),
            None => self.run_handler(binding),
        }
    }

    /// Evaluates one guard; if it does not hold, says so.
    #[inline(always)]
    fn holds(&mut self, binding: &Binding, guard: &Guard) -> bool {
        // SAFETY: the frame is of this event (INV-DISP-1), and the guard was checked to be of it; the table keeps it.
        let holds = unsafe { guard.check.callee.test(self.frame) };
        let holds = holds.unwrap_or_else(|| self.ask_extension(binding, &guard.check.callee));
        if !holds {
            binding.callee.tally.reject(self.strand.slot());
            if self.watch.recording() {
                self.record(binding, What::Rejected);
            }
        }
        holds
    }

    /// Evaluates a guard of an extension. One whose owner is dead never holds; one that faults does not either.
    fn ask_extension(&mut self, binding: &Binding, guard: &Callee) -> bool {
        let mut question = GuardCall::new(self.frame);
        // SAFETY: a guard takes a question about a frame of the event; nobody else uses the question.
        let outcome = unsafe { call(self.event, guard, self.strand, (&raw mut question).cast()) };
        if matches!(outcome, Outcome::Faulted(_)) {
            binding.callee.tally.fault(self.strand.slot());
        }
        if outcome != Outcome::Handled && outcome != Outcome::Unhandled {
            self.outcome = self.outcome.and(outcome);
        }
        outcome == Outcome::Handled && question.holds != 0
    }

    /// Queues the raise for an asynchronous handler.
    fn post(&mut self, binding: &Binding, mailbox: &Mailbox) -> Went {
        // SAFETY: the frame is of this event.
        let pushed = unsafe { mailbox.send(self.frame, S::executor()) };
        if pushed != Pushed::Queued {
            mailbox.note_drop();
        } else if self.watch.recording() {
            self.record(binding, What::Queued);
        }
        self.outcome = self.outcome.and(Outcome::Handled);
        Went::Ran
    }

    /// Calls a handler, and takes its answer.
    #[inline(always)]
    fn run_handler(&mut self, binding: &Shared<Binding>) -> Went {
        let outcome = self.call(&binding.callee);
        if outcome != Outcome::Handled {
            return self.not_run(binding, outcome);
        }
        if !binding.is_plain && !self.stands(binding) {
            return Went::Passed;
        }
        self.answered()
    }

    /// Takes the answer of a handler that has run, and stands.
    #[inline(always)]
    fn answered(&mut self) -> Went {
        if E::CHAINED && !E::is_handled(self.result()) {
            self.discard_result();
            return Went::Passed;
        }
        self.outcome = self.outcome.and(Outcome::Handled);
        if E::RETURNS {
            self.take_result();
        }
        Went::Ran
    }

    /// Whether every post-guard holds for what the handler did.
    fn stands(&mut self, binding: &Binding) -> bool {
        let stands = binding.guards.iter().filter(|guard| guard.post).all(|guard| self.holds(binding, guard));
        if !stands {
            self.discard_result();
        }
        stands
    }

    /// Enters a callee of the table, timed and recorded if that is switched on.
    #[inline(always)]
    fn call(&mut self, callee: &Callee) -> Outcome {
        if self.watch.is_on() {
            // SAFETY: as below.
            return unsafe { call_watched(self.event, callee, self.strand, self.frame, self.watch) };
        }
        // SAFETY: INV-DISP-1: the callee is in the event's table, which is marked.
        unsafe { call(self.event, callee, self.strand, self.frame) }
    }

    /// A handler was abandoned, declined, or is to be called no more: its answer is discarded.
    #[cold]
    fn not_run(&mut self, binding: &Binding, outcome: Outcome) -> Went {
        match outcome {
            Outcome::Faulted(_) => binding.callee.tally.fault(self.strand.slot()),
            Outcome::Busy(_) => self.record(binding, What::Busy),
            Outcome::Handled | Outcome::Unhandled => {}
        }
        self.outcome = self.outcome.and(outcome);
        self.discard_result();
        Went::Passed
    }

    /// The result slot of the frame.
    #[inline(always)]
    fn result(&mut self) -> &mut E::Result {
        // SAFETY: the frame is of this event and ours; no handler is running.
        E::result(unsafe { &mut *self.frame.cast::<E::Frame<'_>>() })
    }

    /// Has the next handler find what the first one found.
    #[inline(always)]
    fn discard_result(&mut self) {
        let initial = self.initial;
        *self.result() = initial;
    }

    /// Adds the answer of the handler that has just run to what stands.
    #[inline(always)]
    fn take_result(&mut self) {
        let initial = self.initial;
        let next = core::mem::replace(self.result(), initial);
        self.standing = Some(match (self.standing, &self.table.result) {
            (Some(previous), Some(folder)) => self.fold(&folder.callee, previous, next),
            _ => next,
        });
    }

    /// Asks the result handler; the later answer stands if it is abandoned.
    fn fold(&mut self, folder: &Callee, previous: E::Result, next: E::Result) -> E::Result {
        let mut fold = Fold::new(previous, next);
        // SAFETY: a result handler takes a fold of its event's results; nobody else uses it.
        let outcome = unsafe { call(self.event, folder, self.strand, (&raw mut fold).cast()) };
        match outcome {
            Outcome::Handled => fold.result,
            Outcome::Unhandled => next,
            Outcome::Faulted(_) | Outcome::Busy(_) => {
                if matches!(outcome, Outcome::Faulted(_)) {
                    folder.tally.fault(self.strand.slot());
                }
                self.outcome = self.outcome.and(outcome);
                next
            }
        }
    }

    /// Has the default handler answer if nobody else did, and leaves what stands in the frame.
    #[inline(always)]
    fn finish(mut self) -> Outcome {
        if self.outcome == Outcome::Unhandled {
            return self.finish_unhandled();
        }
        if let Some(standing) = self.standing {
            *self.result() = standing;
        }
        self.outcome
    }

    #[cold]
    fn finish_unhandled(&mut self) -> Outcome {
        if let Some(default) = &self.table.default {
            self.run_handler(default);
            if let Some(standing) = self.standing {
                *self.result() = standing;
            }
        }
        if self.outcome == Outcome::Unhandled {
            if !wants_answer::<E>() {
                return Outcome::Handled;
            }
            if self.watch.recording() {
                record(S::now(), self.event, crate::BindingId::NONE, self.event.owner(), What::NoHandler);
            }
        }
        self.outcome
    }

    fn record(&self, binding: &Binding, what: What) {
        record(S::now(), self.event, binding.callee.id(), binding.callee.owner(), what);
    }
}
