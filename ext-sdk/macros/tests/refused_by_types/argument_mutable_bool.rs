//! Behind `&mut` every bit pattern is a value.

spindle_macros::interface! {
    test {
        /// An item.
        fn ready(answer: &mut bool); //~ `bool` cannot cross a domain boundary behind `&mut`
    }
}

fn main() {}
