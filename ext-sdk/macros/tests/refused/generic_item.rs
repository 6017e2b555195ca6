//! An interface has no generics.

spindle_macros::interface! {
    test {
        /// An item.
        fn write<T>(value: T);
    }
}

fn main() {}
