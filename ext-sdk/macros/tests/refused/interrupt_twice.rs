//! A mark stands once.

spindle_macros::interface! {
    test {
        /// An event.
        #[interrupt]
        #[interrupt]
        event Raised(count: u64);
    }
}

fn main() {}
