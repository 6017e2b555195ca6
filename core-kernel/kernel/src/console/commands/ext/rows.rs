//! The rows of an extension's table in words, for `ext info`: `console.Command, first, word = "hello"`.

use core::fmt;

use spindle_abi::package;
use spindle_dispatcher::{InstallError, Order, Role};
use spindle_domain::{Purpose, Row};
use sval::Value;

use crate::console::json::Shown;

/// A row as it is shown.
#[derive(Value)]
pub(super) struct Line<'a> {
    event: &'a str,
    pub(super) role: &'static str,
    order: Option<&'static str>,
    key: Option<Shown<KeyWords<'a>>>,
    guarded: bool,
    cancels: bool,
    asynchronous: bool,
}

impl<'a> From<&'a Row> for Line<'a> {
    fn from(row: &'a Row) -> Self {
        Self {
            event: row.event.declaration().name,
            role: role(row.purpose),
            order: order(row.order),
            key: row.key.is_some().then_some(Shown(KeyWords(row))),
            guarded: row.guard.is_some(),
            cancels: row.cancels,
            asynchronous: row.asynchronous,
        }
    }
}

/// A row of a package, as far as this kernel knows its event.
pub(super) fn described(row: package::Row<'_>) -> Option<Result<Row, InstallError>> {
    let event = spindle_domain::event(row.event)?;
    Some(Row::new(event, row.role))
}

impl<'a> Line<'a> {
    /// A row about whose event nothing is known here but its name.
    pub(super) fn unknown(row: &package::Row<'a>) -> Self {
        Self {
            event: row.event,
            role: row.role.word(),
            order: None,
            key: None,
            guarded: false,
            cancels: false,
            asynchronous: false,
        }
    }
}

fn role(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Bound(Role::Handler) => "handler",
        Purpose::Bound(Role::Default) => "default",
        Purpose::Bound(Role::Result) => "result",
        Purpose::Guard => "guard",
        Purpose::Imposed => "impose",
    }
}

fn order(order: Order) -> Option<&'static str> {
    match order {
        Order::First => Some("first"),
        Order::Last => Some("last"),
        Order::Ordinary | Order::Before(_) | Order::After(_) => None,
    }
}

/// What a row asks of the event's key fields.
pub(super) struct KeyWords<'a>(&'a Row);

impl fmt::Display for KeyWords<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.key.iter().try_for_each(|key| write!(out, "{}", key.in_words(self.0.event.keys())))
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.event)?;
        if let Some(Shown(key)) = &self.key {
            write!(out, ", {key}")?;
        }
        if let Some(order) = self.order {
            write!(out, ", {order}")?;
        }
        for (is_so, word) in
            [(self.guarded, "guarded"), (self.cancels, "cancels"), (self.asynchronous, "asynchronous")]
        {
            out.write_str(if is_so { ", " } else { "" })?;
            out.write_str(if is_so { word } else { "" })?;
        }
        Ok(())
    }
}
