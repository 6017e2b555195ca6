//! Random operations on an event come to what they come to in the reference (`reference`), which evaluates every guard
//! of every handler in turn.
//!
//! Three kinds of events are tried: notifications, whose handlers may be asynchronous; questions; chained questions.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]

mod both;
mod events;
mod operations;
mod reference;
#[path = "../support/mod.rs"]
mod support;

use both::Both;
use events::{Chain, Kind, Notice, Question};
use operations::{Operation, operations};
use proptest::prelude::*;
use std::sync::{Mutex, PoisonError};

fn compare<E: Kind>(operations: &[Operation]) {
    // Whoever delivers delivers for the whole process.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut both = Both::<E>::new();
    operations.iter().for_each(|operation| both.carry_out(operation));
    both.end();
}

proptest! {
    #[test]
    fn a_notification_behaves_as_its_specification(operations in operations()) {
        compare::<Notice>(&operations);
    }

    #[test]
    fn a_question_behaves_as_its_specification(operations in operations()) {
        compare::<Question>(&operations);
    }

    #[test]
    fn a_chain_behaves_as_its_specification(operations in operations()) {
        compare::<Chain>(&operations);
    }
}
