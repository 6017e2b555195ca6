//! An item has comments and marks.

spindle_macros::interface! {
    test {
        /// An event.
        #[inline]
        event Raised(count: u64);
    }
}

fn main() {}
