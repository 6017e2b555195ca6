//! A reference has no reference in it.

spindle_macros::interface! {
    test {
        /// An item.
        fn write(line: &&str);
    }
}

fn main() {}
