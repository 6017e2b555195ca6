//! An event has at most four keys.

spindle_macros::interface! {
    test {
        /// An item.
        event Packet(#[key] a: u8, #[key] b: u8, #[key] c: u8, #[key] d: u8, #[key] e: u8);
    }
}

fn main() {}
