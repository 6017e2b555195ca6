//! A conversation: what may come when.

use spindle_abi::Fingerprint;
use spindle_abi::package::MAX_PACKAGE_BYTES;
use spindle_kerncore::control::{
    Answer, CHUNK_BYTES, Conversation, Event, FrameFault, MAX_LINE_BYTES, Reason, Request, SILENCE_NS,
};

use crate::frame;

/// A kernel that remembers what it was asked to do.
struct Kernel {
    conversation: Conversation,
    now_ns: u64,
}

/// What became of a request.
#[derive(Debug, PartialEq, Eq)]
enum Did {
    Nothing,
    Welcomed(u32),
    Received(u32),
    Ran(String),
    Loaded(String, Vec<u8>, bool),
    Refused(Reason),
}

impl Kernel {
    fn new() -> Self {
        Self { conversation: Conversation::new("Spindle"), now_ns: 0 }
    }

    /// One that has been greeted.
    fn greeted() -> Self {
        let mut kernel = Self::new();
        assert_eq!(kernel.takes(Request::Hello { conversation: 5 }), Did::Welcomed(5));
        kernel
    }

    fn takes(&mut self, request: Request<'_>) -> Did {
        self.takes_bytes(&frame(&request))
    }

    /// Only the last byte may lead to something.
    fn takes_bytes(&mut self, bytes: &[u8]) -> Did {
        let mut done = Did::Nothing;
        for &byte in bytes {
            assert_eq!(done, Did::Nothing, "something was done before the end");
            done = self.conversation.feed(byte, self.now_ns).map_or(Did::Nothing, Did::of);
        }
        done
    }

    fn begins(&mut self, package: &[u8]) {
        let hash = Fingerprint::of_bytes(package).0;
        let begin = Request::Begin { name: "hello.ext", length: package.len() as u32, hash, replace: true };
        assert_eq!(self.takes(begin), Did::Received(0));
    }

    fn sends(&mut self, package: &[u8]) {
        for (index, bytes) in package.chunks(CHUNK_BYTES).enumerate() {
            let offset = (index * CHUNK_BYTES) as u32;
            let there = Did::Received(offset + bytes.len() as u32);
            assert_eq!(self.takes(Request::Chunk { offset, bytes }), there);
        }
    }
}

impl Did {
    fn of(event: Event<'_>) -> Self {
        match event {
            Event::Run(line) => Self::Ran(line.to_owned()),
            Event::Load { name, bytes, replace } => Self::Loaded(name.as_str().to_owned(), bytes, replace),
            Event::Answer(Answer::Welcome { conversation, kernel: "Spindle" }) => {
                Self::Welcomed(conversation)
            }
            Event::Answer(Answer::Received { length }) => Self::Received(length),
            Event::Answer(Answer::Refused { reason }) => Self::Refused(reason),
            Event::Answer(answer) => panic!("no request is answered by {answer:?}"),
        }
    }
}

fn package() -> Vec<u8> {
    (0..3 * CHUNK_BYTES + 1).map(|index| (index / 7) as u8).collect()
}

#[test]
fn a_line_is_run_and_the_next_one_after_it() {
    let mut kernel = Kernel::greeted();
    for line in ["ext list --json", "", "mem"] {
        assert_eq!(kernel.takes(Request::Run { line }), Did::Ran(line.to_owned()));
        assert_eq!(kernel.conversation.finished(true), Some(Answer::Done { succeeded: true }));
    }
}

#[test]
fn a_package_that_comes_whole_is_loaded() {
    let mut kernel = Kernel::greeted();
    kernel.begins(&package());
    kernel.sends(&package());
    assert_eq!(kernel.takes(Request::End), Did::Loaded("hello.ext".to_owned(), package(), true));
    assert_eq!(kernel.conversation.finished(false), Some(Answer::Done { succeeded: false }));
    assert_eq!(kernel.takes(Request::Run { line: "mem" }), Did::Ran("mem".to_owned()));
}

#[test]
fn an_empty_package_is_handed_on_to_be_refused_as_a_package() {
    let mut kernel = Kernel::greeted();
    kernel.begins(&[]);
    assert_eq!(kernel.takes(Request::End), Did::Loaded("hello.ext".to_owned(), Vec::new(), true));
}

#[test]
fn nothing_works_before_a_hello_and_only_the_first_refusal_is_told() {
    let mut kernel = Kernel::new();
    assert_eq!(kernel.takes(Request::Run { line: "mem" }), Did::Refused(Reason::NoHello));
    assert_eq!(kernel.takes(Request::End), Did::Nothing);
    assert_eq!(kernel.takes_bytes(b"garbage\0"), Did::Nothing);
    assert_eq!(kernel.conversation.refusals(), 3);
    assert_eq!(kernel.conversation.skipped_bytes(), 7);
    assert_eq!(kernel.takes(Request::Hello { conversation: 8 }), Did::Welcomed(8));
    assert_eq!(kernel.takes_bytes(b"garbage\0"), Did::Refused(Reason::Frame(FrameFault::Garbage)));
}

/// Brings a kernel into a state.
type Prepare<'a> = &'a dyn Fn(&mut Kernel);

