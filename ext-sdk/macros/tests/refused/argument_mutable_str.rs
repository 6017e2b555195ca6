//! Behind `&mut` every bit pattern is a value.

spindle_macros::interface! {
    test {
        /// An item.
        fn read(line: &mut str);
    }
}

fn main() {}
