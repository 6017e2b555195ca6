//! A slice crosses behind a reference.

spindle_macros::interface! {
    test {
        /// An item.
        fn write(bytes: [u8]);
    }
}

fn main() {}
