//! The host's end against a kernel of threads and a socket.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::Duration;

use spindle_kerncore::control::{
    ANSWER_BYTES, ANSWER_FRAME_BYTES, Answer, Conversation, Event, Reason, encode,
};

use super::{Channel, ControlError, Package};

const PATIENCE: Duration = Duration::from_secs(10);

/// What a kernel that ran to the end of its connection did.
#[derive(Debug, Default, PartialEq, Eq)]
struct Did {
    ran: Vec<String>,
    loaded: Vec<(String, usize, bool)>,
}

/// A folder with a socket, longer than a socket's path may be, and a kernel that listens there.
struct Listening {
    folder: tempfile::TempDir,
    socket: PathBuf,
    kernel: JoinHandle<Did>,
}

/// A kernel that speaks `first`, whatever it is, before it hears.
fn listen(first: &'static [u8]) -> Listening {
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("long".repeat(30));
    std::fs::create_dir(&long).unwrap();
    let short = folder.path().join("s");
    let listener = UnixListener::bind(&short).unwrap();
    let socket = long.join("7.socket");
    std::fs::rename(short, &socket).unwrap();
    let kernel = std::thread::spawn(move || serve(listener.accept().unwrap().0, first));
    Listening { folder, socket, kernel }
}

fn serve(mut stream: UnixStream, first: &[u8]) -> Did {
    let mut conversation = Conversation::new("a kernel");
    let mut did = Did::default();
    stream.write_all(first).unwrap();
    let mut byte = [0];
    while stream.read(&mut byte).is_ok_and(|length| length == 1) {
        let succeeded = match conversation.feed(byte[0], 0) {
            None => continue,
            Some(Event::Answer(answer)) => {
                send(&mut stream, &answer);
                continue;
            }
            Some(Event::Run(line)) => {
                did.ran.push(line.to_owned());
                line != "fail"
            }
            Some(Event::Load { name, bytes, replace }) => {
                did.loaded.push((name.as_str().to_owned(), bytes.len(), replace));
                true
            }
        };
        send(&mut stream, &Answer::Output { text: b"said " });
        send(&mut stream, &Answer::Output { text: b"so\n" });
        send(&mut stream, &conversation.finished(succeeded).unwrap());
    }
    did
}

fn send(stream: &mut UnixStream, answer: &Answer<'_>) {
    let mut room = [0; ANSWER_FRAME_BYTES];
    stream.write_all(encode::<ANSWER_BYTES>(answer, &mut room).unwrap()).unwrap();
}

#[test]
fn lines_and_packages_reach_a_kernel_whose_path_is_long() {
    let Listening { folder: _folder, socket, kernel } = listen(b"");
    let mut channel = Channel::open(&socket).unwrap();
    assert_eq!(channel.hello(PATIENCE, || ()).unwrap(), "a kernel");
    let mut said = Vec::new();
    assert!(channel.run("ext list --json", PATIENCE, |text| said.extend_from_slice(text)).unwrap());
    assert_eq!(said, b"said so\n");
    assert!(!channel.run("fail", PATIENCE, |_| ()).unwrap());
    let bytes: Vec<u8> = (0..200_000).map(|index| index as u8).collect();
    let mut progress = Vec::new();
    let package = Package { name: "hello.ext", bytes: &bytes, replace: true };
    assert!(channel.push(package, PATIENCE, |there| progress.push(there), |_| ()).unwrap());
    assert!(progress.is_sorted() && progress.last() == Some(&200_000), "{progress:?}");
    drop(channel);
    let loaded = vec![("hello.ext".to_owned(), 200_000, true)];
    assert_eq!(kernel.join().unwrap(), Did { ran: vec!["ext list --json".into(), "fail".into()], loaded });
}

#[test]
fn what_was_meant_for_somebody_else_is_not_heard() {
    // The end of an answer, a refusal, and a welcome for another conversation.
    let mut first = b"end\0".to_vec();
    for answer in [
        Answer::Refused { reason: Reason::NoHello },
        Answer::Output { text: b"stale" },
        Answer::Welcome { conversation: 1, kernel: "stale" },
    ] {
        let mut room = [0; ANSWER_FRAME_BYTES];
        first.extend_from_slice(encode::<ANSWER_BYTES>(&answer, &mut room).unwrap());
    }
    let Listening { folder: _folder, socket, kernel } = listen(first.leak());
    let mut channel = Channel::open(&socket).unwrap();
    assert_eq!(channel.hello(PATIENCE, || ()).unwrap(), "a kernel");
    drop(channel);
    assert_eq!(kernel.join().unwrap(), Did::default());
}

#[test]
fn a_refusal_is_an_error_that_names_the_reason() {
    let Listening { folder: _folder, socket, .. } = listen(b"");
    let mut channel = Channel::open(&socket).unwrap();
    channel.hello(PATIENCE, || ()).unwrap();
    let package = Package { name: "two\nlines", bytes: b"x", replace: false };
    let error = channel.push(package, PATIENCE, |_| (), |_| ()).unwrap_err();
    assert!(matches!(error, ControlError::Refused(Reason::BadName)), "{error}");
    channel.hello(PATIENCE, || ()).unwrap();
    assert!(matches!(channel.run(&"x".repeat(2000), PATIENCE, |_| ()), Err(ControlError::TooLong)));
    assert!(channel.run("mem", PATIENCE, |_| ()).unwrap());
}

#[test]
fn nobody_there_and_nobody_who_answers_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s");
    assert!(matches!(Channel::open(&socket), Err(ControlError::NobodyListens(_))));
    let listener = UnixListener::bind(&socket).unwrap();
    let mut channel = Channel::open(&socket).unwrap();
    let mut waited = 0;
    let silent = channel.hello(Duration::from_millis(1500), || waited += 1);
    assert!(matches!(silent, Err(ControlError::Silent(_))) && waited == 1);
    drop(listener);
    assert!(matches!(channel.run("mem", PATIENCE, |_| ()), Err(ControlError::Ended)));
    assert!(
        matches!(Channel::open(&socket), Err(ControlError::NobodyListens(_))),
        "a file that was left behind"
    );
}

#[test]
fn a_kernel_of_another_version_is_recognised() {
    let mut frame = [0; 64];
    let inside = [9, 1, 0, 4];
    let checksum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&inside).to_le_bytes();
    let length = cobs::encode(&[&inside[..], &checksum].concat(), &mut frame);
    let Listening { folder: _folder, socket, .. } = listen(frame[..=length].to_vec().leak());
    let error = Channel::open(&socket).unwrap().hello(PATIENCE, || ()).unwrap_err();
    assert!(matches!(error, ControlError::Version(9)), "{error}");
}
