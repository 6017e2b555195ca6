//! Authorizers: who may bind what. Nobody but the owner, unless one says so.
#![allow(clippy::unwrap_used, reason = "what does not work in a helper fails the test that asked for it")]
mod support;

use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{
    Authorizer, Event, Guard, InstallError, Interface, Order, Owner, Request, Role, Verdict, Wish,
};
use std::sync::Mutex;
use support::events::{Packet, Sum};
use support::{
    PacketEvent, closure, extension, extension_guard, extension_of, leaked, packet_guard, port, seen,
};

/// Answers one thing to everybody.
struct Says(&'static str, fn() -> Verdict);

impl Authorizer for Says {
    fn name(&self) -> &'static str {
        self.0
    }

    fn authorize(&self, _: &Request<'_>) -> Verdict {
        (self.1)()
    }
}

static YES: Says = Says("yes", || Verdict::Allow);
static NO: Says = Says("no", || Verdict::Deny("nobody may"));

fn denied(by: &'static str, error: InstallError) -> bool {
    matches!(error, InstallError::Denied { by: name, .. } if name == by)
}

#[test]
fn without_an_authorizer_only_the_owner_binds() {
    let event: &PacketEvent = leaked(Event::new());
    let refused = event.install(extension(1)).unwrap_err();
    assert!(denied("test.Packet", refused), "{refused}: the event is named");
    assert!(event.bind(extension(1)).is_err(), "not even made");
    let guard = extension_guard::<Packet, _>(Owner(1), |_| true);
    assert!(denied("test.Packet", event.core().impose_on_all(guard).unwrap_err()));
    let _kernels = event.install(closure::<Packet>(1)).unwrap();
    assert_eq!(seen(event), [1]);
}

#[test]
fn an_interface_without_one_is_named() {
    static BARE: Interface = Interface::new("bare");
    let event: &PacketEvent = leaked(Event::new().of(&BARE));
    assert!(denied("bare", event.install(extension(1)).unwrap_err()));
    BARE.set_authorizer(&YES);
    assert!(event.install(extension(1)).is_ok());
}

#[test]
fn the_owner_is_not_asked() {
    static STRICT: Interface = Interface::governed("strict", &NO);
    let event: &PacketEvent = leaked(Event::new().of(&STRICT).owned_by(Owner(4)));
    let _own = event.install(extension_of::<Packet>(4, Owner(4))).unwrap();
    let _guard = event.core().impose_on_all(extension_guard::<Packet, _>(Owner(4), |_| true)).unwrap();
    for other in [extension_of::<Packet>(5, Owner(5)), closure::<Packet>(0)] {
        let refused = event.install(other).unwrap_err();
        assert_eq!(
            refused,
            InstallError::Denied { by: "no", why: "nobody may" },
            "the kernel is no exception"
        );
    }
    assert_eq!(seen(event), [4]);
}

#[test]
fn the_events_own_comes_before_its_interfaces() {
    static LAX: Interface = Interface::governed("lax", &YES);
    let strict: &PacketEvent = leaked(Event::new().of(&LAX));
    let lax: &PacketEvent = leaked(Event::new().of(&LAX));
    strict.core().set_authorizer(&NO);
    assert!(denied("no", strict.install(extension(1)).unwrap_err()));
    assert!(lax.install(extension(1)).is_ok());
    let name = |event: &'static PacketEvent| event.core().authorizer().map(|authorizer| authorizer.name());
    assert_eq!((name(strict), name(lax)), (Some("no"), Some("yes")));
}

/// Writes down who asks for what.
struct Notes(Mutex<Vec<String>>);

impl Authorizer for Notes {
    fn name(&self) -> &'static str {
        "notes"
    }

    fn authorize(&self, request: &Request<'_>) -> Verdict {
        let wish = match &request.wish {
            Wish::Bind(handler) => format!(
                "{:?} key={} guard={} {:?} cancel={} async={}",
                handler.role(),
                handler.key().is_some(),
                handler.is_guarded(),
                handler.order(),
                handler.is_cancelling(),
                handler.is_asynchronous(),
            ),
            Wish::Impose(guard) => format!("impose post={}", guard.is_post()),
        };
        self.0.lock().unwrap().push(format!(
            "{} {}: {wish}",
            request.event.declaration().name,
            request.asker.0
        ));
        Verdict::Allow
    }
}

