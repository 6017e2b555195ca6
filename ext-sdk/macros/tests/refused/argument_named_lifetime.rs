//! Every lifetime is elided.

spindle_macros::interface! {
    test {
        /// An item.
        event Packet(bytes: &'a [u8]);
    }
}

fn main() {}
