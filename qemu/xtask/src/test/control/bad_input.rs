//! Hosts that do not keep to the protocol, and what the kernel says to them.

use std::time::Duration;

use spindle_abi::Fingerprint;
use spindle_kerncore::control::{CHUNK_BYTES, FrameFault, MAX_FRAME_BYTES, Reason, Request};

use super::Verdict;
use super::machine::Machine;
use super::raw::{Heard, Raw, frame};

pub(super) fn garbage(machine: &mut Machine) -> Verdict {
    let mut host = machine.connect()?;
    host.greet()?;
    host.say_bytes(b"GET / HTTP/1.1\r\n\r\n\0")?;
    host.is_refused(Reason::Frame(FrameFault::Garbage))?;
    // Before the next hello nothing more is said, however much comes.
    host.forget();
    let noise: Vec<u8> =
        (0..100_000u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    host.say_bytes(&noise)?;
    host.greet()?;
    host.say(&Request::Run { line: "log" })?;
    host.hears(&Heard::Done(true))
}

pub(super) fn cut_short(machine: &mut Machine) -> Verdict {
    let mut host = machine.connect()?;
    let run = frame(&Request::Run { line: "poweroff" });
    for cut in 2..run.len() - 1 {
        host.greet()?;
        host.say_bytes(&run[..cut])?;
        host.say_bytes(&[0])?;
        match wait_for_refusal(&mut host)? {
            Reason::Frame(FrameFault::Garbage | FrameFault::Checksum) => {}
            other => return Err(format!("cut at {cut}: {other:?}")),
        }
    }
    Ok(())
}

fn wait_for_refusal(host: &mut Raw) -> Result<Reason, String> {
    let ended = host.hears_the_end();
    let refused = host.heard().iter().find_map(|heard| match heard {
        Heard::Refused(reason) => Some(*reason),
        _ => None,
    });
    refused.ok_or_else(|| format!("no refusal: {ended:?}"))
}

pub(super) fn too_long(machine: &mut Machine) -> Verdict {
    let mut host = machine.connect()?;
    host.greet()?;
    let length = MAX_FRAME_BYTES + 100_000;
    host.say_bytes(&vec![7; length])?;
    host.say_bytes(&[0])?;
    host.is_refused(Reason::Frame(FrameFault::TooLong { length: length as u32 }))
}

pub(super) fn out_of_order(machine: &mut Machine) -> Verdict {
    let mut host = machine.connect()?;
    let begin = Request::Begin { name: "x", length: 10, hash: [0; 16], replace: false };
    let chunk = |offset| Request::Chunk { offset, bytes: b"12345" };
    let run = Request::Run { line: "mem" };
    let cases: [(&[Request<'_>], Reason); 6] = [
        (&[Request::End], Reason::NoUpload),
        (&[chunk(0)], Reason::NoUpload),
        (&[begin, run], Reason::WhileUploading),
        (&[begin, chunk(0), chunk(0)], Reason::WrongOffset { expected: 5, found: 0 }),
        (&[begin, chunk(0), Request::End], Reason::Incomplete { received: 5, length: 10 }),
        (&[begin, chunk(0), chunk(5), Request::End], Reason::WrongHash),
    ];
    for (requests, reason) in cases {
        host.greet()?;
        requests.iter().try_for_each(|request| host.say(request))?;
        host.is_refused(reason)?;
    }
    // Now nobody has said hello; the refusal before it was the one that is told.
    host.forget();
    host.say(&run)?;
    host.greet()
}

pub(super) fn half_an_upload(machine: &mut Machine) -> Verdict {
    let package = std::fs::read(machine.package("hello")).map_err(|error| error.to_string())?;
    for stop in [CHUNK_BYTES, CHUNK_BYTES + 100] {
        let mut host = machine.connect()?;
        host.greet()?;
        begin(&mut host, &package)?;
        let sent: Vec<u8> = chunks(&package).concat();
        host.say_bytes(&sent[..stop])?;
        drop(host);
        machine.push(&["hello"]).succeeds_with("loaded hello")?;
        machine.ctl(&["ext", "unload", "hello"]).succeeds_with("unloaded hello")?;
    }
    Ok(())
}

pub(super) fn silence(machine: &mut Machine) -> Verdict {
    let mut host = machine.connect()?;
    host.greet()?;
    begin(&mut host, &vec![7; 1 << 20])?;
    host.hears(&Heard::Received(0))?;
    host.is_refused(Reason::Silence)?;
    machine.shows("an upload has stopped and is dropped")
}

/// All of it is sent before the command ends that came first; a lost byte would show in the hash.
pub(super) fn busy_kernel(machine: &mut Machine) -> Verdict {
    let package: Vec<u8> =
        (0..1u32 << 20).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut host = machine.connect()?;
    host.greet()?;
    host.say(&Request::Run { line: "bench P1 --samples 1000000" })?;
    begin(&mut host, &package)?;
    host.say_meanwhile([chunks(&package).concat(), frame(&Request::End)].concat())?;
    host.hears(&Heard::Received(1 << 20))?;
    host.hears(&Heard::Done(false))?;
    let ends: Vec<&Heard> = host.heard().iter().filter(|heard| matches!(heard, Heard::Done(_))).collect();
    if ends == [&Heard::Done(true), &Heard::Done(false)] { Ok(()) } else { Err(format!("{ends:?}")) }
}

/// Asks for far more than the socket holds, and reads nothing of it.
pub(super) fn does_not_read(machine: &mut Machine) -> Verdict {
    let mut host = machine.connect()?;
    host.greet()?;
    let help = frame(&Request::Run { line: "help" });
    (0..50).try_for_each(|_| host.say_bytes(&help))?;
    machine.shows("the host does not read its answers")?;
    machine.console().type_keys(b"uptime\r");
    machine.shows("\nup ")?;
    // When it reads again it learns what has happened.
    host.is_refused(Reason::NotRead)?;
    host.greet()?;
    (0..50).try_for_each(|_| host.say_bytes(&help))?;
    machine.shows("the host does not read its answers")?;
    drop(host);
    std::thread::sleep(Duration::from_millis(100));
    machine.ctl(&["uptime"]).succeeds_with("up ")
}

fn begin(host: &mut Raw, package: &[u8]) -> Verdict {
    let hash = Fingerprint::of_bytes(package).0;
    host.say(&Request::Begin { name: "case.ext", length: package.len() as u32, hash, replace: false })
}

fn chunks(package: &[u8]) -> Vec<Vec<u8>> {
    let chunk = |(index, bytes)| frame(&Request::Chunk { offset: (index * CHUNK_BYTES) as u32, bytes });
    package.chunks(CHUNK_BYTES).enumerate().map(chunk).collect()
}
