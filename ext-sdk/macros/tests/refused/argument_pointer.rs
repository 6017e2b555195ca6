//! No pointer crosses.

spindle_macros::interface! {
    test {
        /// An item.
        fn write(start: *const u8, length: u64);
    }
}

fn main() {}
