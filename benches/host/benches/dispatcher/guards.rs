//! D1 and D7 with guards: closures, which are called one after the other, and keys, which are looked up.

use spindle_abi::{EventSpec, Key};
use spindle_bench_host::{Nothing, Suite, event, strand};
use spindle_dispatcher::{Guard, Handler, KeyGuard};
use spindle_interfaces::bench::{Keyed, Null, Packet};
use spindle_strands::Event;
use std::cell::Cell;
use std::hint::black_box;

const GUARDS: [u64; 6] = [1, 2, 5, 10, 50, 100];
const KEYS: [u64; 5] = [1, 10, 100, 1_000, 10_000];
const FILTERS: [u16; 5] = [1, 10, 50, 100, 1_000];
/// How far the key goes each time; it shares no factor with any number of keys here, so that every key comes up.
const STRIDE: u64 = 7_919;

pub(crate) fn run(suite: &mut Suite) {
    for count in GUARDS {
        closures(suite, "guards_false", false, count);
        closures(suite, "guards_true", true, count);
        false_keys(suite, count);
    }
    for count in KEYS {
        keys(suite, count);
        ranges(suite, count);
    }
    KEYS[..4].iter().for_each(|count| selecting(suite, *count));
    FILTERS.iter().for_each(|count| filters(suite, *count));
}

fn install<E: EventSpec>(handlers: impl Iterator<Item = Handler>) -> &'static Event<E> {
    let event = event::<E>();
    let _installed = event.core().install_all(handlers.collect()).expect("a new event takes handlers");
    event
}

fn guarded<E: EventSpec>(holds: impl Fn(&E::Frame<'_>) -> bool + Send + Sync + 'static) -> Handler {
    Nothing::handler::<E>().with_guard(Guard::kernel::<E>(holds).expect("there is memory"))
}

/// Beside one handler without a guard, so that the raise is handled either way.
fn closures(suite: &mut Suite, what: &str, holds: bool, count: u64) {
    let guarded = (0..count).map(|_| guarded::<Null>(move |_| black_box(holds)));
    let (strand, event) = (strand(), install::<Null>(guarded.chain([Nothing::handler::<Null>()])));
    let name = "raise with N handlers behind closure guards, and one without";
    suite.time(format!("D1/{what}={count}"), name, || event.raise(&strand, &mut Null::frame()));
}

fn keyed(key: u64) -> Handler {
    let guard = KeyGuard::new(0, Key::Integer(key)).expect("the event has this key");
    Nothing::handler::<Keyed>().with_key(guard)
}

fn false_keys(suite: &mut Suite, count: u64) {
    let (strand, event) =
        (strand(), install::<Keyed>((0..count).map(keyed).chain([Nothing::handler::<Keyed>()])));
    let name = "raise with N handlers behind keys that do not match, and one without";
    suite.time(format!("D1/keys_false={count}"), name, || {
        event.raise(&strand, &mut Keyed::frame(black_box(count)))
    });
}

fn keys(suite: &mut Suite, count: u64) {
    let (strand, event) = (strand(), install::<Keyed>((0..count).map(keyed)));
    let name = "raise with N handlers behind keys, one of which matches";
    suite.time(format!("D1/keys={count}"), name, || {
        event.raise(&strand, &mut Keyed::frame(black_box(count / 2)))
    });

    let (next, stride) = (Cell::new(0), STRIDE % count);
    let name = "the same, another key each time";
    suite.time(format!("D1/keys={count}/rotating"), name, || {
        let key = next.get() + stride;
        next.set(if key >= count { key - count } else { key });
        event.raise(&strand, &mut Keyed::frame(next.get()))
    });
}

/// Each takes ten keys of its own.
fn ranges(suite: &mut Suite, count: u64) {
    let range = |index: u64| {
        let guard = KeyGuard::range(0, 10 * index, 10 * index + 9).expect("the range is not empty");
        Nothing::handler::<Keyed>().with_key(guard)
    };
    let (strand, event) = (strand(), install::<Keyed>((0..count).map(range)));
    let name = "raise with N handlers behind ranges of keys, one of which matches";
    suite.time(format!("D1/ranges={count}"), name, || {
        event.raise(&strand, &mut Keyed::frame(black_box(5 * count)))
    });
}

/// What `keys` does, by guards that are code.
fn selecting(suite: &mut Suite, count: u64) {
    let handler = |own| guarded::<Keyed>(move |frame| Keyed::key(frame, 0) == Key::Integer(black_box(own)));
    let (strand, event) = (strand(), install::<Keyed>((0..count).map(handler)));
    let name = "the same by closure guards that look at the key";
    suite.time(format!("D1/selecting={count}"), name, || {
        event.raise(&strand, &mut Keyed::frame(black_box(count / 2)))
    });
}

/// Packets of one connection each: protocol, source, destination and port are looked at.
fn filters(suite: &mut Suite, count: u16) {
    const UDP: u8 = 17;
    const SOURCE: u32 = 0x0a00_0001;
    const DESTINATION: u32 = 0x0a00_0002;
    let packet = move || Packet::frame(UDP, SOURCE, DESTINATION, black_box(count / 2));
    let equal =
        |field, value: u64| KeyGuard::new(field, Key::Integer(value)).expect("the event has this key");
    let by_keys = |port: u16| {
        let first = equal(0, UDP.into()).and(equal(1, SOURCE.into()));
        let all = first.and_then(|guard| guard.and(equal(2, DESTINATION.into())));
        let all = all.and_then(|guard| guard.and(equal(3, port.into()))).expect("four terms are allowed");
        Nothing::handler::<Packet>().with_key(all)
    };
    let by_closure = |port: u16| {
        guarded::<Packet>(move |frame| {
            let wanted = [UDP.into(), SOURCE.into(), DESTINATION.into(), u64::from(port)];
            wanted
                .into_iter()
                .enumerate()
                .all(|(field, value)| Packet::key(frame, field) == Key::Integer(value))
        })
    };
    let name = "raise with N packet filters of four fields, one of which matches";
    let (strand, event) = (strand(), install::<Packet>((0..count).map(by_keys)));
    suite.time(format!("D7/filters={count}/keys"), name, || event.raise(&strand, &mut packet()));
    let event = install::<Packet>((0..count).map(by_closure));
    suite.time(format!("D7/filters={count}/closures"), name, || event.raise(&strand, &mut packet()));
}