#[test]
fn it_sees_who_asks_where_for_what() {
    static NOTES: Notes = Notes(Mutex::new(Vec::new()));
    static NOTED: Interface = Interface::governed("noted", &NOTES);
    let packets: &PacketEvent = leaked(Event::new().of(&NOTED));
    let sums: &'static Event<Sum, HostStrand> = leaked(Event::new().of(&NOTED));
    let handler = extension_of::<Packet>(1, Owner(3)).with_key(port(1)).ordered(Order::First).cancelling();
    let _a = packets.install(handler.with_guard(packet_guard(|_| true))).unwrap();
    let _b = sums.bind(extension_of::<Sum>(1, Owner(4)).as_default()).unwrap();
    let _c = packets.core().impose_on_all(extension_guard::<Packet, _>(Owner(5), |_| true).post()).unwrap();
    let expected = [
        "test.Packet 3: Handler key=true guard=true First cancel=true async=false",
        "test.Sum 4: Default key=false guard=false Ordinary cancel=false async=false",
        "test.Packet 5: impose post=true",
    ];
    assert_eq!(*NOTES.0.lock().unwrap(), expected);
}

#[test]
fn it_is_asked_when_a_binding_is_made_and_not_again() {
    static ONCE: Says = Says("once", || Verdict::Allow);
    let event: &PacketEvent = leaked(Event::new());
    event.core().set_authorizer(&ONCE);
    let bound = event.bind(extension(1)).unwrap();
    event.core().set_authorizer(&NO);
    let installed = bound.install().expect("it was allowed when it was made");
    assert_eq!(seen(event), [1]);
    let _imposed = installed.impose(packet_guard(|_| true)).expect("having the descriptor is the right to");
}

#[test]
fn one_that_is_denied_leaves_no_trace() {
    let event: &PacketEvent = leaked(Event::new());
    event.core().set_authorizer(&NO);
    let many = vec![closure::<Packet>(1), extension(2)];
    assert!(denied("no", event.core().install_all(many).unwrap_err()));
    assert_eq!((seen(event), support::listed(event).len()), (vec![], 0));
}

#[test]
fn a_guard_that_it_imposes_must_be_of_the_event() {
    static WRONG: Says = Says("wrong", || Verdict::AllowWith(Guard::kernel::<Sum>(|_| true).unwrap()));
    let event: &PacketEvent = leaked(Event::new());
    event.core().set_authorizer(&WRONG);
    assert_eq!(event.install(extension(1)).unwrap_err(), InstallError::OtherEvent("test.Sum"));
}

#[test]
fn it_may_bind_something_itself_while_it_is_asked() {
    struct Binds;
    impl Authorizer for Binds {
        fn name(&self) -> &'static str {
            "binds"
        }
        fn authorize(&self, request: &Request<'_>) -> Verdict {
            let _kept = request.event.install(closure::<Packet>(7)).unwrap();
            Verdict::Allow
        }
    }
    let event: &PacketEvent = leaked(Event::new());
    event.core().set_authorizer(&Binds);
    let _installed = event.install(extension(1)).unwrap();
    assert_eq!(seen(event), [7, 1]);
    assert_eq!(support::listed(event).iter().filter(|(_, role)| *role == Role::Handler).count(), 2);
}

#[test]
fn what_is_granted_under_a_guard_is_not_granted_where_no_guards_are_asked() {
    static GUARDED: Says = Says("guarded", || Verdict::AllowWith(Guard::kernel::<Sum>(|_| false).unwrap()));
    let event: &Event<Sum, HostStrand> = leaked(Event::new());
    event.core().set_authorizer(&GUARDED);
    let handler = || extension_of::<Sum>(7, Owner(1));
    assert_eq!(event.install(handler().as_default()).unwrap_err(), InstallError::NotInRole(Role::Default));
    assert_eq!(event.install(handler().as_result()).unwrap_err(), InstallError::NotInRole(Role::Result));
    let _guarded = event.install(handler()).unwrap();
    let raised = support::raise_with(event, &mut support::events::SumFrame::default());
    assert_eq!(raised, Err(spindle_dispatcher::RaiseError::NoHandler));
}
