//! Arguments: every handler finds what the raiser passed, as the handlers before it left it.
mod support;

use spindle_abi::{Declaration, EventSpec, Key, KeyField, KeyKind};
use spindle_dispatcher::Handler;
use spindle_dispatcher::host::HostStrand;
use support::events::{Packet, PacketFrame, Traced};
use support::{closure, event, event_of, extension_that, port, raise, raise_with};

/// `event test.Wide(name: &str, count: &mut u64, numbers: [u64; 8])`: more than fits registers, and borrowed.
struct Wide;

struct WideFrame<'a> {
    name: &'a str,
    count: &'a mut u64,
    numbers: [u64; 8],
    result: (),
}

// SAFETY: no other event has this declaration.
unsafe impl EventSpec for Wide {
    const DECLARATION: &'static Declaration = &Declaration::new("test.Wide", "event test.Wide(...)");
    const KEYS: &'static [KeyField] = &[KeyField { name: "name", kind: KeyKind::Word }];
    type Frame<'a> = WideFrame<'a>;
    type Result = ();

    fn result<'a>(frame: &'a mut WideFrame<'_>) -> &'a mut () {
        &mut frame.result
    }

    fn key<'a>(frame: &'a WideFrame<'_>, _: usize) -> Key<'a> {
        Key::Word(frame.name)
    }
}

#[test]
fn every_argument_arrives_and_what_is_lent_for_writing_is_written() {
    let event = event_of::<Wide, HostStrand>();
    let sums = |frame: &mut WideFrame<'_>| {
        *frame.count += frame.numbers.iter().sum::<u64>() + frame.name.len() as u64;
    };
    let _extension = event.install(extension_that::<Wide, _>(sums)).unwrap();
    let _kernel = event.install(Handler::closure::<Wide>(sums).unwrap()).unwrap();
    let name = String::from("seven!!");
    let mut count = 100;
    let mut frame =
        WideFrame { name: &name, count: &mut count, numbers: [1, 2, 3, 4, 5, 6, 7, 8], result: () };
    raise_with(event, &mut frame).unwrap();
    assert_eq!(count, 100 + 2 * (36 + 7));
}

#[test]
fn a_handler_finds_what_the_one_before_left() {
    let event = event();
    let doubles = Handler::closure::<Packet>(|frame| frame.port *= 2).unwrap();
    let _doubles = event.install(doubles).unwrap();
    let signs = extension_that::<Packet, _>(|frame: &mut PacketFrame| {
        let port = frame.port;
        Packet::sign(frame, port);
    });
    let _signs = event.install(signs).unwrap();
    assert_eq!(raise(event, "", 21), Ok(vec![42]));
}

#[test]
fn key_fields_count_as_the_raiser_passed_them_whatever_handlers_make_of_them() {
    let event = event();
    let changes = Handler::closure::<Packet>(|frame| frame.port = 2).unwrap();
    let _changes = event.install(changes).unwrap();
    let _before = event.install(closure::<Packet>(1).with_key(port(1))).unwrap();
    let _after = event.install(closure::<Packet>(2).with_key(port(2))).unwrap();
    assert_eq!(raise(event, "", 1), Ok(vec![1]));
}
