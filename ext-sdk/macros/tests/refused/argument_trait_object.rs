//! No trait object crosses.

spindle_macros::interface! {
    test {
        /// An item.
        fn write(out: &mut dyn core::fmt::Write);
    }
}

fn main() {}
