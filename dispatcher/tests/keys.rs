//! Key guards as those see them who write and read them: ranges, conjunctions, how they are shown, how they are refused.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_abi::{Asked, EventSpec, Key, Term};
use spindle_dispatcher::{Guard, InstallError, KeyGuard, Owner, uninstall};
use support::events::Packet;
use support::{GRACE, closure, event, extension, extension_of, kernel, port, raise};

const WORD: usize = 0;
const PORT: usize = 1;

fn word(word: &str) -> KeyGuard {
    KeyGuard::new(WORD, Key::Word(word)).unwrap()
}

fn ports(from: u64, to: u64) -> KeyGuard {
    KeyGuard::range(PORT, from, to).unwrap()
}

fn shown(guard: KeyGuard) -> String {
    guard.in_words(Packet::KEYS).to_string()
}

#[test]
fn a_range_has_both_of_its_ends() {
    let event = event();
    let _all = event.install(extension(1).with_key(ports(0, u64::MAX))).unwrap();
    let _some = event.install(extension(2).with_key(ports(80, 90))).unwrap();
    let _one = event.install(extension(3).with_key(ports(85, 85))).unwrap();
    for (port, names) in [
        (0, vec![1]),
        (79, vec![1]),
        (80, vec![1, 2]),
        (85, vec![1, 2, 3]),
        (90, vec![1, 2]),
        (91, vec![1]),
        (u64::MAX, vec![1]),
    ] {
        assert_eq!(raise(event, "", port), Ok(names), "port {port}");
    }
}

#[test]
fn all_terms_of_a_conjunction_must_hold() {
    let event = event();
    let both = word("udp").and(ports(80, 90)).unwrap();
    let _both = event.install(kernel::<1>().with_key(both)).unwrap();
    assert_eq!(raise(event, "udp", 80), Ok(vec![1]));
    assert_eq!(raise(event, "tcp", 80), Ok(vec![]));
    assert_eq!(raise(event, "udp", 79), Ok(vec![]));
}

#[test]
fn handlers_found_in_different_ways_keep_their_order() {
    let event = event();
    let _a = event.install(kernel::<1>().with_key(ports(5, 9))).unwrap();
    let _b = event.install(extension(2).with_key(word("x"))).unwrap();
    let _c = event.install(closure::<Packet>(3)).unwrap();
    let _d = event.install(extension(4).with_key(port(7))).unwrap();
    let _e = event.install(closure::<Packet>(5).with_key(word("x").and(ports(7, 8)).unwrap())).unwrap();
    let _f = event.install(extension(6).with_key(ports(7, 7))).unwrap();
    assert_eq!(raise(event, "x", 7), Ok(vec![1, 2, 3, 4, 5, 6]));
    assert_eq!(raise(event, "y", 7), Ok(vec![1, 3, 4, 6]));
    assert_eq!(raise(event, "x", 8), Ok(vec![1, 2, 3, 5]));
    assert_eq!(raise(event, "x", 4), Ok(vec![2, 3]));
}

#[test]
fn what_is_asked_twice_of_one_field_is_asked_once() {
    let middle = ports(10, 50).and(ports(30, 90)).unwrap();
    assert_eq!(middle, ports(30, 50));
    assert_eq!(middle.and(port(40)), Ok(port(40)));
    assert_eq!(word("x").and(word("x")), Ok(word("x")));
    assert_eq!(
        middle.terms().collect::<Vec<_>>(),
        [Term { field: PORT, asked: Asked::Range { from: 30, to: 50 } }]
    );
}

#[test]
fn a_range_of_one_number_is_that_number() {
    assert_eq!(ports(7, 7), port(7));
    assert_eq!(shown(ports(7, 7)), "port = 7");
}

