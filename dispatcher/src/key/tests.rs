//! The index finds whom a look at every guard finds, in the same order.

use super::flat::hash;
use super::{Index, KeyGuard};
use crate::InstallError;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use proptest::prelude::*;
use spindle_abi::{Key, KeyField, KeyKind};

/// Two integers and two words, as an event with the most key fields may have them.
const KINDS: [KeyKind; KeyField::MAX_PER_EVENT] =
    [KeyKind::Integer, KeyKind::Word, KeyKind::Integer, KeyKind::Word];

const WORDS: &[&str] = &[
    "",
    "a",
    "ab",
    "help",
    "helped",
    "helper",
    "sixteen bytes, b",
    "sixteen bytes, c",
    "a word that is longer than sixteen bytes",
];

/// Few values, so that guards meet; and what lies at the ends of the numbers.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => 0..12_u64,
        2 => (0..6_u64).prop_map(|high| high << 32),
        1 => Just(u64::MAX),
        1 => Just(u64::MAX - 1),
        1 => any::<u64>(),
    ]
}

fn term(field: usize) -> BoxedStrategy<KeyGuard> {
    let equal = move |value: Key<'_>| KeyGuard::new(field, value).unwrap();
    match KINDS[field] {
        KeyKind::Word => prop::sample::select(WORDS).prop_map(move |word| equal(Key::Word(word))).boxed(),
        KeyKind::Integer => prop_oneof![
            number().prop_map(move |integer| equal(Key::Integer(integer))),
            (number(), number()).prop_map(move |(one, other)| {
                KeyGuard::range(field, one.min(other), one.max(other)).unwrap()
            }),
        ]
        .boxed(),
    }
}

/// A guard on each field of a random choice, if any is chosen.
fn guard() -> impl Strategy<Value = Option<KeyGuard>> {
    let of = |field| prop::option::weighted(0.4, term(field));
    (of(0), of(1), of(2), of(3)).prop_map(|(a, b, c, d)| {
        [a, b, c, d]
            .into_iter()
            .flatten()
            .reduce(|all, more| all.and(more).expect("each is on another field"))
    })
}

/// Guards of one field only, as most events have.
fn plain_guards() -> impl Strategy<Value = Vec<Option<KeyGuard>>> {
    let one =
        (0..KINDS.len()).prop_flat_map(|field| prop::collection::vec(prop::option::of(term(field)), 0..40));
    one.boxed()
}

fn guards() -> impl Strategy<Value = Vec<Option<KeyGuard>>> {
    prop_oneof![prop::collection::vec(guard(), 0..200), plain_guards()]
}

fn keys() -> impl Strategy<Value = (u64, &'static str, u64, &'static str)> {
    (number(), prop::sample::select(WORDS), number(), prop::sample::select(WORDS))
}

fn built(guards: &[Option<KeyGuard>]) -> Index {
    Index::build(guards.iter().map(Option::as_ref)).unwrap()
}

fn admits(guard: &Option<KeyGuard>, keys: &[Key<'_>]) -> bool {
    guard.as_ref().is_none_or(|guard| guard.holds(keys))
}

/// Whom the index finds and whose guard then holds; checks that the candidates ascend.
fn found(index: &Index, guards: &[Option<KeyGuard>], keys: &[Key<'_>]) -> Vec<usize> {
    let candidates: Vec<usize> = index.named(keys).collect();
    assert!(candidates.is_sorted_by(|one, next| one < next), "{candidates:?}");
    for &position in &candidates {
        assert!(guards[position].is_none_or(|guard| guard.holds(keys) || !guard.is_exact()), "INV-KEY-3");
    }
    candidates.into_iter().filter(|&position| admits(&guards[position], keys)).collect()
}

fn expected(guards: &[Option<KeyGuard>], keys: &[Key<'_>]) -> Vec<usize> {
    (0..guards.len()).filter(|&position| admits(&guards[position], keys)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 256 }))]
    #[test]
    fn the_index_finds_whom_a_look_at_every_guard_finds(
        guards in guards(),
        raises in prop::collection::vec(keys(), 1..12),
    ) {
        let index = built(&guards);
        prop_assert_eq!(index.is_linear(), guards.iter().all(Option::is_none));
        for (a, b, c, d) in raises {
            let keys = [Key::Integer(a), Key::Word(b), Key::Integer(c), Key::Word(d)];
            prop_assert_eq!(found(&index, &guards, &keys), expected(&guards, &keys));
        }
    }

    #[test]
    fn a_conjunction_holds_where_both_of_its_parts_do(one in guard(), other in guard(), (a, b, c, d) in keys()) {
        let keys = [Key::Integer(a), Key::Word(b), Key::Integer(c), Key::Word(d)];
        let (Some(one), Some(other)) = (one, other) else { return Ok(()) };
        let both = one.holds(&keys) && other.holds(&keys);
        match one.and(other) {
            Ok(guard) => prop_assert_eq!(guard.holds(&keys), both),
            Err(error) => prop_assert!(matches!(error, InstallError::NeverHolds(_)) && !both),
        }
    }

    #[test]
    fn a_guard_is_the_conjunction_of_its_terms(guard in guard()) {
        let Some(guard) = guard else { return Ok(()) };
        let again = guard.terms().map(|term| match term.asked {
            spindle_abi::Asked::Equal(key) => KeyGuard::new(term.field, key).unwrap(),
            spindle_abi::Asked::Range { from, to } => KeyGuard::range(term.field, from, to).unwrap(),
        });
        prop_assert_eq!(again.reduce(|all, more| all.and(more).unwrap()), Some(guard));
    }
}

