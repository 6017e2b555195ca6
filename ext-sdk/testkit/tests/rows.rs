//! What an extension's rows ask for, told apart by what a test sees.

use std::sync::atomic::{AtomicU64, Ordering};

use spindle_sdk::prelude::*;
use spindle_testkit::Testkit;

mod stall {
    //! A stall with customers, so that the tests depend on no interface of the kernel's.

    use spindle_abi::Status;

    spindle_macros::interface! {
        stall {
            /// Somebody asks for something.
            #[chained]
            event Asked(#[key] price: u16, thing: &str) -> Status;
            /// Somebody weighs something.
            event Weighed(#[key] grams: u64, #[key] stall: u64) -> u64;
            /// Something was sold.
            event Sold(#[key] price: u64);
            /// A bell rings.
            #[interrupt]
            event Rang(count: u64);
        }
    }
}

/// Sells, and notes in which order it was asked.
#[derive(Default)]
struct Seller {
    heard: Mutex<Vec<&'static str>>,
    sold: AtomicU64,
}

impl Seller {
    fn hears(&self, what: &'static str) -> Status {
        self.heard.lock().push(what);
        Status::UNHANDLED
    }
}

#[extension]
impl Seller {
    #[handler(stall::Asked, last)]
    fn shrugs(&self, _price: u16, _thing: &str) -> Status {
        self.hears("last")
    }

    #[handler(stall::Asked, price = 80..=90, guard = has_it)]
    fn sells(&self, _price: u16, _thing: &str) -> Status {
        self.hears("sells");
        Status::OK
    }

    #[handler(stall::Asked, first)]
    fn greets(&self, _price: u16, _thing: &str) -> Status {
        self.hears("first")
    }

    #[guard]
    fn has_it(&self, _price: u16, thing: &str) -> bool {
        self.hears("guard");
        thing != "moon"
    }

    #[default_handler(stall::Asked)]
    fn regrets(&self, _price: u16, _thing: &str) -> Status {
        self.hears("default");
        Status::FAILED
    }

    #[handler(stall::Weighed, grams = 1..=1000)]
    fn scale(&self, grams: u64, _stall: u64) -> u64 {
        grams
    }

    #[handler(stall::Weighed, grams = 1..=1000, stall = 7, cancel)]
    fn exact_scale(&self, grams: u64, _stall: u64) -> u64 {
        grams * 100
    }

    #[handler(stall::Weighed)]
    fn hand(&self, _grams: u64, _stall: u64) -> u64 {
        1
    }

    #[result_handler(stall::Weighed)]
    fn sum(&self, previous: u64, next: u64) -> u64 {
        previous + next
    }

    #[handler(stall::Sold, asynchronous)]
    fn counts(&self, price: u64) {
        self.hears("later");
        self.sold.fetch_add(price, Ordering::Relaxed);
        assert!(price < 1000, "too dear");
    }

    #[handler(stall::Sold, price = 5)]
    fn cheers(&self, _price: u64) {
        self.hears("at once");
    }

    #[imposed_guard(stall::Sold)]
    fn may_know(&self, price: u64) -> bool {
        price < 100
    }
}

/// Wants to run in interrupts.
#[derive(Default)]
struct Rash;

#[extension]
impl Rash {
    #[handler(stall::Rang)]
    fn rings(&self, _count: u64) {}
}

fn ask(kernel: &mut spindle_testkit::Loaded<Seller>, price: u16, thing: &str) -> (Status, Vec<&'static str>) {
    let mut frame = stall::Asked::frame(price, thing);
    kernel.raise::<stall::Asked>(&mut frame);
    let heard = std::mem::take(&mut *kernel.state().expect("it has not faulted").heard.lock());
    (stall::Asked::result(&frame), heard)
}

fn weigh(kernel: &mut spindle_testkit::Loaded<Seller>, grams: u64, stall: u64) -> u64 {
    let mut frame = stall::Weighed::frame(grams, stall);
    kernel.raise::<stall::Weighed>(&mut frame);
    stall::Weighed::result(&frame)
}

#[test]
fn a_chained_raise_ends_at_the_first_that_deals_with_it_in_the_order_asked_for() {
    let mut kernel = Testkit::load::<Seller>();
    assert_eq!(ask(&mut kernel, 85, "apple"), (Status::OK, vec!["first", "guard", "sells"]));
}

#[test]
fn a_guard_is_asked_only_where_the_keys_hold_and_the_default_handler_if_nobody_dealt_with_it() {
    let mut kernel = Testkit::load::<Seller>();
    assert_eq!(ask(&mut kernel, 79, "apple"), (Status::FAILED, vec!["first", "last", "default"]));
    assert_eq!(ask(&mut kernel, 90, "moon"), (Status::FAILED, vec!["first", "guard", "last", "default"]));
}

#[test]
fn results_are_folded_over_those_that_ran_and_a_cancelling_handler_is_the_last_one() {
    let mut kernel = Testkit::load::<Seller>();
    assert_eq!(weigh(&mut kernel, 200, 1), 200 + 1);
    assert_eq!(weigh(&mut kernel, 200, 7), 200 + 20_000);
    assert_eq!(weigh(&mut kernel, 5000, 7), 1);
}

#[test]
fn somebody_elses_answer_is_folded_in() {
    let mut kernel = Testkit::load::<Seller>();
    let other = kernel.somebody_answers::<stall::Weighed>(1_000_000);
    assert_eq!(weigh(&mut kernel, 200, 1), 1_000_201);
    assert_eq!((weigh(&mut kernel, 200, 7), other.calls()), (20_200, 1));
}

#[test]
fn an_asynchronous_handler_runs_when_the_raise_is_over() {
    let mut kernel = Testkit::load::<Seller>();
    assert_eq!(kernel.raise::<stall::Sold>(&mut stall::Sold::frame(5)), 2);
    let state = kernel.state().unwrap();
    assert_eq!(*state.heard.lock(), ["at once", "later"]);
    assert_eq!(state.sold.load(Ordering::Relaxed), 5);
}

#[test]
fn a_fault_of_an_asynchronous_handler_ends_the_extension() {
    let mut kernel = Testkit::load::<Seller>();
    let fault = kernel.try_raise::<stall::Sold>(&mut stall::Sold::frame(1000)).unwrap_err();
    assert_eq!(fault.message, "too dear");
    assert!(kernel.state().is_none());
    assert_eq!(kernel.raise::<stall::Sold>(&mut stall::Sold::frame(5)), 0);
}

#[test]
fn an_imposed_guard_is_on_others_handlers_alone() {
    let mut kernel = Testkit::load::<Seller>();
    let other = kernel.somebody_answers::<stall::Sold>(());
    assert_eq!(kernel.raise::<stall::Sold>(&mut stall::Sold::frame(500)), 1, "its own handler has none");
    assert_eq!(other.calls(), 0);
    kernel.raise::<stall::Sold>(&mut stall::Sold::frame(99));
    assert_eq!(other.calls(), 1);
}

#[test]
#[should_panic(expected = "testkit cannot be loaded: stall.Rang is raised in interrupts")]
fn what_the_kernel_would_not_load_fails_the_test() {
    Testkit::load::<Rash>().raise::<stall::Rang>(&mut stall::Rang::frame(1));
}
