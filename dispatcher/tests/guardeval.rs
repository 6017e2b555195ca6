//! Guards: which handlers a raise calls depends on its key fields and on what guards say of its frame.
mod support;

use spindle_abi::{Key, KeyField};
use spindle_dispatcher::{InstallError, KeyGuard, Owner};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use support::events::{Packet, PacketFrame};
use support::{
    closure, counters, event, extension, extension_guard, extension_of, kernel, packet_guard, port, raise,
    seen, word,
};

#[test]
fn words_are_compared_whole() {
    let event = event();
    let _a = event.install(extension(1).with_key(word("hello"))).unwrap();
    let _b = event.install(extension(2).with_key(word("hell"))).unwrap();
    let _c = event.install(extension(3).with_key(word(""))).unwrap();
    assert_eq!(raise(event, "hello", 0), Ok(vec![1]));
    assert_eq!(raise(event, "hell", 0), Ok(vec![2]));
    assert_eq!(raise(event, "", 0), Ok(vec![3]));
    assert_eq!(raise(event, "hello ", 0), Ok(vec![]));
}

#[test]
fn guarded_and_unguarded_handlers_keep_their_order() {
    let event = event();
    let _a = event.install(kernel::<1>().with_key(word("x"))).unwrap();
    let _b = event.install(extension(2)).unwrap();
    let _c = event.install(extension(3).with_key(port(9))).unwrap();
    assert_eq!(raise(event, "x", 9), Ok(vec![1, 2, 3]));
    assert_eq!(raise(event, "y", 9), Ok(vec![2, 3]));
    assert_eq!(raise(event, "x", 8), Ok(vec![1, 2]));
}

#[test]
fn a_guard_that_compares_a_word_with_an_integer_is_refused() {
    let guard = KeyGuard::new(0, Key::Integer(0)).unwrap();
    assert_eq!(event().install(extension(1).with_key(guard)).unwrap_err(), InstallError::KeyKind(0));
}

#[test]
fn a_guard_on_an_undeclared_field_is_refused() {
    let event = event();
    let guard = KeyGuard::new(2, Key::Integer(1)).unwrap();
    assert_eq!(event.install(extension(1).with_key(guard)).unwrap_err(), InstallError::NoSuchKey(2));
    let beyond = KeyGuard::new(KeyField::MAX_PER_EVENT, Key::Integer(1));
    assert_eq!(beyond.unwrap_err(), InstallError::NoSuchKey(KeyField::MAX_PER_EVENT));
}

#[test]
fn a_word_key_that_is_too_long_is_refused() {
    let long = "x".repeat(Key::MAX_WORD_BYTES + 1);
    assert_eq!(KeyGuard::new(0, Key::Word(&long)), Err(InstallError::KeyTooLong(long.len())));
    assert!(KeyGuard::new(0, Key::Word(&long[1..])).is_ok());
}

#[test]
fn a_guard_with_state_decides_raise_by_raise() {
    let limit = Arc::new(AtomicU64::new(10));
    let read = Arc::clone(&limit);
    let event = event();
    let guard = packet_guard(move |frame| frame.port < read.load(Ordering::Relaxed));
    let _installed = event.install(extension(1).with_guard(guard)).unwrap();
    assert_eq!((raise(event, "", 9), raise(event, "", 10)), (Ok(vec![1]), Ok(vec![])));
    limit.store(11, Ordering::Relaxed);
    assert_eq!(raise(event, "", 10), Ok(vec![1]));
}

#[test]
fn an_extensions_guard_decides_as_the_kernels_does() {
    let event = event();
    let guard = extension_guard::<Packet, _>(Owner(2), |frame: &PacketFrame| frame.word == "yes");
    let guarded = event.install(extension_of::<Packet>(1, Owner(2)).with_guard(guard)).unwrap();
    assert_eq!((raise(event, "yes", 0), raise(event, "no", 0)), (Ok(vec![1]), Ok(vec![])));
    let counters = counters(event, guarded.id());
    assert_eq!((counters.calls, counters.rejections), (1, 1));
}

#[test]
fn a_guard_is_asked_only_where_the_key_holds_and_once_a_raise() {
    let asked = Arc::new(AtomicU64::new(0));
    let counts = Arc::clone(&asked);
    let guard = packet_guard(move |_| counts.fetch_add(1, Ordering::Relaxed) < u64::MAX);
    let event = event();
    let installed = event.install(extension(1).with_key(port(7)).with_guard(guard)).unwrap();
    let _other = event.install(extension(2)).unwrap();
    for (port, times) in [(6, 0), (7, 1), (8, 1), (7, 2)] {
        raise(event, "", port).unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), times);
    }
    assert_eq!(counters(event, installed.id()).rejections, 0, "a key that differs is no rejection");
}

#[test]
fn a_guard_sees_what_the_handlers_before_have_done() {
    let event = event();
    let _first = event.install(closure::<Packet>(1)).unwrap();
    let _behind = event.install(extension(2).with_guard(packet_guard(|frame| frame.seen == [1]))).unwrap();
    let _never = event.install(extension(3).with_guard(packet_guard(|frame| frame.seen.is_empty()))).unwrap();
    assert_eq!(seen(event), [1, 2]);
}

#[test]
fn the_last_guard_given_is_a_handlers_own() {
    let event = event();
    let handler = extension(1).with_guard(packet_guard(|_| false)).with_guard(packet_guard(|_| true));
    let _installed = event.install(handler).unwrap();
    assert_eq!(seen(event), [1]);
}