/// Each request out of its order, the state it comes in, and why it is refused.
#[test]
fn what_is_out_of_order_ends_the_conversation() {
    let chunk = Request::Chunk { offset: 0, bytes: b"x" };
    let run = Request::Run { line: "mem" };
    let begin = Request::Begin { name: "x", length: 1, hash: [0; 16], replace: false };
    let idle = |_: &mut Kernel| ();
    let uploading = |kernel: &mut Kernel| kernel.begins(&package());
    let running = |kernel: &mut Kernel| assert_eq!(kernel.takes(run), Did::Ran("mem".to_owned()));
    let cases: [(Prepare<'_>, Request<'_>, Reason); 6] = [
        (&idle, chunk, Reason::NoUpload),
        (&idle, Request::End, Reason::NoUpload),
        (&uploading, run, Reason::WhileUploading),
        (&uploading, begin, Reason::WhileUploading),
        (&running, run, Reason::WhileRunning),
        (&running, chunk, Reason::WhileRunning),
    ];
    for (prepare, request, reason) in cases {
        let mut kernel = Kernel::greeted();
        prepare(&mut kernel);
        assert_eq!(kernel.takes(request), Did::Refused(reason));
        assert!(!kernel.conversation.is_open());
        assert_eq!(kernel.conversation.finished(true), None, "whoever asked is gone");
        assert_eq!(kernel.takes(Request::Hello { conversation: 1 }), Did::Welcomed(1));
    }
}

#[test]
fn parts_of_an_upload_must_fit() {
    let refuses = |sent: &[u8], request: Request<'_>, reason| {
        let mut kernel = Kernel::greeted();
        kernel.begins(&package());
        kernel.sends(sent);
        assert_eq!(kernel.takes(request), Did::Refused(reason));
    };
    let (length, chunk) = (package().len() as u32, CHUNK_BYTES as u32);
    refuses(&[], Request::End, Reason::Incomplete { received: 0, length });
    refuses(
        &package()[..CHUNK_BYTES],
        Request::Chunk { offset: 0, bytes: b"x" },
        Reason::WrongOffset { expected: chunk, found: 0 },
    );
    refuses(&[], Request::Chunk { offset: 0, bytes: b"" }, Reason::WrongChunk { left: length, found: 0 });
    refuses(
        &package()[..3 * CHUNK_BYTES],
        Request::Chunk { offset: 3 * chunk, bytes: b"xy" },
        Reason::WrongChunk { left: 1, found: 2 },
    );
    let mut altered = package();
    altered[9] ^= 1;
    refuses(&altered, Request::End, Reason::WrongHash);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_sent() {
    let begin = |name, length| {
        Kernel::greeted().takes(Request::Begin { name, length, hash: [0; 16], replace: false })
    };
    let length = MAX_PACKAGE_BYTES as u32 + 1;
    assert_eq!(begin("x", length), Did::Refused(Reason::TooLarge { length }));
    assert_eq!(begin("x", u32::MAX), Did::Refused(Reason::TooLarge { length: u32::MAX }));
    for name in ["", "a\nb", &"x".repeat(65)] {
        assert_eq!(begin(name, 1), Did::Refused(Reason::BadName), "{name:?}");
    }
    let length = MAX_LINE_BYTES as u32 + 1;
    let long = "x".repeat(MAX_LINE_BYTES + 1);
    assert_eq!(
        Kernel::greeted().takes(Request::Run { line: &long }),
        Did::Refused(Reason::LineTooLong { length })
    );
    assert_eq!(Kernel::greeted().takes(Request::Run { line: "a\nb" }), Did::Refused(Reason::LineNotPlain));
}

#[test]
fn an_upload_that_stops_is_dropped_by_time_or_by_the_next_hello() {
    let mut kernel = Kernel::greeted();
    kernel.begins(&package());
    kernel.now_ns = SILENCE_NS - 1;
    assert_eq!(kernel.conversation.tick(kernel.now_ns), None);
    kernel.sends(&package()[..CHUNK_BYTES]);
    kernel.now_ns = 2 * SILENCE_NS - 2;
    assert_eq!(kernel.conversation.tick(kernel.now_ns), None, "the chunk came late, but it came");
    kernel.now_ns += 1;
    let refused = Some(Answer::Refused { reason: Reason::Silence });
    assert_eq!(kernel.conversation.tick(kernel.now_ns), refused);
    assert_eq!(kernel.conversation.tick(kernel.now_ns), None);

    let mut kernel = Kernel::greeted();
    kernel.begins(&package());
    let half = frame(&Request::Chunk { offset: 0, bytes: &package()[..CHUNK_BYTES] });
    assert_eq!(kernel.takes_bytes(&half[..half.len() / 2]), Did::Nothing);
    // The zero that begins the hello ends the half of a frame.
    let hello = frame(&Request::Hello { conversation: 6 });
    assert_eq!(kernel.takes_bytes(&hello[..1]), Did::Refused(Reason::Frame(FrameFault::Garbage)));
    assert_eq!(kernel.takes_bytes(&hello[1..]), Did::Welcomed(6));
    kernel.begins(&package());
    kernel.sends(&package());
}

#[test]
fn silence_alone_ends_nothing() {
    let mut kernel = Kernel::greeted();
    assert_eq!(kernel.conversation.tick(100 * SILENCE_NS), None);
    assert!(kernel.conversation.is_open());
}

#[test]
fn a_host_that_does_not_read_is_told_so_and_nothing_more() {
    let mut kernel = Kernel::greeted();
    assert_eq!(kernel.takes(Request::Run { line: "dmesg" }), Did::Ran("dmesg".to_owned()));
    assert_eq!(kernel.conversation.give_up(), Some(Answer::Refused { reason: Reason::NotRead }));
    assert_eq!(kernel.conversation.give_up(), None);
    assert_eq!(kernel.conversation.finished(true), None);
    assert_eq!(kernel.takes(Request::End), Did::Nothing);
    assert_eq!(kernel.takes(Request::Hello { conversation: 1 }), Did::Welcomed(1));
}
