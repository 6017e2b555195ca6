//! The result of a chained event says whether it is one.

spindle_macros::interface! {
    test {
        /// An event.
        #[chained]
        event Raised(count: u64) -> u32; //~ `u32` does not say whether a raise was dealt with
    }
}

fn main() {}
