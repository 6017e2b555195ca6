//! Operations as they are made up at random.

use crate::reference::Keys;
use proptest::prelude::*;

/// A handler to be made; places are counted round the handlers that there are.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) owner: u32,
    pub(crate) keys: Vec<(usize, u64, u64)>,
    pub(crate) guard: Option<(bool, u64)>,
    pub(crate) place: u8,
    pub(crate) beside: usize,
    pub(crate) cancels: bool,
    pub(crate) asynchronous: bool,
    pub(crate) passes_on: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Install(Wish),
    InstallTwo(Wish, Wish),
    Uninstall(usize),
    Replace(usize, Wish),
    Default(Wish),
    Fold,
    Impose(usize, bool, u64),
    ImposeOnAll(bool, u64),
    Lift(usize),
    /// Switches the recorder, and with it the ways through a raise.
    Watch(bool),
    Raise(Keys, u64),
    Deliver,
}

fn wish() -> impl Strategy<Value = Wish> {
    // One value or a few, on either field, on both, or on none.
    let range =
        || prop::option::of((0..4_u64, 0..3_u64).prop_map(|(from, more)| (from, from + more / 2 * more)));
    let keys = [range(), range()].prop_map(|ranges| {
        let terms = ranges.into_iter().enumerate();
        terms.filter_map(|(field, range)| range.map(|(from, to)| (field, from, to))).collect()
    });
    let guard = prop::option::weighted(0.3, (any::<bool>(), 1..5_u64));
    let flags = (prop::bool::weighted(0.15), prop::bool::weighted(0.3), prop::bool::weighted(0.6));
    (0..3_u32, keys, guard, 0..8_u8, any::<usize>(), flags).prop_map(
        |(owner, keys, guard, place, beside, (cancels, asynchronous, passes_on))| Wish {
            owner,
            keys,
            guard,
            place,
            beside,
            cancels,
            asynchronous,
            passes_on,
        },
    )
}

pub(crate) fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let modulus = || 1..5_u64;
    let one = prop_oneof![
        6 => wish().prop_map(Operation::Install),
        1 => (wish(), wish()).prop_map(|(one, other)| Operation::InstallTwo(one, other)),
        2 => any::<usize>().prop_map(Operation::Uninstall),
        2 => (any::<usize>(), wish()).prop_map(|(place, wish)| Operation::Replace(place, wish)),
        1 => wish().prop_map(Operation::Default),
        1 => Just(Operation::Fold),
        2 => (any::<usize>(), any::<bool>(), modulus()).prop_map(|(on, post, modulus)| Operation::Impose(on, post, modulus)),
        1 => (any::<bool>(), modulus()).prop_map(|(post, modulus)| Operation::ImposeOnAll(post, modulus)),
        2 => any::<usize>().prop_map(Operation::Lift),
        1 => any::<bool>().prop_map(Operation::Watch),
        12 => ([0..6_u64, 0..6_u64], 0..50_u64).prop_map(|(keys, half)| Operation::Raise(keys, 2 * half)),
        2 => Just(Operation::Deliver),
    ];
    prop::collection::vec(one, 1..60)
}
