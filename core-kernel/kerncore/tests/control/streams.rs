//! Properties of a stream of frames: how it is cut does not matter, what stands between frames is skipped and counted.

use proptest::collection::vec;
use proptest::prelude::*;
use spindle_kerncore::control::{Conversation, Decoder, Event, Request};

use crate::{decode, decode_with, frame, payload};

#[derive(Clone, Debug)]
enum Said {
    Hello(u32),
    Run(String),
    Begin(String, u32, bool),
    Chunk(u32, Vec<u8>),
    End,
}

impl Said {
    fn request(&self) -> Request<'_> {
        match self {
            Self::Hello(conversation) => Request::Hello { conversation: *conversation },
            Self::Run(line) => Request::Run { line },
            Self::Begin(name, length, replace) => {
                Request::Begin { name, length: *length, hash: [3; 16], replace: *replace }
            }
            Self::Chunk(offset, bytes) => Request::Chunk { offset: *offset, bytes },
            Self::End => Request::End,
        }
    }
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        any::<u32>().prop_map(Said::Hello),
        "[ -~]{0,40}".prop_map(Said::Run),
        ("[a-z]{0,80}", 0..20_000u32, any::<bool>())
            .prop_map(|(name, length, replace)| Said::Begin(name, length, replace)),
        (0..20_000u32, vec(any::<u8>(), 0..600)).prop_map(|(offset, bytes)| Said::Chunk(offset, bytes)),
        Just(Said::End),
    ]
}

proptest! {
    #[test]
    fn any_cut_of_the_stream_gives_the_same_messages(said in vec(said(), 1..8), cuts in vec(0..4000usize, 0..20)) {
        let stream: Vec<u8> = said.iter().flat_map(|said| frame(&said.request())).collect();
        let expected: Vec<_> = said.iter().map(|said| Ok(payload(&frame(&said.request())))).collect();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % stream.len()).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let mut decoder = Decoder::new();
        let found: Vec<_> =
            cuts.windows(2).flat_map(|cut| decode_with(&mut decoder, &stream[cut[0]..cut[1]])).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(decoder.skipped_bytes(), 0);
    }

    #[test]
    fn garbage_between_frames_is_skipped_and_counted(
        pieces in vec((vec(any::<u8>(), 0..300), said()), 1..6),
    ) {
        let stream: Vec<u8> =
            pieces.iter().flat_map(|(garbage, said)| [garbage.clone(), frame(&said.request())].concat()).collect();
        let mut decoder = Decoder::new();
        let found: Vec<_> = decode_with(&mut decoder, &stream).into_iter().flatten().collect();
        let expected: Vec<_> = pieces.iter().map(|(_, said)| payload(&frame(&said.request()))).collect();
        prop_assert_eq!(found, expected);
        let garbage = pieces.iter().flat_map(|(garbage, _)| garbage).filter(|byte| **byte != 0).count();
        prop_assert_eq!(decoder.skipped_bytes(), garbage as u64);
    }

    #[test]
    fn no_bytes_make_a_frame_by_chance(bytes in vec(any::<u8>(), 0..5000)) {
        prop_assert!(decode(&bytes).iter().all(Result::is_err));
    }

    /// Requests in any order, garbage and time in between: no panic, no upload kept that was not announced, and a hello
    /// always works.
    #[test]
    fn a_hello_is_always_welcome(
        pieces in vec((vec(any::<u8>(), 0..20), said(), 0..4_000_000_000u64), 0..12),
    ) {
        let mut conversation = Conversation::new("kernel");
        let mut now_ns = 0;
        for (garbage, said, passed_ns) in &pieces {
            now_ns += passed_ns;
            conversation.tick(now_ns);
            for byte in [garbage.clone(), frame(&said.request())].concat() {
                let runs = matches!(conversation.feed(byte, now_ns), Some(Event::Run(_) | Event::Load { .. }));
                if runs && passed_ns % 2 == 0 {
                    prop_assert!(conversation.finished(true).is_some());
                }
            }
        }
        let hello = frame(&Request::Hello { conversation: 9 });
        let (last, before) = hello.split_last().expect("a frame is not empty");
        before.iter().for_each(|&byte| drop(conversation.feed(byte, now_ns)));
        prop_assert!(matches!(conversation.feed(*last, now_ns), Some(Event::Answer(_))));
        prop_assert!(conversation.is_open());
    }
}
