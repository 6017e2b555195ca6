//! A chained raise ends at an answer.

spindle_macros::interface! {
    test {
        /// An event.
        #[chained]
        event Raised(line: &str);
    }
}

fn main() {}
