//! What owns memory of one domain does not cross.

spindle_macros::interface! {
    test {
        /// An item.
        fn write(line: String); //~ `String` cannot cross a domain boundary
    }
}

fn main() {}
