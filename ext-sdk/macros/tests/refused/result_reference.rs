//! No reference is returned.

spindle_macros::interface! {
    test {
        /// An item.
        fn name() -> &str;
    }
}

fn main() {}
