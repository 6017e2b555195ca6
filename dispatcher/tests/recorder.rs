//! The flight recorder: what is always noted, what only on request, and in which order it is shown.
mod sample;

use sample::{Got, Sample, SampleEvent, alone, event, raise, run};
use spindle_abi::Key;
use spindle_dispatcher::host::{HostGrace, HostStrand};
use spindle_dispatcher::{
    Entry, Guard, Handler, KeyGuard, Owner, Policy, Swap, What, lift, recorded, set_recording, uninstall,
};

/// What was noted at `event`, oldest first.
fn noted(event: &'static SampleEvent) -> Vec<Entry> {
    let mut noted: Vec<_> = recorded().filter(|entry| entry.event == event.core()).collect();
    noted.reverse();
    noted
}

fn whats(event: &'static SampleEvent) -> Vec<What> {
    noted(event).into_iter().map(|entry| entry.what).collect()
}

/// An extension's handler that does nothing.
fn theirs() -> Handler {
    unsafe extern "C" fn nothing(_closure: *const (), _frame: *mut ()) {}
    // SAFETY: `nothing` uses neither closure nor frame.
    unsafe { Handler::extension(nothing, std::ptr::null(), Owner(5)) }
}

#[test]
fn changes_are_always_noted() {
    let _alone = alone();
    let event = event(Policy::DropNewest, 1);
    let installed = event.install(theirs()).unwrap();
    let id = installed.id();
    let imposed = installed.impose(Guard::kernel::<Sample>(|_| true).unwrap()).unwrap();
    lift(imposed).unwrap().wait(&HostGrace).unwrap();
    raise(event, [1]);
    uninstall(installed).unwrap().wait(&HostGrace).unwrap();
    assert_eq!(whats(event), [What::Installed, What::Imposed, What::Lifted, What::Uninstalled]);
    let noted = noted(event);
    assert_eq!((noted[0].binding, noted[0].owner), (id, Owner(5)));
    assert_eq!((noted[3].binding, noted[3].owner), (id, Owner(5)));
    assert!(noted.is_sorted_by_key(|entry| entry.time), "{noted:?}");
}

#[test]
fn a_swap_is_noted_as_one() {
    let _alone = alone();
    let event = event(Policy::DropNewest, 1);
    let old = event.install(theirs()).unwrap();
    let new = event.bind(theirs()).unwrap();
    let (old_id, new_id) = (old.id(), new.id());
    let (_installed, _ticket) = Swap::new().remove(old).add(new).commit().unwrap();
    let noted = noted(event);
    assert!(
        noted[1..].iter().any(|entry| entry.binding == new_id && entry.what == What::Swapped),
        "{noted:?}"
    );
    assert!(noted[1..].iter().any(|entry| entry.binding == old_id), "{noted:?}");
}

#[test]
fn a_disabled_owner_is_noted_once() {
    let _alone = alone();
    let event = event(Policy::DropNewest, 1);
    let installed = event.install(theirs()).unwrap();
    for _ in 0..2 {
        HostStrand::with_current(|strand| event.core().disable_owner(strand, Owner(5)));
    }
    assert_eq!(whats(event), [What::Installed, What::Disabled]);
    assert_eq!(noted(event)[1].binding, installed.id());
}

#[test]
fn drops_are_always_noted() {
    let _alone = alone();
    let (event, got) = (event(Policy::DropNewest, 1), Got::default());
    let installed = event.install(got.handler()).unwrap();
    raise(event, 1..=100);
    assert_eq!(whats(event), [What::Installed, What::Dropped], "once, or they would push all else out");
    uninstall(installed).unwrap().wait(&HostGrace).unwrap();
    let dropped = whats(event).into_iter().filter(|what| *what == What::Dropped);
    assert_eq!(dropped.count(), 2, "what waited was thrown away");
}

#[test]
fn raises_are_noted_while_that_is_switched_on() {
    let _alone = alone();
    let (event, got) = (event(Policy::DropNewest, 4), Got::default());
    let ran = event.install(theirs()).unwrap().id();
    let guarded = theirs().with_guard(Guard::kernel::<Sample>(|_| false).unwrap());
    let rejected = event.install(guarded).unwrap().id();
    let elsewhere = theirs().with_key(KeyGuard::new(0, Key::Integer(9)).unwrap());
    let _keyed = event.install(elsewhere).unwrap();
    let queued = event.install(got.handler()).unwrap().id();
    raise(event, [1]);
    run(10);
    assert_eq!(noted(event).len(), 4, "the installs");

    set_recording(true);
    raise(event, [2]);
    run(10);
    set_recording(false);
    raise(event, [3]);
    run(10);

    let noted: Vec<_> =
        noted(event).split_off(4).into_iter().map(|entry| (entry.binding, entry.what)).collect();
    let expected =
        [(ran, What::Ran), (rejected, What::Rejected), (queued, What::Queued), (queued, What::Ran)];
    assert_eq!(noted, expected, "one raise, and no key guard");
}

#[test]
fn it_holds_the_last_256() {
    let _alone = alone();
    let event = event(Policy::DropNewest, 1);
    let _installed = event.install(theirs()).unwrap();
    set_recording(true);
    raise(event, 0..300);
    set_recording(false);
    let all: Vec<_> = recorded().collect();
    assert_eq!(all.len(), 256);
    assert!(all.iter().all(|entry| entry.event == event.core() && entry.what == What::Ran));
    assert!(all.is_sorted_by(|newer, older| newer.time >= older.time));
}
