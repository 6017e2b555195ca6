//! The life of an extension in the fake kernel: started, raised at, faulted, stopped.

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU32, Ordering};

use spindle_sdk::prelude::*;
use spindle_sdk::println;
use spindle_testkit::Testkit;

/// Answers to several words, and says when it ends.
struct Probe {
    loaded_ns: u64,
    commands: AtomicU32,
}

#[extension]
impl Probe {
    #[start]
    fn start() -> Result<Self, Status> {
        Ok(Self { loaded_ns: clock::now(), commands: AtomicU32::new(0) })
    }

    #[handler(console::Command)]
    fn count(&self, _word: &str, _arguments: &str) -> Status {
        self.commands.fetch_add(1, Ordering::Relaxed);
        Status::UNHANDLED
    }

    #[handler(console::Command, word = "age")]
    fn age(&self, _word: &str, _arguments: &str) -> Status {
        println!("{} ns", clock::now() - self.loaded_ns);
        Status::OK
    }

    #[handler(console::Command, word = "echo")]
    fn echo(&self, word: &str, arguments: &str) -> Status {
        println!("[{word}] [{arguments}]");
        Status::OK
    }

    #[handler(console::Command, word = "die")]
    fn die(&self, _word: &str, arguments: &str) -> Status {
        panic!("told to die: {arguments}")
    }

    #[handler(bench::Measure)]
    fn measure(&self, iterations: u32, samples: &mut [u64]) {
        for (at, sample) in (0..).zip(samples) {
            *sample = u64::from(iterations) + at;
        }
    }

    #[handler(bench::Nested)]
    fn nested(&self, depth: u32) -> Status {
        assert!(depth < 10, "too deep");
        println!("{depth} deep");
        if depth == 0 { Status::OK } else { bench::nest(depth - 1) }
    }

    #[stop]
    fn stop(&self) {
        println!("stopped after {} commands", self.commands.load(Ordering::Relaxed));
    }
}

/// Does not start.
struct Stillborn;

#[extension]
impl Stillborn {
    #[start]
    fn start() -> Result<Self, Status> {
        println!("no");
        Err(Status::OUT_OF_MEMORY)
    }
}

#[test]
fn a_keyed_handler_gets_its_word_and_the_rest_of_the_line() {
    let mut kernel = Testkit::load::<Probe>();
    assert_eq!(kernel.command("  echo   one  two "), Status::OK);
    assert_eq!(kernel.lines(), ["[echo] [one  two]"]);
}

#[test]
fn a_handler_without_a_key_gets_every_command() {
    let mut kernel = Testkit::load::<Probe>();
    kernel.command("echo");
    kernel.command("unknown");
    let _ = kernel.lines();
    assert_eq!(kernel.unload(), ["stopped after 2 commands"]);
}

#[test]
fn an_unknown_command_is_nobodys() {
    assert_eq!(Testkit::load::<Probe>().command("ech"), Status::UNHANDLED);
}

#[test]
fn the_clock_moves_when_the_test_moves_it() {
    let mut kernel = Testkit::load::<Probe>();
    kernel.command("age");
    kernel.advance(5);
    kernel.command("age");
    assert_eq!(kernel.lines(), ["0 ns", "5 ns"]);
}

#[test]
fn what_a_handler_writes_through_a_reference_arrives() {
    let mut kernel = Testkit::load::<Probe>();
    let mut samples = [0; 3];
    assert_eq!(kernel.raise::<bench::Measure>(&mut bench::Measure::frame(40, &mut samples)), 1);
    assert_eq!(samples, [40, 41, 42]);
}

#[test]
fn an_event_that_nobody_handles_runs_nothing() {
    assert_eq!(Testkit::load::<Probe>().raise::<bench::Null>(&mut bench::Null::frame()), 0);
}

#[test]
fn an_extension_that_does_not_start_is_not_loaded() {
    assert_eq!(Testkit::try_load::<Stillborn>().err(), Some(Status::OUT_OF_MEMORY));
}

#[test]
fn a_contained_fault_ends_the_extension_without_stopping_it() {
    let mut kernel = Testkit::load::<Probe>();
    let fault = kernel.try_command("die now").expect_err("it panics");
    assert_eq!(fault.message, "told to die: now");
    assert_eq!(kernel.command("echo"), Status::UNHANDLED);
    assert!(kernel.state().is_none());
    assert!(kernel.unload().is_empty(), "what has faulted is not stopped");
}

#[test]
fn a_handler_may_raise_what_it_handles_itself() {
    let mut kernel = Testkit::load::<Probe>();
    assert_eq!(kernel.raise::<bench::Nested>(&mut bench::Nested::frame(2)), 1);
    assert_eq!(kernel.lines(), ["2 deep", "1 deep", "0 deep"]);
    let fault = kernel.try_raise::<bench::Nested>(&mut bench::Nested::frame(10)).unwrap_err();
    assert_eq!((fault.message.as_str(), kernel.state().is_none()), ("too deep", true));
}

#[test]
fn a_fault_that_a_test_does_not_expect_fails_it() {
    let panic =
        catch_unwind(|| Testkit::load::<Probe>().command("die now")).expect_err("it goes on to the test");
    assert_eq!(panic.downcast_ref::<String>().map(String::as_str), Some("told to die: now"));
}

#[test]
fn each_test_has_a_console_of_its_own() {
    let mut kernel = Testkit::load::<Probe>();
    let elsewhere = std::thread::spawn(|| Testkit::load::<Probe>().command("echo elsewhere"));
    assert_eq!(elsewhere.join().unwrap(), Status::OK);
    assert!(kernel.lines().is_empty());
}
