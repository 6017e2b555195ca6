//! What a user of `hello` notices.

use hello::Hello;
use spindle_sdk::prelude::*;
use spindle_testkit::Testkit;

#[test]
fn it_greets_by_name() {
    let mut kernel = Testkit::load::<Hello>();
    assert_eq!(kernel.command("hello ada"), Status::OK);
    assert_eq!(kernel.lines(), ["hello, ada"]);
}

#[test]
fn without_a_name_it_says_how_to_use_it() {
    let mut kernel = Testkit::load::<Hello>();
    assert_eq!(kernel.command("hello"), Status::FAILED);
    assert_eq!(kernel.lines(), ["usage: hello NAME"]);
}

#[test]
fn other_commands_are_not_its_own() {
    let mut kernel = Testkit::load::<Hello>();
    assert_eq!(kernel.command("goodbye ada"), Status::UNHANDLED);
    assert!(kernel.lines().is_empty());
}
