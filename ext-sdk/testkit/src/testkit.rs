//! One loaded extension, and the raises that a test sends to it.

use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::Arc;

use spindle_abi::{EventSpec, Status, split_command};
use spindle_interfaces::trap::{Answer, SystemCall};
use spindle_interfaces::{clock, console};
use spindle_sdk::Extension;

use crate::fake::FakeKernel;
use crate::instance::Instance;
use crate::later;
use crate::somebody::Somebody;

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
        later::clear();
        E::start().map(|state| {
            let instance = Instance::new(state);
            let weak = Arc::downgrade(&instance);
            FakeKernel::raise_nested_by(Rc::new(move |depth| {
                weak.upgrade().map_or(Status::UNHANDLED, |instance| instance.nest(depth))
            }));
            Loaded { instance }
        })
    }
}

/// An extension that is loaded into the fake kernel. Dropping it unloads the extension.
#[must_use = "dropping it unloads the extension"]
pub struct Loaded<E: Extension> {
    instance: Arc<Instance<E>>,
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

    /// Raises any event, as the kernel does: with keys, guards, order and all that a handler can ask for. What is asynchronous runs
    /// when the raise is over. Says how many of the extension's handlers ran.
    ///
    /// A panic of a handler goes on to the test.
    ///
    /// # Panics
    /// If the kernel would not load the extension for what its rows ask of the event.
    pub fn raise<Event: EventSpec>(&mut self, frame: &mut Event::Frame<'_>) -> usize {
        self.try_raise::<Event>(frame).unwrap_or_else(|fault| resume_unwind(Box::new(fault.message)))
    }

    /// Raises any event, and contains a panic as the kernel does: the extension is gone after it.
    ///
    /// # Errors
    /// How a handler or guard faulted.
    pub fn try_raise<Event: EventSpec>(&mut self, frame: &mut Event::Frame<'_>) -> Result<usize, Fault> {
        self.instance.raise::<Event>(frame)
    }

    /// Installs somebody else's handler, which answers `result` to every raise, behind the ordinary ones that are there. The guards
    /// that the extension imposes are on it.
    ///
    /// # Panics
    /// If there is no memory for it.
    pub fn somebody_answers<Event: EventSpec>(&mut self, result: Event::Result) -> Somebody {
        Somebody::answering::<E, Event>(&self.instance, result).expect("a test has memory")
    }

    /// The extension's state, for a test that looks inside; `None` after a fault.
    pub fn state(&self) -> Option<Arc<E>> {
        self.instance.state()
    }

    /// Unloads the extension: runs its `#[stop]` method and drops its state. Returns what it wrote meanwhile.
    pub fn unload(mut self) -> Vec<String> {
        FakeKernel::take_lines();
        self.stop();
        FakeKernel::take_lines()
    }

    fn stop(&mut self) {
        if let Some(state) = self.instance.stop() {
            state.stop();
        }
    }
}

impl<E: Extension> Drop for Loaded<E> {
    fn drop(&mut self) {
        self.stop();
    }
}
