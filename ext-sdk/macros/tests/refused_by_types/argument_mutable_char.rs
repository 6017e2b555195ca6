//! Behind `&mut` every bit pattern is a value.

spindle_macros::interface! {
    test {
        /// An item.
        fn read(line: &mut [char]); //~ `char` cannot cross a domain boundary behind `&mut`
    }
}

fn main() {}
