//! One frame: what is on the line, and what is refused.

use spindle_kerncore::control::{
    Answer, CHUNK_BYTES, EncodeError, FrameFault, MAX_FRAME_BYTES, MAX_PAYLOAD_BYTES, Reason, Request, encode,
};

use crate::{answer, decode, frame, payload};

const PAGE: &str = include_str!("../../../../docs/reference/control-protocol.md");

#[test]
fn the_page_names_every_reason_with_its_number() {
    let reasons = (0u8..).map_while(|number| {
        // The kind of an answer, of a reason, and enough zeros for what it holds.
        let bytes = [4, number, 0, 0, 0];
        match postcard::take_from_bytes(&bytes) {
            Ok((Answer::Refused { reason }, _)) => Some((number, format!("{reason:?}"))),
            _ => None,
        }
    });
    let rows: Vec<String> = reasons
        .map(|(number, reason)| {
            let name =
                reason.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
            format!("| {number} | {name} |")
        })
        .collect();
    assert_eq!(rows.len(), 17);
    rows.iter().for_each(|row| assert!(PAGE.contains(row), "no row `{row}`"));
}

#[test]
fn the_bytes_of_a_hello_are_what_the_page_says() {
    let lines = ["00   ", "03 01 03   ", "01   ", "07 ac 02   ", "1f 9a 82 d1   ", "00   "];
    assert!(lines.iter().all(|line| PAGE.lines().any(|shown| shown.starts_with(line))));
    let hello = frame(&Request::Hello { conversation: 300 });
    assert_eq!(hello, [0, 3, 1, 3, 1, 7, 0xac, 0x02, 0x1f, 0x9a, 0x82, 0xd1, 0]);
}

#[test]
fn a_frame_has_no_zero_inside() {
    for request in [
        Request::Hello { conversation: 0 },
        Request::Run { line: "" },
        Request::Begin { name: "x", length: 0, hash: [0; 16], replace: false },
        Request::Chunk { offset: 0, bytes: &[0; CHUNK_BYTES] },
        Request::Chunk { offset: u32::MAX, bytes: &[255; CHUNK_BYTES] },
        Request::End,
    ] {
        let bytes = frame(&request);
        let inside = bytes.strip_prefix(&[0]).and_then(|rest| rest.strip_suffix(&[0])).expect("two ends");
        assert!(!inside.contains(&0));
        assert_eq!(Request::parse(&payload(&bytes)), Some(request));
    }
}

/// A block of stuffing ends after 254 bytes: lengths around it are the hard ones.
#[test]
fn payloads_of_every_length_come_back_as_they_went() {
    for byte in [0, 1, 255] {
        for length in (0..800).chain(CHUNK_BYTES - 300..=CHUNK_BYTES) {
            let request = Request::Chunk { offset: 1, bytes: &vec![byte; length] };
            assert_eq!(Request::parse(&payload(&frame(&request))), Some(request), "{length} times {byte}");
        }
    }
}

#[test]
fn answers_come_back_as_they_went() {
    for message in [
        Answer::Welcome { conversation: 7, kernel: "Spindle 0.1.0" },
        Answer::Output { text: b"half a \xc3" },
        Answer::Received { length: 1 << 20 },
        Answer::Done { succeeded: true },
        Answer::Refused { reason: Reason::Frame(FrameFault::Length { said: 3, is: 4 }) },
        Answer::Refused { reason: Reason::WrongOffset { expected: 4096, found: 0 } },
    ] {
        assert_eq!(Answer::parse(&payload(&answer(&message))), Some(message));
    }
}

#[test]
fn a_frame_cut_short_anywhere_is_refused_and_the_next_one_is_found() {
    let (first, second) = (frame(&Request::Run { line: "ext list" }), frame(&Request::End));
    for cut in 2..first.len() - 1 {
        let found = decode(&[&first[..cut], &second].concat());
        assert!(
            matches!(found[0], Err(FrameFault::Checksum | FrameFault::Garbage)),
            "cut at {cut}: {:?}",
            found[0]
        );
        assert_eq!(found[1..], [Ok(payload(&second))], "cut at {cut}");
    }
}

#[test]
fn a_frame_altered_in_any_bit_is_refused() {
    let bytes = frame(&Request::Run { line: "ext unload hello" });
    let whole = payload(&bytes);
    for bit in 8..(bytes.len() - 1) * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(
            decode(&altered).iter().all(|found| found.as_ref() != Ok(&whole) && found.is_err()),
            "bit {bit}"
        );
    }
}

#[test]
fn a_frame_longer_than_any_is_refused_with_its_length_and_the_next_one_is_found() {
    for length in [MAX_FRAME_BYTES - 1, MAX_FRAME_BYTES, 1 << 20] {
        let next = frame(&Request::End);
        let found = decode(&[&vec![7; length][..], &next].concat());
        assert_eq!(found, [Err(FrameFault::TooLong { length: length as u32 }), Ok(payload(&next))]);
    }
}

/// What a correct sender of another version, or one with another idea of its length, would put on the line.
#[test]
fn another_version_and_a_wrong_length_are_told_apart_from_garbage() {
    let of = |inside: &[u8]| {
        let checksum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(inside).to_le_bytes();
        let mut stuffed = [0; 64];
        let length = cobs::encode(&[inside, &checksum].concat(), &mut stuffed);
        decode(&stuffed[..=length])
    };
    assert_eq!(of(&[2, 1, 0, 4]), [Err(FrameFault::Version { found: 2 })]);
    assert_eq!(of(&[1, 9, 0, 4]), [Err(FrameFault::Length { said: 9, is: 1 })]);
    assert_eq!(of(&[1, 1, 0, 4]), [Ok(vec![4])]);
    assert_eq!(of(&[1, 1]), [Err(FrameFault::Garbage)]);
}

#[test]
fn what_does_not_fit_is_not_written() {
    let chunk = [7; CHUNK_BYTES];
    let request = Request::Chunk { offset: u32::MAX, bytes: &chunk };
    let needed = frame(&request).len();
    for room in 0..needed {
        assert_eq!(
            encode::<MAX_PAYLOAD_BYTES>(&request, &mut vec![0; room]),
            Err(EncodeError::TooLong),
            "{room}"
        );
    }
    assert_eq!(encode::<CHUNK_BYTES>(&request, &mut [0; MAX_FRAME_BYTES]), Err(EncodeError::TooLong));
}

#[test]
fn a_message_with_something_after_it_is_none() {
    let mut bytes = payload(&frame(&Request::End));
    bytes.push(0);
    assert_eq!(Request::parse(&bytes), None);
    assert_eq!(Request::parse(&[]), None);
    assert_eq!(Request::parse(&[99]), None);
}
