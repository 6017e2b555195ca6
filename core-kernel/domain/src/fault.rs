//! Faults: whose they are, what is remembered of them, and how control comes back to the raiser.
//!
//! # Concepts
//! A fault belongs to the domain of the newest crossing, if the instruction lies in that domain's text, or is the
//! stack check of a procedure that it called. While the Wasm engine works for a domain, what the engine runs into is
//! that domain's too: a trap, the end of the stack, the end of the heap. Anything else is a fault of the kernel's own.
//! The domain is *condemned* on the spot: its handlers are disabled, so that nothing enters it again; [`crate::reap`]
//! takes it away later.
//!
//! # Locking
//! Takes the table's lock in an exception. That cannot deadlock: extension code holds no kernel lock
//! (INV-DOMAIN-3), and a fault while one is held is the kernel's own before the table is looked at.

use crate::domain::{Domain, State};
use crate::id::DomainId;
use crate::rows::{Purpose, Row};
use crate::{enter, table};
use core::fmt::{self, Write as _};
use core::panic::PanicInfo;
use spindle_arch::exceptions::{Exception, Fault, TrapFrame, Verdict, set_fault_judge};
use spindle_dispatcher::{BindingId, Callee};
use spindle_strands::Strand;

/// What kind of fault it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultClass {
    /// The extension panicked.
    Panic,
    /// It used up its strand's stack.
    StackOverflow,
    /// The processor raised an exception.
    Exception(Exception),
    /// The engine stopped it: what the module did.
    Trap(Words),
    /// The engine found the domain's heap used up.
    OutOfMemory,
}

/// What a module did, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(Text<160>);

/// What an extension was entered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// To handle this event, by name.
    Handling(&'static str),
    /// To say whether a raise of this event is for somebody; `None` if it guards several events.
    Guarding(Option<&'static str>),
    /// To start or to stop.
    StartingOrStopping,
}

/// What is remembered of a fault.
#[derive(Clone, Copy, Debug)]
pub struct FaultReport {
    /// What kind it was.
    pub class: FaultClass,
    /// What it was doing.
    pub doing: Doing,
    /// The faulting instruction as an offset into the domain's text; `None` if it lies in a kernel procedure.
    pub text_offset: Option<u64>,
    /// The address whose access failed, for a page fault.
    pub address: Option<u64>,
    /// A panic's message and place.
    pub panic: Option<PanicPlace>,
}

/// Where and why an extension panicked.
#[derive(Clone, Copy, Debug)]
pub struct PanicPlace {
    message: Text<160>,
    file: Text<96>,
    line: u32,
}

/// As much of a text as fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    /// A blank stands for each control character: the text becomes part of one line of the log.
    fn new(text: impl fmt::Display) -> Self {
        let mut new = Self { bytes: [0; N], len: 0 };
        // What does not fit is cut off.
        let _ = write!(new, "{text}");
        new
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.len]).expect("cut at a character boundary")
    }
}

impl<const N: usize> fmt::Write for Text<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for char in text.chars().map(|char| if char.is_control() { ' ' } else { char }) {
            let free = self.bytes[self.len..].get_mut(..char.len_utf8()).ok_or(fmt::Error)?;
            char.encode_utf8(free);
            self.len += char.len_utf8();
        }
        Ok(())
    }
}

impl PanicPlace {
    /// The panic's message, cut to what the report can hold.
    pub fn message(&self) -> &str {
        self.message.as_str()
    }
}

/// Has exceptions in extensions come here. Called once, at boot.
pub fn start() {
    set_fault_judge(on_exception);
}

