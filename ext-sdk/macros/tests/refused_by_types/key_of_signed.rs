//! A key is an unsigned integer or a word.

spindle_macros::interface! {
    test {
        /// An item.
        event Packet(#[key] offset: i64); //~ `i64` cannot be a key
    }
}

fn main() {}