#[test]
fn a_guard_is_shown_with_the_names_of_the_fields() {
    assert_eq!(shown(port(7)), "port = 7");
    assert_eq!(shown(ports(80, 90)), "port in 80..=90");
    assert_eq!(shown(word("a \"b\"")), r#"word = "a \"b\"""#);
    assert_eq!(shown(ports(80, 90).and(word("x")).unwrap()), r#"word = "x" and port in 80..=90"#);
}

#[track_caller]
fn refused(guard: Result<KeyGuard, InstallError>, error: InstallError, text: &str) {
    assert_eq!(guard, Err(error));
    assert_eq!(error.to_string(), text);
}

#[test]
fn what_never_holds_is_refused_when_it_is_made() {
    let error = InstallError::EmptyRange { from: 9, to: 8 };
    refused(KeyGuard::range(PORT, 9, 8), error, "no number is from 9 to 8");
    let text = "no value of key field number 1 is all that is asked for";
    refused(ports(1, 5).and(ports(6, 9)), InstallError::NeverHolds(PORT), text);
    refused(port(1).and(port(2)), InstallError::NeverHolds(PORT), text);
    let text = "no value of key field number 0 is all that is asked for";
    refused(word("x").and(word("xy")), InstallError::NeverHolds(WORD), text);
    let number = KeyGuard::new(WORD, Key::Integer(1)).unwrap();
    refused(word("x").and(number), InstallError::NeverHolds(WORD), text);
}

#[test]
fn every_term_is_checked_against_the_event() {
    let event = event();
    let range_of_word = KeyGuard::range(WORD, 1, 2).unwrap();
    for (guard, error, text) in [
        (range_of_word, InstallError::KeyKind(WORD), "key field number 0 has a value of the other kind"),
        (
            port(1).and(range_of_word).unwrap(),
            InstallError::KeyKind(WORD),
            "key field number 0 has a value of the other kind",
        ),
        (
            port(1).and(KeyGuard::range(3, 1, 2).unwrap()).unwrap(),
            InstallError::NoSuchKey(3),
            "the event has no key field number 3",
        ),
    ] {
        let refusal = event.install(kernel::<1>().with_key(guard)).unwrap_err();
        assert_eq!((refusal, refusal.to_string().as_str()), (error, text));
    }
    assert_eq!(raise(event, "", 1), Ok(vec![]), "nobody was bound");
}

#[test]
fn a_word_of_another_length_is_another_word() {
    let event = event();
    let longest = "x".repeat(Key::MAX_WORD_BYTES);
    let _longest = event.install(kernel::<1>().with_key(word(&longest))).unwrap();
    assert_eq!(raise(event, &longest, 0), Ok(vec![1]));
    assert_eq!(raise(event, &longest[1..], 0), Ok(vec![]));
    assert_eq!(raise(event, &format!("{longest}x"), 0), Ok(vec![]));
    assert_eq!(raise(event, &"x".repeat(100_000), 0), Ok(vec![]));
}

#[test]
fn the_guards_that_are_code_are_asked_of_whom_the_keys_let_through() {
    let event = event();
    let even = || Guard::kernel::<Packet>(|frame| frame.seen.len().is_multiple_of(2)).unwrap();
    let a = event.install(kernel::<1>().with_key(port(7)).with_guard(even())).unwrap();
    let b = event.install(extension_of::<Packet>(2, Owner(1)).with_key(port(7)).with_guard(even())).unwrap();
    assert_eq!(raise(event, "", 7), Ok(vec![1]), "the second one finds the sign of the first");
    assert_eq!(raise(event, "", 8), Ok(vec![]));
    let rejections = |id| support::counters(event, id).rejections;
    assert_eq!((rejections(a.id()), rejections(b.id())), (0, 1), "keys reject nobody: they find");
}

#[test]
fn who_is_uninstalled_is_found_no_more() {
    let event = event();
    let mut installed: Vec<_> = (0..100)
        .map(|name| event.install(closure::<Packet>(name).with_key(port(name % 10))).unwrap())
        .collect();
    let gone = installed.remove(13);
    uninstall(gone).unwrap().wait(&GRACE).unwrap();
    assert_eq!(raise(event, "", 3), Ok(vec![3, 23, 33, 43, 53, 63, 73, 83, 93]));
}

#[test]
fn a_field_beyond_all_events_is_refused_whatever_its_number() {
    for field in [8, 255, 256, usize::MAX] {
        assert_eq!(KeyGuard::new(field, Key::Integer(1)), Err(InstallError::NoSuchKey(field)));
        assert_eq!(KeyGuard::range(field, 1, 2), Err(InstallError::NoSuchKey(field)));
    }
}