/// Decides whose fault an exception is, and sends the strand back to the raiser if it is an extension's.
fn on_exception(frame: &mut TrapFrame, fault: Fault) -> Verdict {
    if spindle_arch::lock::any_is_held() {
        return Verdict::Kernel;
    }
    let Some(strand) = spindle_strands::try_current() else {
        return Verdict::Kernel;
    };
    let Some(binding) = strand.innermost() else {
        return Verdict::Kernel;
    };
    let Some(domain) = DomainId::of(binding.owner()).filter(|_| can_be_contained(fault.exception)) else {
        return Verdict::Kernel;
    };
    let text_offset = table::with(domain, |domain| domain.code.text_offset(frame.rip)).flatten();
    let address = fault.address;
    let overflowed = address.is_some_and(|address| strand.is_guard(address));
    let is_domains = text_offset.is_some()
        || enter::is_stack_probe(frame.rip)
        || (overflowed && engine_works_for_a_domain());
    if !is_domains {
        return Verdict::Kernel;
    }
    let class = if overflowed { FaultClass::StackOverflow } else { FaultClass::Exception(fault.exception) };
    let doing = Doing::StartingOrStopping;
    let report = FaultReport { class, doing, text_offset, address, panic: None };
    condemn(strand, domain, binding, report);
    divert(strand, frame);
    Verdict::Resume
}

/// Whether the interrupted or running code is the engine's, at work for the domain of the newest crossing alone.
///
/// Not while a kernel lock is held: the engine takes none, so it would be the kernel's own code, on its way to memory.
fn engine_works_for_a_domain() -> bool {
    spindle_mem::heap::is_domains() && !spindle_arch::lock::any_is_held()
}

/// Whether an exception can be the doing of the interrupted instruction alone.
fn can_be_contained(exception: Exception) -> bool {
    !matches!(exception, Exception::DOUBLE_FAULT | Exception::NON_MASKABLE | Exception::MACHINE_CHECK)
}

/// Makes the frame continue where the newest crossing reports a fault.
fn divert(strand: &Strand, frame: &mut TrapFrame) {
    /// Interrupts on, direction forwards: what kernel code expects, whatever the extension left behind.
    const RFLAGS: u64 = 0x202;
    let point = strand.crossings().abandon_newest().expect("the binding came from a node");
    frame.rip = point.rip;
    frame.rsp = point.rsp;
    frame.rbx = point.rbx;
    frame.r12 = point.r12;
    frame.rflags = RFLAGS;
}

/// An extension panicked: the raiser goes on as after any other fault.
pub(crate) fn panicked(message: &str, file: &str, line: u32) -> ! {
    give_up(FaultClass::Panic, Some(PanicPlace { message: Text::new(message), file: Text::new(file), line }))
}

/// The engine stopped a module.
pub(crate) fn trapped(error: &spindle_wasm::Error) -> ! {
    give_up(FaultClass::Trap(Words(Text::new(error))), None)
}

/// Another strand is in the module: the binding counts as not having run, and nobody is condemned.
pub(crate) fn declined() -> ! {
    let strand = spindle_strands::current();
    strand.decline();
    enter::abandon(strand)
}

/// Does not return if a panic is the engine's while it works for a domain: that domain's fault, as when memory for it
/// ran out. Returns if the panic is the kernel's own. Called by the panic handler, first of all.
pub fn contain_panic(info: &PanicInfo<'_>) {
    // In an interrupt handler interrupts are off; the engine runs with interrupts on.
    if !(engine_works_for_a_domain() && spindle_arch::interrupts::are_enabled()) {
        return;
    }
    // With too little stack left for what follows, this is the domain's fault already, and the engine's heap in force.
    spindle_abi::raw::stack_probe();
    let Some(domain) = innermost_domain() else { return };
    if table::with(domain, |domain| domain.code.heap_was_exhausted()) == Some(true) {
        give_up(FaultClass::OutOfMemory, None)
    }
    let (file, line) = info.location().map_or(("", 0), |place| (place.file(), place.line()));
    let message = Text::new(info.message());
    give_up(FaultClass::Panic, Some(PanicPlace { message, file: Text::new(file), line }))
}

fn innermost_domain() -> Option<DomainId> {
    DomainId::of(spindle_strands::try_current()?.innermost()?.owner())
}

