//! One loaded extension, and the raises that a test sends to it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;

use spindle_abi::{EventSpec, Status, split_command};
use spindle_interfaces::trap::{Answer, SystemCall};
use spindle_interfaces::{bench, clock, console};
use spindle_sdk::Extension;

use crate::fake::FakeKernel;

/// Where a test begins.
#[derive(Debug)]
pub struct Testkit;

impl Testkit {
    /// Boots a fake kernel on this thread and loads an extension into it.
    ///
    /// # Panics
    /// If the extension's `#[start]` method fails.
    #[track_caller]
    pub fn load<E: Extension>() -> Loaded<E> {
        Self::try_load().unwrap_or_else(|status| panic!("{} did not start: {status:?}", E::NAME))
    }

    /// Boots a fake kernel on this thread and loads an extension into it.
    ///
    /// # Errors
    /// The status that the extension's `#[start]` method failed with.
    pub fn try_load<E: Extension>() -> Result<Loaded<E>, Status> {
        FakeKernel::boot();
        E::start().map(|state| {
            let state = Arc::new(state);
            FakeKernel::raise_nested_by(nested_raise(&state));
            Loaded { state: Some(state) }
        })
    }
}

/// What `bench::nest` does: raises `bench.Nested` at the extension, as long as it is there.
fn nested_raise<E: Extension>(state: &Arc<E>) -> Rc<dyn Fn(u32) -> Status> {
    let state = Arc::downgrade(state);
    Rc::new(move |depth| {
        let mut frame = bench::Nested::frame(depth);
        if let Some(state) = state.upgrade() {
            raise::<E, bench::Nested>(&state, &mut frame);
        }
        bench::Nested::result(&frame)
    })
}

/// An extension that is loaded into the fake kernel. Dropping it unloads the extension.
#[must_use = "dropping it unloads the extension"]
pub struct Loaded<E: Extension> {
    /// `None` after a fault: the state is gone without its destructor, as in the kernel.
    state: Option<Arc<E>>,
}

/// How a handler faulted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The message of the panic.
    pub message: String,
}

impl<E: Extension> Loaded<E> {
    /// Types a line at the console. [`Status::UNHANDLED`] if no handler wants its first word.
    ///
    /// A panic of the handler goes on to the test.
    pub fn command(&mut self, line: &str) -> Status {
        self.try_command(line).unwrap_or_else(|fault| resume_unwind(Box::new(fault.message)))
    }

    /// Types a line at the console, and contains a panic as the kernel does: the extension is gone after it.
    ///
    /// # Errors
    /// How the handler faulted.
    pub fn try_command(&mut self, line: &str) -> Result<Status, Fault> {
        let (word, arguments) = split_command(line);
        let mut frame = console::Command::frame(word, arguments);
        self.try_raise::<console::Command>(&mut frame)?;
        Ok(console::Command::result(&frame))
    }

    /// Moves the clock on by `by_ns` nanoseconds and raises one tick.
    ///
    /// A panic of a handler goes on to the test.
    pub fn tick(&mut self, by_ns: u64) {
        let now_ns = FakeKernel::advance(by_ns);
        self.raise::<clock::Tick>(&mut clock::Tick::frame(now_ns));
    }

    /// Moves the clock on by `by_ns` nanoseconds without a tick.
    pub fn advance(&mut self, by_ns: u64) {
        FakeKernel::advance(by_ns);
    }

    /// Executes the instruction `syscall` in user process `process`.
    ///
    /// A panic of a handler goes on to the test.
    pub fn system_call(&mut self, process: u64, number: u64, arguments: [u64; 6]) -> Answer {
        let mut frame = SystemCall::frame(number, process, &arguments);
        self.raise::<SystemCall>(&mut frame);
        SystemCall::result(&frame)
    }

    /// Gives user process `process` the memory `bytes` from `address` on.
    pub fn map_user(&mut self, process: u64, address: u64, bytes: &[u8]) {
        FakeKernel::map_user(process, address, bytes);
    }

    /// What lies in the memory of a user process; `None` if it does not have all of it.
    #[must_use]
    pub fn user_bytes(&self, process: u64, address: u64, length: usize) -> Option<Vec<u8>> {
        FakeKernel::user_bytes(process, address, length)
    }

    /// What was written to the console since the last call, line by line.
    #[must_use]
    pub fn lines(&mut self) -> Vec<String> {
        FakeKernel::take_lines()
    }

    /// Raises any event at the extension's handlers, in their order; returns how many ran.
    ///
    /// A panic of a handler goes on to the test.
    pub fn raise<Event: EventSpec>(&mut self, frame: &mut Event::Frame<'_>) -> usize {
        self.try_raise::<Event>(frame).unwrap_or_else(|fault| resume_unwind(Box::new(fault.message)))
    }

    /// Raises any event, and contains a panic as the kernel does: the extension is gone after it.
    ///
    /// # Errors
    /// How a handler faulted.
    pub fn try_raise<Event: EventSpec>(&mut self, frame: &mut Event::Frame<'_>) -> Result<usize, Fault> {
        let Some(state) = &self.state else { return Ok(0) };
        let raise = AssertUnwindSafe(|| raise::<E, Event>(state, frame));
        catch_unwind(raise).map_err(|panic| {
            std::mem::forget(self.state.take());
            Fault { message: message(panic.as_ref()) }
        })
    }

    /// The extension's state, for a test that looks inside; `None` after a fault.
    pub fn state(&self) -> Option<&E> {
        self.state.as_deref()
    }

    /// Unloads the extension: runs its `#[stop]` method and drops its state. Returns what it wrote meanwhile.
    pub fn unload(mut self) -> Vec<String> {
        FakeKernel::take_lines();
        self.stop();
        FakeKernel::take_lines()
    }

    fn stop(&mut self) {
        if let Some(state) = self.state.take() {
            state.stop();
        }
    }
}

impl<E: Extension> Drop for Loaded<E> {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Calls the handlers that want `frame`, chosen before the first one runs: keys are read once, at the start of
/// a raise.
fn raise<E: Extension, Event: EventSpec>(state: &E, frame: &mut Event::Frame<'_>) -> usize {
    let chosen: Vec<_> = E::HANDLERS.iter().filter(|handler| handler.matches::<Event>(frame)).collect();
    for handler in &chosen {
        handler.call::<Event>(state, frame).expect("a handler that matches is one of this event");
    }
    chosen.len()
}

/// The text that a panic carries.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message").to_owned()
}
