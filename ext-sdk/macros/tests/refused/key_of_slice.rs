//! A key is an integer or a word.

spindle_macros::interface! {
    test {
        /// An item.
        event Packet(#[key] bytes: &[u8]);
    }
}

fn main() {}