/// Condemns the domain of the newest crossing, on whose behalf the caller runs, and leaves that crossing.
fn give_up(class: FaultClass, panic: Option<PanicPlace>) -> ! {
    let strand = spindle_strands::current();
    let binding = strand.innermost().expect("the caller runs on behalf of a domain, inside its crossing");
    let domain = DomainId::of(binding.owner()).expect("and an extension is entered by its own binding");
    let doing = Doing::StartingOrStopping;
    let report = FaultReport { class, doing, text_offset: None, address: None, panic };
    condemn(strand, domain, binding, report);
    enter::abandon(strand)
}

/// Lets nothing enter the domain again, and remembers why.
fn condemn(strand: &Strand, domain: DomainId, binding: &Callee, mut report: FaultReport) {
    strand.blame(domain.into());
    let id = binding.id();
    table::with(domain, |domain| {
        report.doing = doing(domain, id);
        domain.state = State::Faulted;
        for row in &domain.bindings.rows {
            row.event.disable_owner(strand, domain.id.into());
        }
        domain.fault = Some(report);
    });
}

/// What the domain was entered for, by the binding `id`, or by none.
fn doing(domain: &Domain, id: BindingId) -> Doing {
    let rows = &domain.bindings.rows;
    let name = |row: &Row| row.event.declaration().name;
    if let Some(row) = rows.iter().find(|row| id != BindingId::NONE && row.binding == id) {
        return Doing::Handling(name(row));
    }
    if domain.state != State::Running {
        return Doing::StartingOrStopping;
    }
    // A guard has no number. While a domain runs, nothing else is entered without one.
    let mut guarded = rows.iter().filter(|row| !matches!(row.purpose, Purpose::Bound(_))).map(name);
    let first = guarded.next();
    Doing::Guarding(first.filter(|first| guarded.all(|name| name == *first)))
}

impl FaultReport {
    /// Whether the processor found the fault, so that there is an instruction.
    fn is_by_processor(&self) -> bool {
        matches!(self.class, FaultClass::StackOverflow | FaultClass::Exception(_))
    }
}

impl fmt::Display for FaultReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.class, &self.panic) {
            (_, Some(panic)) => {
                write!(f, "panicked at {}:{}: {}", panic.file.as_str(), panic.line, panic.message())?;
            }
            (FaultClass::StackOverflow, _) => f.write_str("overflowed its stack")?,
            (FaultClass::Exception(exception), _) => write!(f, "raised {exception}")?,
            (FaultClass::Panic, None) => f.write_str("panicked")?,
            (FaultClass::Trap(words), _) => write!(f, "trapped: {}", words.0.as_str())?,
            (FaultClass::OutOfMemory, _) => f.write_str("used up its heap")?,
        }
        if let (FaultClass::Exception(Exception::PAGE_FAULT), Some(address)) = (&self.class, self.address) {
            write!(f, " on address {address:#x}")?;
        }
        match self.text_offset {
            Some(offset) => write!(f, " at text+{offset:#x}")?,
            None if self.is_by_processor() => {
                f.write_str(" on entry to a kernel procedure or in the engine")?
            }
            None => {}
        }
        match self.doing {
            Doing::Handling(event) => write!(f, ", handling {event}"),
            Doing::Guarding(Some(event)) => write!(f, ", guarding {event}"),
            Doing::Guarding(None) => f.write_str(", guarding an event"),
            Doing::StartingOrStopping => f.write_str(", starting or stopping"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn an_extensions_words_stay_in_their_line_of_the_log() {
        assert_eq!(Text::<16>::new("a\n[0.1] b\x1b[2J\u{9b}").as_str(), "a [0.1] b [2J ");
        assert_eq!(Text::<4>::new("a\r\u{20ac}").as_str(), "a ");
        assert_eq!(Text::<5>::new("a\r\u{20ac}x").as_str(), "a \u{20ac}");
    }
}
