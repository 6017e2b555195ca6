//! Instances: a module made ready, and entered.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use spindle_abi::Status;
use spindle_abi::guest::WINDOW_BYTES;
use wasmi::errors::{ErrorKind, InstantiationError, MemoryError, TableError};
use wasmi::{AsContextMut, Memory, Module, Store, StoreContextMut};

use crate::activity::{Activity, Chain};
use crate::ask::ask;
use crate::config;
use crate::error::{Error, Fault, Refusal, is_fault};
use crate::exports::{self, Exports, HandlerFn, StartFn, StopFn};
use crate::host::Host;
use crate::imports::{self, Import};
use crate::limits::{Limiter, Limits};
use crate::lower::{lower, take_back};
use crate::native::{Call, Frame, Guarded, Leave};
use crate::plan::Plan;
use crate::report::Report;
use crate::row::Row;
use crate::sections;

/// A module with its engine, memory and table, ready to be entered.
pub struct Instance {
    store: Guarded,
    activity: Arc<Activity>,
    memory: Memory,
    memory_bytes: Arc<AtomicUsize>,
    /// Where the window lies in the memory.
    window: u32,
    start: StartFn,
    stop: StopFn,
    handlers: Box<[Handler]>,
    /// What `start` gave.
    closure: AtomicU32,
    fuel: Option<u64>,
}

/// A row of the table and the plan of what it is entered with.
#[derive(Debug)]
pub(crate) struct Handler {
    entry: HandlerFn,
    pub(crate) plan: Plan,
}

