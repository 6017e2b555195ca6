//! Types: a handler, guard or fold of the kernel takes the frames of one event, and is bound to no other.
mod support;

use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Event, Guard, Handler, InstallError, Swap};
use support::events::{Ask, Packet, Sum};
use support::{TEST, closure, event, event_of, kernel, seen};

const PACKETS: InstallError = InstallError::OtherEvent("test.Packet");
const SUMS: InstallError = InstallError::OtherEvent("test.Sum");

#[test]
fn a_handler_of_another_event_is_refused() {
    static OTHER: Event<Sum, HostStrand> = Event::new().of(&TEST);
    assert_eq!(OTHER.install(kernel::<1>()), Err(PACKETS));
    assert_eq!(OTHER.install(closure::<Packet>(1)), Err(PACKETS));
    assert_eq!(OTHER.install(closure::<Packet>(1).as_default()), Err(PACKETS));
    assert_eq!(event().install(Handler::kernel::<Sum, support::Signs<1>>()), Err(SUMS));
    assert!(OTHER.install(Handler::kernel::<Sum, support::Signs<1>>()).is_ok());
}

#[test]
fn so_are_guards_however_they_come() {
    let event = event();
    let of_sums = || Guard::kernel::<Sum>(|_| true).unwrap();
    assert_eq!(event.install(support::extension(1).with_guard(of_sums())), Err(SUMS));
    assert_eq!(event.core().impose_on_all(of_sums()), Err(SUMS));
    let installed = event.install(support::extension(1)).unwrap();
    assert_eq!(installed.impose(of_sums()), Err(SUMS));
    assert_eq!(installed.impose(of_sums().post()), Err(SUMS));
    assert_eq!(Swap::new().impose(&installed, of_sums()).commit().unwrap_err().1, SUMS);
    assert_eq!(seen(event), [1]);
}

#[test]
fn so_are_folds_even_of_equal_results() {
    let fold = Handler::fold::<Sum>(|_, next| next).unwrap();
    assert_eq!(event_of::<Ask, HostStrand>().install(fold), Err(SUMS));
    let fold = Handler::fold::<Packet>(|(), ()| ()).unwrap();
    assert_eq!(event_of::<Sum, HostStrand>().install(fold), Err(PACKETS));
}

#[test]
fn nor_does_installing_many_let_one_through() {
    let event = event();
    let mixed = vec![kernel::<1>(), closure::<Sum>(2), kernel::<3>()];
    assert_eq!(event.core().install_all(mixed), Err(SUMS));
    assert_eq!(seen(event), []);
}
