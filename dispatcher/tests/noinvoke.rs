//! An event that nobody handles says so to the raiser, and so does one whose guards all fail.
mod support;

use spindle_abi::Key;
use spindle_dispatcher::{KeyGuard, uninstall};
use support::{GRACE, event, extension, raise};

#[test]
fn without_handlers_the_raiser_is_told() {
    assert_eq!(raise(event(), "", 0), Ok(vec![]));
}

#[test]
fn after_the_last_uninstall_too() {
    let event = event();
    let installed = event.install(extension(1)).unwrap();
    uninstall(installed).unwrap().wait(&GRACE).unwrap();
    assert_eq!(raise(event, "", 0), Ok(vec![]));
}

#[test]
fn and_where_no_guard_holds() {
    let event = event();
    let guard = KeyGuard::new(1, Key::Integer(80)).unwrap();
    let _installed = event.install(extension(1).with_key(guard)).unwrap();
    assert_eq!(raise(event, "", 81), Ok(vec![]));
    assert_eq!(raise(event, "", 80), Ok(vec![1]));
}
