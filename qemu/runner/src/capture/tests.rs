//! A shell plays the emulator.

use super::{Capture, Complaints, Limits, capture};
use crate::outcome::Limit;
use crate::{Ending, Error, Outcome};
use std::process::Command;
use std::time::{Duration, Instant};

const LIMITS: Limits = Limits { total: Duration::from_secs(20), silence: Duration::from_secs(20) };

fn play(script: &str, limits: Limits) -> (Capture, Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("new/folder/serial.log");
    let mut seen = Vec::new();
    let mut shell = Command::new("/bin/sh");
    let end = capture(shell.args(["-c", script]), limits, &log, Complaints::Kept, |line| {
        seen.push(line.to_owned())
    })
    .unwrap();
    (end, seen, String::from_utf8_lossy(&std::fs::read(log).unwrap()).into_owned())
}

#[test]
fn lines_reach_the_observer_and_the_log() {
    let (end, seen, log) = play("printf 'one\\r\\ntwo'; exit 33", LIMITS);
    assert_eq!(end.outcome(), Outcome::Succeeded);
    assert_eq!(seen, ["one", "two"]);
    assert_eq!(log, "one\r\ntwo");
}

#[test]
fn silence_is_a_hang_and_ends_soon() {
    let started = Instant::now();
    let limits = Limits { silence: Duration::from_millis(300), ..LIMITS };
    let (end, seen, log) = play("echo alive; exec sleep 60", limits);
    assert_eq!(end.outcome(), Outcome::Hung(Limit::Silence(limits.silence)));
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!((seen.join(""), log), ("alive".to_owned(), "alive\n".to_owned()));
}

#[test]
fn a_machine_that_chatters_for_ever_is_a_hang_too() {
    let limits = Limits { total: Duration::from_millis(500), silence: Duration::from_millis(400) };
    let (end, seen, _) = play("while :; do echo tick; sleep 0.05; done", limits);
    assert_eq!(end.outcome(), Outcome::Hung(Limit::Total(limits.total)));
    assert!(!seen.is_empty());
}

#[test]
fn closing_the_output_does_not_escape_the_limit() {
    let limits = Limits { total: Duration::from_millis(300), ..LIMITS };
    let (end, ..) = play("exec >/dev/null 2>/dev/null; exec sleep 60", limits);
    assert_eq!(end.outcome(), Outcome::Hung(Limit::Total(limits.total)));
}

#[test]
fn what_is_no_text_is_passed_on_and_logged() {
    let (_, seen, _) = play("printf 'a\\377b\\n'; exit 33", Limits { ..LIMITS });
    assert_eq!(seen, ["a\u{fffd}b"]);
}

#[test]
fn complaints_of_the_emulator_are_kept_apart_and_logged() {
    let (end, seen, log) = play("echo no such disk >&2; exit 1", LIMITS);
    assert_eq!(end.outcome(), Outcome::QemuFailed(1));
    assert_eq!(end.complaints, "no such disk\n");
    assert!(seen.is_empty());
    assert_eq!(log, "no such disk\n");
}

#[test]
fn a_missing_emulator_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = capture(
        &mut Command::new("/no/such/qemu"),
        LIMITS,
        &folder.path().join("log"),
        Complaints::Kept,
        |_| (),
    );
    assert!(matches!(missing, Err(Error::NotStarted { program, .. }) if program.ends_with("qemu")));
}

#[test]
fn what_a_hanging_child_has_started_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let limits = Limits { silence: Duration::from_millis(300), ..LIMITS };
    let (end, ..) = play(&format!("(sleep 1; touch {}) & wait", mark.display()), limits);
    assert!(matches!(end.ending, Ending::Hung(_)));
    std::thread::sleep(Duration::from_millis(1500));
    assert!(!mark.exists());
}
