//! One loaded extension, as the handlers that the fake kernel has of it see it.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use spindle_abi::{EventSpec, Handler, Status};
use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Event, Installed, uninstall};
use spindle_interfaces::bench;
use spindle_sdk::Extension;

use crate::{Fault, bind, later};

/// An event of the fake kernel: a `static` of the type that nobody else has.
type Raisable<E> = &'static Event<E, HostStrand>;

/// An extension from start to stop.
pub(crate) struct Instance<E: Extension> {
    /// `None` once it is stopped, or gone after a fault.
    state: Mutex<Option<Arc<E>>>,
    fault: Mutex<Option<Fault>>,
    /// How many of its handlers have run in the innermost raise.
    ran: AtomicUsize,
    /// How many raises are in each other.
    depth: AtomicUsize,
    /// The events that were raised so far, and what is installed on them.
    events: Mutex<HashMap<TypeId, &'static (dyn Any + Send + Sync)>>,
    installed: Mutex<Vec<Installed>>,
}

impl<E: Extension> Instance<E> {
    pub(crate) fn new(state: E) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(Some(Arc::new(state))),
            fault: Mutex::default(),
            ran: AtomicUsize::new(0),
            depth: AtomicUsize::new(0),
            events: Mutex::default(),
            installed: Mutex::default(),
        })
    }

    /// The state; `None` once it is gone.
    pub(crate) fn state(&self) -> Option<Arc<E>> {
        locked(&self.state).clone()
    }

    /// Calls into the extension, unless it is gone, and contains a panic: then it is gone, without its destructor.
    pub(crate) fn enter<R>(&self, call: impl FnOnce(&E) -> R) -> Option<R> {
        let state = self.state()?;
        catch_unwind(AssertUnwindSafe(|| call(&state)))
            .map_err(|panic| self.condemn(state, panic.as_ref()))
            .ok()
    }

    fn condemn(&self, state: Arc<E>, panic: &(dyn Any + Send)) {
        std::mem::forget(state);
        locked(&self.state).take();
        locked(&self.fault).get_or_insert_with(|| Fault { message: message(panic) });
    }

    /// Calls a handler.
    pub(crate) fn handle<Raised: EventSpec>(&self, row: &Handler<E>, frame: &mut Raised::Frame<'_>) {
        let called = self.enter(|state| row.call::<Raised>(state, frame));
        if let Some(called) = called {
            called.expect("it is a handler of this event");
            self.ran.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Raises an event; after the outermost raise, what is asynchronous has its turn. Says how many handlers ran,
    /// those of raises inside it not counted.
    ///
    /// # Errors
    /// How the extension faulted, now or inside a raise around this one.
    pub(crate) fn raise<Raised: EventSpec>(
        self: &Arc<Self>,
        frame: &mut Raised::Frame<'_>,
    ) -> Result<usize, Fault> {
        let event = self.event::<Raised>();
        let ran_around = self.ran.swap(0, Ordering::Relaxed);
        let is_outermost = self.depth.fetch_add(1, Ordering::Relaxed) == 0;
        // That nobody answered shows in the result, which is then as it was.
        let _ = HostStrand::with_current(|strand| event.raise(strand, frame));
        if is_outermost {
            later::run();
        }
        self.depth.fetch_sub(1, Ordering::Relaxed);
        let ran = self.ran.swap(ran_around, Ordering::Relaxed);
        self.ended(is_outermost).map(|()| ran)
    }

    /// What there is to say of a fault. The outermost raise takes it, and the extension's handlers, away.
    fn ended(&self, is_outermost: bool) -> Result<(), Fault> {
        let mut fault = locked(&self.fault);
        if is_outermost && fault.is_some() {
            self.unbind();
            return fault.take().map_or(Ok(()), Err);
        }
        fault.clone().map_or(Ok(()), Err)
    }

    /// What `bench::nest` does: raises `bench.Nested` at the extension. A fault in there ends the handler around it, too.
    pub(crate) fn nest(self: &Arc<Self>, depth: u32) -> Status {
        let mut frame = bench::Nested::frame(depth);
        match self.raise::<bench::Nested>(&mut frame) {
            Ok(_) => bench::Nested::result(&frame),
            Err(fault) => resume_unwind(Box::new(fault.message)),
        }
    }

    /// The event, with the extension's rows bound to it when it is first raised.
    ///
    /// # Panics
    /// If a row cannot be bound: the real kernel would not load the extension.
    pub(crate) fn event<Raised: EventSpec>(self: &Arc<Self>) -> Raisable<Raised> {
        let found = locked(&self.events).get(&TypeId::of::<Raised>()).copied();
        if let Some(event) = found.and_then(|event| event.downcast_ref()) {
            return event;
        }
        // The dispatcher's events are statics; this one is there for as long as the test process is.
        let event: Raisable<Raised> = Box::leak(Box::new(Event::new()));
        locked(&self.events).insert(TypeId::of::<Raised>(), event);
        if locked(&self.state).is_some() {
            let rows = bind::rows::<E, Raised>(self, event);
            let rows = rows.unwrap_or_else(|why| panic!("{} cannot be loaded: {why}", E::NAME));
            locked(&self.installed).extend(rows);
        }
        event
    }

    /// Ends the extension; gives the state for its last procedure.
    pub(crate) fn stop(&self) -> Option<Arc<E>> {
        self.unbind();
        later::clear();
        locked(&self.state).take()
    }

    fn unbind(&self) {
        for installed in locked(&self.installed).drain(..) {
            // Nobody waits: what is replaced is freed when something is installed next.
            drop(uninstall(installed));
        }
    }
}

/// A panic in a handler does not spoil what a lock here protects: none is held while one runs.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The text that a panic carries.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message").to_owned()
}
