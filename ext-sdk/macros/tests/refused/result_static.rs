//! No reference is returned, a `'static` one neither.

spindle_macros::interface! {
    test {
        /// An item.
        fn name() -> &'static str;
    }
}

fn main() {}