/// How many handlers the large tests have: as many as the benchmarks.
const MANY: u64 = if cfg!(miri) { 200 } else { 10_000 };

fn equal(values: impl Iterator<Item = u64>) -> Vec<Option<KeyGuard>> {
    values.map(|value| Some(KeyGuard::new(0, Key::Integer(value)).unwrap())).collect()
}

#[test]
fn of_no_handlers_none_is_found() {
    assert!(built(&[]).is_linear());
    assert_eq!(built(&[]).named(&[]).next(), None);
    assert_eq!(Index::EMPTY.named(&[Key::Integer(0)]).next(), None);
}

#[test]
fn handlers_without_a_guard_are_all_found() {
    let index = built(&[None, None, None]);
    assert!(index.is_linear());
    assert!(index.named(&[]).eq(0..3));
}

#[test]
fn handlers_that_ask_for_one_value_are_all_found_by_it() {
    let guards = equal((0..MANY).map(|_| 7));
    let index = built(&guards);
    assert!(index.named(&[Key::Integer(7)]).eq(0..MANY as usize));
    assert_eq!(index.named(&[Key::Integer(8)]).next(), None);
}

/// Keys as programs have them: numbered, aligned, in the high half of the word, from the top.
#[test]
fn regular_keys_are_as_good_as_any() {
    let regular: [fn(u64) -> u64; 7] =
        [|n| n, |n| n << 32, |n| n << 48, |n| n << 12, |n| n * 1000, |n| u64::MAX - n, |n| n << 32 | n];
    for key in regular {
        let guards = equal((0..MANY).map(key));
        let index = built(&guards);
        for n in 0..MANY {
            assert!(index.named(&[Key::Integer(key(n))]).eq([n as usize]));
        }
        assert!(index.longest_way() <= 40, "a key is {} slots from its place", index.longest_way());
    }
}

/// Numbers whose mixture with the first seed is the same in its low bits, as far as that is easily had: found by search.
#[test]
fn keys_that_meet_in_one_place_are_still_found() {
    let crowd = super::flat::crowd(300);
    let guards = equal(crowd.iter().copied());
    let index = built(&guards);
    for (position, &key) in crowd.iter().enumerate() {
        assert!(index.named(&[Key::Integer(key)]).eq([position]));
    }
    assert!(index.longest_way() <= 128, "a key is {} slots from its place", index.longest_way());
}

#[test]
fn overlapping_ranges_are_all_found_in_order() {
    // Each begins one later than the one before and all end together: number n is in the first n + 1.
    let range = |from| Some(KeyGuard::range(0, from, MANY).unwrap());
    let guards: Vec<_> = (0..MANY).map(range).collect();
    let index = built(&guards);
    for n in [0, 1, 63, 64, 65, MANY / 2, MANY - 1] {
        assert!(index.named(&[Key::Integer(n)]).eq(0..=n as usize), "{n}");
    }
    assert!(index.named(&[Key::Integer(MANY)]).eq(0..MANY as usize));
    assert_eq!(index.named(&[Key::Integer(MANY + 1)]).next(), None);
}

#[test]
fn the_same_range_many_times_is_found_as_often() {
    let guards = vec![Some(KeyGuard::range(2, 0, u64::MAX).unwrap()); MANY as usize];
    let keys = [Key::Integer(0), Key::Integer(0), Key::Integer(u64::MAX)];
    assert!(built(&guards).named(&keys).eq(0..MANY as usize));
}

#[test]
fn disjoint_ranges_are_found_one_at_a_time() {
    let guards: Vec<_> = (0..MANY).map(|n| Some(KeyGuard::range(0, 10 * n, 10 * n + 8).unwrap())).collect();
    let index = built(&guards);
    for n in 0..MANY {
        assert!(index.named(&[Key::Integer(10 * n + 8)]).eq([n as usize]));
        assert_eq!(index.named(&[Key::Integer(10 * n + 9)]).next(), None);
    }
}

/// One value that all ask for would make every raise look at all of them.
#[test]
fn a_handler_is_found_by_the_value_that_fewest_ask_for() {
    let tcp = KeyGuard::new(0, Key::Integer(6)).unwrap();
    let guards: Vec<_> =
        (0..100).map(|port| Some(tcp.and(KeyGuard::new(2, Key::Integer(port)).unwrap()).unwrap())).collect();
    let keys = [Key::Integer(6), Key::Word(""), Key::Integer(42), Key::Word("")];
    assert!(built(&guards).named(&keys).eq([42]));
}

#[test]
fn words_that_differ_in_one_byte_have_other_hashes() {
    let words: Vec<String> = (0..=Key::MAX_WORD_BYTES).map(|len| "x".repeat(len)).collect();
    let mut hashes: Vec<u64> = words.iter().map(|word| hash(word)).collect();
    for word in &words {
        for at in 0..word.len() {
            let mut other = word.clone();
            other.replace_range(at..=at, "y");
            hashes.push(hash(&other));
        }
    }
    let count = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), count);
}

#[test]
fn a_word_that_no_guard_could_ask_for_finds_nobody() {
    let guards = [Some(KeyGuard::new(0, Key::Word("x")).unwrap()), None];
    let long = "x".repeat(10_000);
    assert!(built(&guards).named(&[Key::Word(&long)]).eq([1]));
}
