//! The order of an event's handlers.
//!
//! ```text
//!  first handlers │ ordinary handlers │ last handlers
//!  ^              │                   ^               ^
//!  new first      │        new ordinary      new last
//! ```
//! Directly before or after another handler means: in its group, whatever comes later.

use crate::{BindingId, InstallError};

/// Where a handler asks to be among the event's handlers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Behind the ordinary ones that are there.
    #[default]
    Ordinary,
    /// Before all that are there.
    First,
    /// Behind all that are there.
    Last,
    /// Directly before this one.
    Before(BindingId),
    /// Directly behind this one.
    After(BindingId),
}

/// A group of handlers, all of which are called before those of the next group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Those who asked to be first.
    First,
    /// Those who asked for nothing.
    Ordinary,
    /// Those who asked to be last.
    Last,
}

/// Where a handler that asks for `order` is inserted into `handlers`, and the group that it is in there.
///
/// O(log n), beside another one O(n).
///
/// # Errors
/// [`InstallError::NoSuchBinding`]
pub(crate) fn place<T>(
    handlers: &[T],
    order: Order,
    describe: impl Fn(&T) -> (BindingId, Group),
) -> Result<(usize, Group), InstallError> {
    let beside = |id: BindingId| {
        let position = handlers.iter().position(|handler| describe(handler).0 == id);
        let position = position.ok_or(InstallError::NoSuchBinding(id))?;
        Ok((position, describe(&handlers[position]).1))
    };
    match order {
        Order::First => Ok((0, Group::First)),
        Order::Ordinary => {
            let behind = handlers.partition_point(|handler| describe(handler).1 <= Group::Ordinary);
            Ok((behind, Group::Ordinary))
        }
        Order::Last => Ok((handlers.len(), Group::Last)),
        Order::Before(id) => beside(id),
        Order::After(id) => beside(id).map(|(position, group)| (position + 1, group)),
    }
}
