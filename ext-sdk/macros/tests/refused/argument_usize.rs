//! No `usize` crosses.

spindle_macros::interface! {
    test {
        /// An item.
        fn take(length: usize);
    }
}

fn main() {}
