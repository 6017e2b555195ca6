//! The control protocol: frames on a stream of bytes, and what a conversation makes of them.

mod conversation;
mod frames;
mod streams;

use spindle_kerncore::control::{
    Answer, Decoder, FrameFault, MAX_FRAME_BYTES, MAX_PAYLOAD_BYTES, Request, encode,
};

/// The frame around a request.
fn frame(request: &Request<'_>) -> Vec<u8> {
    let mut room = vec![0; MAX_FRAME_BYTES];
    encode::<MAX_PAYLOAD_BYTES>(request, &mut room).expect("requests of tests are not too long").to_vec()
}

/// The frame around an answer.
fn answer(answer: &Answer<'_>) -> Vec<u8> {
    let mut room = vec![0; MAX_FRAME_BYTES];
    encode::<MAX_PAYLOAD_BYTES>(answer, &mut room).expect("answers of tests are not too long").to_vec()
}

/// Every payload and fault in `bytes`.
fn decode(bytes: &[u8]) -> Vec<Result<Vec<u8>, FrameFault>> {
    decode_with(&mut Decoder::new(), bytes)
}

/// The same with a decoder that has seen bytes before.
fn decode_with(decoder: &mut Decoder, bytes: &[u8]) -> Vec<Result<Vec<u8>, FrameFault>> {
    bytes.iter().filter_map(|&byte| decoder.feed(byte).map(|frame| frame.map(<[u8]>::to_vec))).collect()
}

/// The payload of one whole frame.
fn payload(frame: &[u8]) -> Vec<u8> {
    let [Ok(payload)] = &decode(frame)[..] else { panic!("not one frame: {frame:?}") };
    payload.clone()
}
