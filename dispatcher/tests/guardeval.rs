//! Key guards: which handlers a raise calls depends on the key fields alone.
mod support;

use spindle_abi::{Key, KeyField};
use spindle_dispatcher::{InstallError, KeyGuard};
use support::{event, extension, kernel, raise};

fn word(value: &str) -> KeyGuard {
    KeyGuard::new(0, Key::Word(value)).expect("the tests' words are short")
}

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
    let _c = event.install(extension(3).with_key(KeyGuard::new(1, Key::Integer(9)).unwrap())).unwrap();
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
