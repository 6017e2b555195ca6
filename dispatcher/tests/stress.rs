//! Everything at once: four threads raise two events while two others swap, install, uninstall, impose and lift.
//!
//! Every raise has to meet exactly one of the handlers that are swapped, never an older one after a newer one, and
//! nothing that is over; every call is counted.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Guard, Handler, Installed, Owner, Swap, lift, uninstall};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use support::events::{Packet, PacketFrame};
use support::{GRACE, PacketEvent, counters, event, extension_by, port, raise_with, remove};

/// Those that are swapped sign with their generation; the others from here on.
const OTHERS: u64 = 1 << 32;
const RAISERS: usize = 4;
const CHANGES: u64 = 600;

/// Part of a closure: says whether it still is one, even when its memory was freed.
struct Canary {
    word: AtomicU64,
    calls: Arc<AtomicU64>,
    /// Set when nobody may be inside any more.
    is_over: Arc<AtomicBool>,
}

const ALIVE: u64 = 0x616c_6976_6521_2121;

/// What is left of a canary when its closure is gone.
#[derive(Clone, Default)]
struct Record {
    calls: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
}

impl Record {
    fn canary(&self) -> Canary {
        let (calls, is_over) = (Arc::clone(&self.calls), Arc::clone(&self.is_over));
        Canary { word: AtomicU64::new(ALIVE), calls, is_over }
    }

    fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Canary {
    fn sing(&self) {
        assert_eq!(self.word.load(Ordering::Relaxed), ALIVE, "called after it was dropped");
        assert!(!self.is_over.load(Ordering::SeqCst), "called after its ticket was waited for");
        self.calls.fetch_add(1, Ordering::SeqCst);
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        assert_eq!(self.word.swap(0, Ordering::SeqCst), ALIVE, "dropped twice");
    }
}

/// A handler that signs with `name`; of the kernel, whose closure is dropped, or of an extension, whose is not.
fn handler(name: u64, record: &Record) -> Handler {
    let canary = record.canary();
    let signs = move |frame: &mut PacketFrame| {
        canary.sing();
        frame.seen.push(name);
    };
    match name % 2 {
        0 => Handler::closure::<Packet>(signs).unwrap(),
        _ => extension_by::<Packet, _>(Owner(1), signs),
    }
}

/// A guard that always holds.
fn guard(record: &Record) -> Guard {
    let canary = record.canary();
    Guard::kernel::<Packet>(move |_| {
        canary.sing();
        true
    })
    .unwrap()
}

/// What one thread has met.
#[derive(Default)]
struct Met {
    raises: u64,
    others: u64,
}

/// Raises A and B in turn until it is told to stop.
fn raise_until(stop: &AtomicBool, a: &'static PacketEvent, b: &'static PacketEvent) -> Met {
    let mut met = Met::default();
    let mut newest = 0;
    while !stop.load(Ordering::Relaxed) {
        for event in [a, b] {
            let mut frame = PacketFrame { port: met.raises % 3, ..PacketFrame::default() };
            raise_with(event, &mut frame).unwrap();
            let (others, generations): (Vec<u64>, Vec<u64>) =
                frame.seen.iter().partition(|&&name| name >= OTHERS);
            let [generation] = generations[..] else { panic!("met {generations:?} instead of one") };
            assert!(generation >= newest, "met {generation} after {newest}");
            newest = generation;
            met.others += others.len() as u64;
            met.raises += 1;
        }
    }
    met
}

/// Swaps the handlers of both events, generation after generation; returns the last ones.
fn swap_all(
    a: &'static PacketEvent,
    b: &'static PacketEvent,
    first: Vec<Installed>,
    all: &mut Vec<Record>,
) -> Vec<Installed> {
    let mut current = first;
    for generation in 1..=CHANGES {
        let old: Vec<Record> = all.iter().rev().take(2).cloned().collect();
        let new = [Record::default(), Record::default()];
        let swap = current.drain(..).fold(Swap::new(), Swap::remove);
        let swap = swap.add(a.bind(handler(generation, &new[0])).unwrap());
        let swap = swap.add(b.bind(handler(generation, &new[1])).unwrap());
        let (installed, ticket) = swap.commit().unwrap();
        current = installed;
        all.extend(new);
        if generation % 3 == 0 {
            ticket.wait(&GRACE).unwrap();
            old.iter().for_each(|record| record.is_over.store(true, Ordering::SeqCst));
        }
    }
    current
}

/// Installs, guards and uninstalls handlers on both events; returns how often they were called.
fn come_and_go(a: &'static PacketEvent, b: &'static PacketEvent) -> u64 {
    let mut calls = 0;
    for round in 0..CHANGES {
        let event = if round % 2 == 0 { a } else { b };
        let (record, guarding) = (Record::default(), Record::default());
        let made = handler(OTHERS + round, &record);
        let made = if round % 3 == 0 { made.with_key(port(round % 2)) } else { made };
        let installed = event.install(made).unwrap();
        let imposed = installed.impose(guard(&guarding)).unwrap();
        if round % 4 == 0 {
            lift(imposed).unwrap().wait(&GRACE).unwrap();
            guarding.is_over.store(true, Ordering::SeqCst);
        }
        uninstall(installed).unwrap().wait(&GRACE).unwrap();
        record.is_over.store(true, Ordering::SeqCst);
        calls += record.calls();
    }
    calls
}

#[test]
fn raises_and_changes_together() {
    let (a, b) = (event(), event());
    let mut records = vec![Record::default(), Record::default()];
    let first =
        vec![a.install(handler(0, &records[0])).unwrap(), b.install(handler(0, &records[1])).unwrap()];
    let stop = AtomicBool::new(false);
    let (met, last, others) = thread::scope(|scope| {
        let raisers: Vec<_> = (0..RAISERS).map(|_| scope.spawn(|| raise_until(&stop, a, b))).collect();
        let others = scope.spawn(|| come_and_go(a, b));
        let last = swap_all(a, b, first, &mut records);
        let others = others.join().unwrap();
        stop.store(true, Ordering::Relaxed);
        let met: Vec<Met> = raisers.into_iter().map(|raiser| raiser.join().unwrap()).collect();
        (met, last, others)
    });
    let raises: u64 = met.iter().map(|met| met.raises).sum();
    assert_eq!(records.iter().map(Record::calls).sum::<u64>(), raises, "each raise met one of them");
    assert_eq!(met.iter().map(|met| met.others).sum::<u64>(), others, "no call of the others was lost");
    for (event, (installed, record)) in [a, b].into_iter().zip(last.iter().zip(&records[records.len() - 2..]))
    {
        assert_eq!(counters::<Packet, HostStrand>(event, installed.id()).calls, record.calls());
    }
    last.into_iter().for_each(remove);
}
