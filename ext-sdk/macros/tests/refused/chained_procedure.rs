//! A procedure is called, not raised.

spindle_macros::interface! {
    test {
        /// A procedure.
        #[chained]
        fn write(line: &str) -> u32;
    }
}

fn main() {}
