//! The control protocol (`kerncore::control`): its decoder, and the kernel's side of a conversation.

use spindle_kerncore::control::{
    ANSWER_BYTES, ANSWER_FRAME_BYTES, Answer, Conversation, Event, MAX_LINE_BYTES, SILENCE_NS, encode,
};

/// Feeds `bytes` to a conversation whose host then falls silent; what is answered can be sent, what is to be run is a
/// line, and in the end a hello is understood (INV-CTL-3).
///
/// # Panics
/// If one of that is not so.
pub fn check(bytes: &[u8]) {
    let mut conversation = Conversation::new("fuzzed");
    for (now_ns, &byte) in (0..).zip(bytes) {
        let must_finish = match conversation.feed(byte, now_ns) {
            None => continue,
            Some(Event::Answer(answer)) => {
                send(&answer);
                false
            }
            Some(Event::Run(line)) => {
                assert!(line.len() <= MAX_LINE_BYTES && !line.chars().any(char::is_control));
                true
            }
            Some(Event::Load { .. }) => true,
        };
        if must_finish {
            let done = conversation.finished(byte & 1 == 0).expect("nobody else has said hello");
            send(&done);
        }
    }
    conversation.tick(u64::MAX).iter().for_each(send);
    assert!(SILENCE_NS < u64::MAX && conversation.skipped_bytes() <= bytes.len() as u64);
}

/// Every answer of the kernel fits into a frame.
fn send(answer: &Answer<'_>) {
    let mut frame = [0; ANSWER_FRAME_BYTES];
    encode::<ANSWER_BYTES>(answer, &mut frame).expect("an answer fits into its frame");
}
