//! No function crosses.

spindle_macros::interface! {
    test {
        /// An item.
        fn later(call: fn());
    }
}

fn main() {}
