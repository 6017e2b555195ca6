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

#[cfg(test)]
mod tests {
    use super::{Group, Order, place};
    use crate::{BindingId, InstallError};
    use alloc::vec::Vec;
    use proptest::prelude::*;

    type Placed = (BindingId, Group);

    /// Places a handler for each order, with numbers from 1 on.
    fn placed(orders: impl IntoIterator<Item = Order>) -> Vec<Placed> {
        let mut handlers = Vec::new();
        for (order, number) in orders.into_iter().zip(1..) {
            if let Ok((position, group)) = place(&handlers, order, |&handler| handler) {
                handlers.insert(position, (BindingId(number), group));
            }
        }
        handlers
    }

    fn groups(handlers: &[Placed]) -> Vec<Group> {
        handlers.iter().map(|&(_, group)| group).collect()
    }

    fn numbers(handlers: &[Placed]) -> Vec<u64> {
        handlers.iter().map(|(id, _)| id.0).collect()
    }

    #[test]
    fn groups_grow_at_the_front_the_middle_and_the_end() {
        use Order::{First, Last, Ordinary};
        let handlers = placed([Last, Ordinary, First, Ordinary, Last, First]);
        assert_eq!(numbers(&handlers), [6, 3, 2, 4, 1, 5]);
    }

    #[test]
    fn beside_another_one_is_in_its_group() {
        let handlers =
            placed([Order::Last, Order::First, Order::Before(BindingId(1)), Order::After(BindingId(2))]);
        assert_eq!(numbers(&handlers), [2, 4, 3, 1]);
        assert_eq!(groups(&handlers), [Group::First, Group::First, Group::Last, Group::Last]);
    }

    #[test]
    fn beside_nobody_is_nowhere() {
        let gone = BindingId(7);
        let nowhere = place(&placed([Order::First]), Order::Before(gone), |&handler| handler);
        assert_eq!(nowhere, Err(InstallError::NoSuchBinding(gone)));
    }

    fn order() -> impl Strategy<Value = Order> {
        let id = || (1..30_u64).prop_map(BindingId);
        prop_oneof![
            Just(Order::Ordinary),
            Just(Order::First),
            Just(Order::Last),
            id().prop_map(Order::Before),
            id().prop_map(Order::After),
        ]
    }

    proptest! {
        #[test]
        fn groups_stay_together_whatever_is_asked_for(orders in prop::collection::vec(order(), 0..30)) {
            let handlers = placed(orders.iter().copied());
            prop_assert!(groups(&handlers).is_sorted());
        }
    }
}
