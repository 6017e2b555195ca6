//! What the tests share: an interface with every shape of argument, a kernel that implements it, and modules.

use std::cell::RefCell;
use std::num::NonZeroUsize;

use spindle_abi::{EventSpec, Status};
use spindle_wasm::{Chain, DIRECT, Error, Import, Instance, Limits, Row};

/// The interface that the modules of the tests are written against.
#[allow(
    unexpected_cfgs,
    reason = "crates of interfaces have a feature `kernel`; here is none but the kernel"
)]
#[allow(clippy::too_many_arguments, reason = "one event has an argument of each shape")]
pub(crate) mod shapes {
    use spindle_abi::Status;

    /// An enum that not every byte is a value of.
    #[repr(u8)]
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, spindle_macros::AbiPlain)]
    pub enum Mode {
        /// The one.
        #[default]
        Slow = 1,
        /// The other.
        Fast = 7,
    }

    spindle_macros::interface! {
        shapes {
            /// Takes nothing.
            fn nothing();
            /// Notes a number.
            fn note(number: u64);
            /// Notes a text.
            fn text(line: &str);
            /// One of each that is not mutable; notes them.
            fn reads(flag: bool, mode: Mode, letter: &char, pairs: &[[u16; 2]], line: &str) -> u64;
            /// Doubles a number in place, and adds 1 to each element.
            fn writes(number: &mut u64, elements: &mut [u16]) -> Mode;
            /// Has the test raise an event inside this call.
            fn again(depth: u32) -> Status;

            /// Carries nothing.
            event Nothing();
            /// Carries a number.
            event Count(number: u32) -> Status;
            /// Carries a text.
            event Text(line: &str) -> Status;
            /// One of each.
            event Each(small: u8, wide: u128, one: &u64, line: &str, items: &[u16], number: &mut u64, fill: &mut [u32]) -> i64;
            /// Wants an answer that not every byte is.
            event Choose(number: u8) -> Mode;
        }
    }
}

/// What `again` does.
type Again = std::rc::Rc<dyn Fn(u32) -> Status>;

thread_local! {
    /// What procedures were called with.
    static NOTES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    /// What `again` does.
    static AGAIN: RefCell<Option<Again>> = const { RefCell::new(None) };
}

/// What procedures were called with since it was last asked.
pub(crate) fn notes() -> Vec<String> {
    NOTES.take()
}

fn note(what: impl ToString) {
    NOTES.with_borrow_mut(|notes| notes.push(what.to_string()));
}

/// What `shapes.again` does from now on, on this thread.
pub(crate) fn when_called_again(does: impl Fn(u32) -> Status + 'static) {
    AGAIN.set(Some(std::rc::Rc::new(does)));
}

/// The kernel's side.
pub(crate) struct Kernel;

impl shapes::Procedures for Kernel {
    fn nothing() {
        note("nothing");
    }
    fn note(number: u64) {
        note(number);
    }
    fn text(line: &str) {
        note(line);
    }
    fn reads(flag: bool, mode: shapes::Mode, letter: &char, pairs: &[[u16; 2]], line: &str) -> u64 {
        note(format_args!("{flag} {mode:?} {letter:?} {pairs:?} {line:?}"));
        u64::MAX - 1
    }
    fn writes(number: &mut u64, elements: &mut [u16]) -> shapes::Mode {
        *number *= 2;
        elements.iter_mut().for_each(|element| *element += 1);
        shapes::Mode::Fast
    }
    fn again(depth: u32) -> Status {
        let does = AGAIN.with_borrow(Clone::clone);
        does.map_or(Status::UNHANDLED, |does| does(depth))
    }
}

impl spindle_interfaces::console::Procedures for Kernel {
    fn write_line(line: &str) {
        note(line);
    }
}

/// Everything that a module can be given.
pub(crate) fn imports() -> Vec<Import> {
    let shapes = shapes::exports::<Kernel>();
    let console = spindle_interfaces::console::exports::<Kernel>();
    let exports = shapes.iter().chain(&console);
    exports
        .map(|export| Import { name: export.declaration.name, layout: export.layout, call: export.framed })
        .collect()
}

/// Two pages of memory, a table of sixteen, and a hundred thousand instructions.
pub(crate) const LIMITS: Limits = Limits { memory_bytes: 2 << 16, table_elements: 16, fuel: Some(100_000) };

/// The strand of the tests.
pub(crate) const HERE: Chain = Chain(NonZeroUsize::new(0x1000).unwrap());
/// Another one.
pub(crate) const ELSEWHERE: Chain = Chain(NonZeroUsize::new(0x2000).unwrap());

/// What an instance was refused for, and the report.
pub(crate) type Refused = (Error, Vec<String>);

/// Loads a module in the binary format.
pub(crate) fn load_bytes(module: &[u8], rows: &[Row], limits: Limits) -> Result<Box<Instance>, Refused> {
    let mut report = Vec::new();
    let made =
        Instance::new(module, &imports(), rows, limits, DIRECT, &mut |line| report.push(line.to_string()));
    match &made {
        Ok(_) => assert!(report.is_empty(), "{report:?}"),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    made.map_err(|error| (error, report))
}

/// Loads a module in the text format.
pub(crate) fn load_text(text: &str, rows: &[Row], limits: Limits) -> Result<Box<Instance>, Refused> {
    load_bytes(&wat::parse_str(text).expect("the test's module is well formed"), rows, limits)
}

/// The text of a module with everything that an extension needs, `imports` before it and `body` behind it. Functions
/// `$start` and `$stop` are there; the table has `$handler` as entry 2 if there is `one` handler.
pub(crate) fn module(imports: &str, one: bool, body: &str) -> String {
    let (count, functions) = if one { ("\\01", "$start $stop $handler") } else { ("\\00", "$start $stop") };
    format!(
        r#"(module {imports}
            (memory (export "memory") 2)
            (table (export "__indirect_function_table") 4 16 funcref)
            (global (export "spindle_window") i32 (i32.const 0x10000))
            (global (export "spindle_extension") i32 (i32.const 16))
            (data (i32.const 16) "\01\00\00\00{count}\00\00\00\00\00\00\00\01\00\00\00\24\00\00\00\02\00\00\00")
            (elem (i32.const 0) {functions})
            (func $start (param i32) (result i32) (i32.store (local.get 0) (i32.const 0x77)) (i32.const 0))
            (func $stop (param i32))
            {body})"#
    )
}

/// Loads a module with one handler of event `E`, whose function `$handler` is in `body`.
pub(crate) fn load<E: EventSpec>(imports: &str, body: &str) -> Box<Instance> {
    load_with::<E>(imports, body, LIMITS)
}

/// The same with limits.
pub(crate) fn load_with<E: EventSpec>(imports: &str, body: &str, limits: Limits) -> Box<Instance> {
    load_text(&module(imports, true, body), &[E::FRAME.unwrap().into()], limits)
        .unwrap_or_else(|(error, report)| panic!("{error}: {report:?}"))
}

/// Enters handler 0, of event `E`.
pub(crate) fn enter<E: EventSpec>(instance: &Instance, frame: &mut E::Frame<'_>) -> Result<(), Error> {
    enter_on::<E>(instance, HERE, frame)
}

/// The same on another strand.
pub(crate) fn enter_on<E: EventSpec>(
    instance: &Instance,
    chain: Chain,
    frame: &mut E::Frame<'_>,
) -> Result<(), Error> {
    // SAFETY: the tests load instances with the layout of the event that they raise.
    unsafe { instance.enter(chain, 0, core::ptr::from_mut(frame).cast()) }
}
