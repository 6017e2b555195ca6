//! A generic type of another crate has no promised layout.

spindle_macros::interface! {
    test {
        /// An item.
        fn take(length: Option<u32>); //~ `Option<u32>` cannot cross a domain boundary
    }
}

fn main() {}
