//! Only events have keys.

spindle_macros::interface! {
    test {
        /// An item.
        fn write(#[key] port: u16);
    }
}

fn main() {}