impl Instance {
    /// Makes `module` ready: validates and compiles it, checks what it imports against `imports` and what it exports,
    /// and instantiates it, which runs its start function if it has one.
    ///
    /// `rows` say what its handlers are entered with, in the order of its descriptor; `call` is how imports are called.
    /// What is wrong with the module is said to `report`, a line per call.
    ///
    /// # Errors
    /// [`Error::Refused`], or [`Error::Fault`] if the start function did not come to its end.
    pub fn new(
        module: &[u8],
        imports: &[Import],
        rows: &[Row],
        limits: Limits,
        call: Call,
        report: &mut dyn FnMut(fmt::Arguments<'_>),
    ) -> Result<Box<Self>, Error> {
        let mut report = Report::new(report);
        if sections::has_bytes_without_functions(module) {
            report.add(format_args!("its code section has bytes but no functions"));
            return Err(Refusal::Invalid.into());
        }
        if let Some((function, locals)) = sections::function_with_too_many_locals(module) {
            let most = sections::MAX_LOCALS;
            report
                .add(format_args!("function {function} of its code has {locals} locals and may have {most}"));
            return Err(Refusal::Unfit { problems: report.count() }.into());
        }
        let engine = config::engine(limits.fuel.is_some());
        let module = Module::new(&engine, module).map_err(|error| invalid(&error, &mut report))?;
        imports::check(&module, imports, &mut report);
        exports::check(&module, &mut report);
        fit(&report)?;

        let (activity, memory_bytes) = (Arc::new(Activity::new()), Arc::default());
        let limiter = Limiter::new(limits, Arc::clone(&memory_bytes));
        let mut store = Store::new(&engine, Host { limiter, memory: None });
        store.limiter(|host| &mut host.limiter);
        refuel(&mut store, limits.fuel);
        let linker = imports::bind(&engine, &module, imports, call, &activity, limits.fuel.is_some());
        let linker = linker.map_err(|error| invalid(&error, &mut report))?;
        let made = linker.instantiate_and_start(&mut store, &module);
        let made = made.map_err(|error| not_made(&error, &store, &mut report))?;
        let exports = exports::resolve(&store, &made, rows.len(), &mut report);
        let exports = exports.ok_or(Refusal::Unfit { problems: report.count() })?;
        store.data_mut().memory = Some(exports.memory);
        Ok(Box::new(Self::assemble(store, activity, memory_bytes, exports, rows, limits.fuel)))
    }

    fn assemble(
        store: Store<Host>,
        activity: Arc<Activity>,
        memory_bytes: Arc<AtomicUsize>,
        exports: Exports,
        rows: &[Row],
        fuel: Option<u64>,
    ) -> Self {
        let Exports { memory, window, start, stop, handlers } = exports;
        let handlers = handlers.into_iter().zip(rows);
        let handlers = handlers.map(|(entry, &row)| Handler { entry, plan: Plan::of(row) });
        Self {
            store: Guarded::new(store),
            activity,
            memory,
            memory_bytes,
            window,
            start,
            stop,
            handlers: handlers.collect(),
            closure: AtomicU32::new(0),
            fuel,
        }
    }

    /// Starts the extension, once, before anything else is entered. What it returns is its own word: on anything but
    /// [`Status::OK`] it does not run.
    ///
    /// # Errors
    /// As [`Instance::enter`].
    pub fn start(&self, chain: Chain) -> Result<Status, Error> {
        self.activate(chain, |mut context| {
            let out = self.window + self.activity.window_top() as u32;
            let code = self.start.call(&mut context, out).map_err(|error| Fault::of(&error))?;
            let closure = self.memory.data(&context)[out as usize..].first_chunk();
            let closure = u32::from_le_bytes(*closure.ok_or(Fault::Engine)?);
            self.closure.store(closure, Ordering::Relaxed);
            Ok(Status::new(code))
        })
    }

    /// Stops the extension, once, after the last handler has returned.
    ///
    /// # Errors
    /// As [`Instance::enter`].
    pub fn stop(&self, chain: Chain) -> Result<(), Error> {
        self.activate(chain, |context| {
            self.stop.call(context, self.closure()).map_err(|error| Fault::of(&error).into())
        })
    }

    /// Enters handler `index` of an event that carries nothing, as [`Instance::enter`] does with its frame.
    ///
    /// # Errors
    /// As [`Instance::enter`].
    ///
    /// # Panics
    /// If there is no such handler, or its event carries something.
    #[inline]
    pub fn enter_empty(&self, chain: Chain, index: usize) -> Result<(), Error> {
        let handler = self.handler(index);
        assert!(handler.plan.is_empty(), "an event that carries something is entered with its frame");
        self.activate(chain, |context| Ok(self.run(handler, context, self.window)?))
    }

    /// How large the module's memory is now. Any strand may ask at any time.
    pub fn memory_bytes(&self) -> usize {
        self.memory_bytes.load(Ordering::Relaxed)
    }

    /// Handler `index`.
    #[inline(always)]
    pub(crate) fn handler(&self, index: usize) -> &Handler {
        &self.handlers[index]
    }

    /// Runs `handler` on `frame`.
    #[inline(always)]
    pub(crate) fn handle(&self, chain: Chain, handler: &Handler, frame: Frame<'_>) -> Result<(), Error> {
        self.activate(chain, |context| {
            if handler.plan.is_empty() {
                self.run(handler, context, self.window)?;
                return Ok(());
            }
            self.handle_frame(handler, frame, context)
        })
    }

    fn handle_frame(
        &self,
        handler: &Handler,
        mut frame: Frame<'_>,
        mut context: StoreContextMut<'_, Host>,
    ) -> Result<(), Error> {
        let base = self.activity.window_top();
        let lowered = lower(&frame, self.window_of(&mut context), self.window, base)?;
        self.activity.set_window_top(lowered.top);
        let ran = self.run(handler, context.as_context_mut(), self.window + lowered.frame as u32);
        self.activity.set_window_top(base);
        ran?;
        take_back(&mut frame, self.window_of(&mut context), lowered)?;
        Ok(())
    }

    /// Asks `guard` about `frame`, which it sees a copy of.
    pub(crate) fn ask_frame(&self, chain: Chain, guard: &Handler, frame: Frame<'_>) -> Result<bool, Error> {
        self.activate(chain, |mut context| {
            let base = self.activity.window_top();
            let window = self.window_of(&mut context);
            let lowered = lower(&frame, window, self.window, base)?;
            let asked = ask(window, self.window, lowered)?;
            self.activity.set_window_top(asked.top);
            let ran = self.run(guard, context.as_context_mut(), self.window + asked.call as u32);
            self.activity.set_window_top(base);
            ran?;
            Ok(asked.holds(self.window_of(&mut context)))
        })
    }

    #[inline(always)]
    fn run(&self, handler: &Handler, context: StoreContextMut<'_, Host>, frame: u32) -> Result<(), Fault> {
        handler.entry.call(context, (self.closure(), frame)).map_err(|error| Fault::of(&error))
    }

    /// The bytes of the window; the memory only grows, so they are in it as they were at first.
    fn window_of<'a>(&self, context: &'a mut StoreContextMut<'_, Host>) -> &'a mut [u8] {
        &mut self.memory.data_mut(context)[self.window as usize..][..WINDOW_BYTES]
    }

    /// Runs an activation: alone in the instance and with new fuel, or inside the innermost import's call.
    #[inline(always)]
    fn activate<R>(
        &self,
        chain: Chain,
        run: impl FnOnce(StoreContextMut<'_, Host>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        match self.store.enter(&self.activity, chain)? {
            Leave::Outermost(store) => {
                refuel(store, self.fuel);
                let result = run(store.as_context_mut());
                self.activity.release();
                result
            }
            Leave::Nested(mut nested) => run(nested.context()),
        }
    }

    fn closure(&self) -> u32 {
        self.closure.load(Ordering::Relaxed)
    }
}

#[inline(always)]
fn refuel(store: &mut Store<Host>, fuel: Option<u64>) {
    if let Some(fuel) = fuel {
        store.set_fuel(fuel).expect("the engine of a metered instance counts fuel");
    }
}

/// Refuses if anything was reported.
fn fit(report: &Report<'_>) -> Result<(), Refusal> {
    match report.count() {
        0 => Ok(()),
        problems => Err(Refusal::Unfit { problems }),
    }
}

fn invalid(error: &wasmi::Error, report: &mut Report<'_>) -> Error {
    report.add(format_args!("{error}"));
    Refusal::Invalid.into()
}

/// Why instantiation failed: its limits, no memory, segments that do not fit, or the start function.
fn not_made(error: &wasmi::Error, store: &Store<Host>, report: &mut Report<'_>) -> Error {
    if let Some(refusal) = store.data().limiter.refused() {
        return refusal.into();
    }
    if is_fault(error) {
        return Fault::of(error).into();
    }
    if is_exhaustion(error.kind()) {
        return Refusal::OutOfMemory.into();
    }
    report.add(format_args!("it cannot be instantiated: {error}"));
    Refusal::Unfit { problems: report.count() }.into()
}

fn is_exhaustion(error: &ErrorKind) -> bool {
    let ErrorKind::Instantiation(error) = error else { return false };
    matches!(
        error,
        InstantiationError::FailedToInstantiateMemory(MemoryError::OutOfSystemMemory)
            | InstantiationError::FailedToInstantiateTable(TableError::OutOfSystemMemory)
    )
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance").field("activity", &self.activity).finish_non_exhaustive()
    }
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Instance>();
};
