//! A line of `event info`: one binding, with its guards in words, and its counters.

use core::fmt;

use heapless::Vec;
use spindle_arch::time::to_ns;
use spindle_dispatcher::{BindingView, Counters, EventCore, Group, KeyGuard, Owner, Role};
use spindle_kerncore::table::{Cell, Column, Row};
use sval::Value;

use crate::console::json::Shown;
use crate::console::owners::Owners;

/// How many guards of one binding are shown.
const GUARDS: usize = 8;

/// What is kept of a binding after its table was looked at.
pub(super) struct Binding {
    owner: Owner,
    role: Role,
    group: Group,
    key: Option<KeyGuard>,
    /// Whose each guard is, and whether it comes after the handler.
    guards: Vec<(Owner, bool), GUARDS>,
    is_intrinsic: bool,
    cancels: bool,
    /// How many raises wait for it, if it is called later.
    waiting: Option<usize>,
    is_disabled: bool,
    counters: Counters,
}

impl From<BindingView<'_>> for Binding {
    fn from(view: BindingView<'_>) -> Self {
        Self {
            owner: view.owner(),
            role: view.role(),
            group: view.group(),
            key: view.key().copied(),
            guards: view.guards().map(|guard| (guard.owner(), guard.is_post())).take(GUARDS).collect(),
            is_intrinsic: view.is_intrinsic(),
            cancels: view.is_cancelling(),
            waiting: view.queue().map(|(_, waiting)| waiting),
            is_disabled: view.is_disabled(),
            counters: view.counters(),
        }
    }
}

/// A binding as it is shown.
#[derive(Value)]
pub(super) struct Line<'a> {
    owner: &'a str,
    kind: &'static str,
    role: &'static str,
    order: Option<&'static str>,
    guards: Option<Shown<Guards<'a>>>,
    options: Option<Shown<Options<'a>>>,
    calls: u64,
    rejections: u64,
    faults: u64,
    drops: u64,
    total_ns: u64,
    longest_ns: u64,
}

/// The same with the times that its calls took.
#[derive(Value)]
pub(super) struct TimedLine<'a>(pub(super) Line<'a>);

impl<'a> Line<'a> {
    pub(super) fn new(event: &'static EventCore, binding: &'a Binding, owners: &'a Owners) -> Self {
        let counters = &binding.counters;
        let has_guards = binding.key.is_some() || !binding.guards.is_empty();
        Self {
            owner: owners.name(binding.owner),
            kind: owners.kind(binding.owner),
            role: binding.role(),
            order: binding.order(),
            guards: has_guards.then_some(Shown(Guards { event, binding, owners })),
            options: binding.has_options().then_some(Shown(Options(binding))),
            calls: counters.calls,
            rejections: counters.rejections,
            faults: counters.faults,
            drops: counters.drops,
            total_ns: to_ns(counters.total_time),
            longest_ns: to_ns(counters.longest_time),
        }
    }
}

impl Binding {
    fn role(&self) -> &'static str {
        match self.role {
            Role::Handler => "handler",
            Role::Default => "default",
            Role::Result => "result",
        }
    }

    fn order(&self) -> Option<&'static str> {
        match (self.role, self.group) {
            (Role::Handler, Group::First) => Some("first"),
            (Role::Handler, Group::Last) => Some("last"),
            _ => None,
        }
    }

    fn has_options(&self) -> bool {
        self.is_intrinsic || self.cancels || self.is_disabled || self.waiting.is_some()
    }
}

/// The guards of a binding: `word = "hello", imposed by limiter`.
struct Guards<'a> {
    event: &'static EventCore,
    binding: &'a Binding,
    owners: &'a Owners,
}

impl fmt::Display for Guards<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(key) = &self.binding.key {
            write!(out, "{}", key.in_words(self.event.keys()))?;
            separator = ", ";
        }
        for &(owner, is_post) in &self.binding.guards {
            out.write_str(separator)?;
            match owner == self.binding.owner {
                true => out.write_str("a guard of its own")?,
                false => write!(out, "imposed by {}", self.owners.name(owner))?,
            }
            out.write_str(if is_post { " (after it)" } else { "" })?;
            separator = ", ";
        }
        Ok(())
    }
}

/// What else is special about a binding: `asynchronous (2 waiting), disabled`.
struct Options<'a>(&'a Binding);

impl fmt::Display for Options<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Binding { is_intrinsic, cancels, waiting, is_disabled, .. } = *self.0;
        let mut separator = "";
        for (is_so, word) in [(is_intrinsic, "intrinsic"), (cancels, "cancels"), (is_disabled, "disabled")] {
            if is_so {
                write!(out, "{separator}{word}")?;
                separator = ", ";
            }
        }
        match waiting {
            Some(waiting) => write!(out, "{separator}asynchronous ({waiting} waiting)"),
            None => Ok(()),
        }
    }
}

/// The columns without the times.
const UNTIMED: usize = 10;

const COLUMNS: [Column; UNTIMED + 2] = [
    Column::words("OWNER"),
    Column::words("KIND"),
    Column::words("ROLE"),
    Column::words("ORDER"),
    Column::words("GUARDS"),
    Column::words("OPTIONS"),
    Column::numbers("CALLS"),
    Column::numbers("REJECTED"),
    Column::numbers("FAULTS"),
    Column::numbers("DROPS"),
    Column::numbers("TOTAL (ns)"),
    Column::numbers("LONGEST (ns)"),
];

impl Row for Line<'_> {
    const COLUMNS: &'static [Column] = COLUMNS.split_at(UNTIMED).0;

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            0 => Cell::Word(self.owner),
            1 => Cell::Word(self.kind),
            2 => Cell::Word(self.role),
            3 => self.order.map_or(Cell::Nothing, Cell::Word),
            4 => self.guards.as_ref().map_or(Cell::Nothing, |Shown(guards)| Cell::Shown(guards)),
            5 => self.options.as_ref().map_or(Cell::Nothing, |Shown(options)| Cell::Shown(options)),
            6 => Cell::Number(self.calls),
            7 => Cell::Number(self.rejections),
            8 => Cell::Number(self.faults),
            _ => Cell::Number(self.drops),
        }
    }
}

impl Row for TimedLine<'_> {
    const COLUMNS: &'static [Column] = &COLUMNS;

    fn cell(&self, column: usize) -> Cell<'_> {
        match column {
            ..UNTIMED => self.0.cell(column),
            UNTIMED => Cell::Number(self.0.total_ns),
            _ => Cell::Number(self.0.longest_ns),
        }
    }
}
