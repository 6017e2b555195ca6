//! An alias does not hide a reference behind a reference.

type Line = &'static str;

spindle_macros::interface! {
    test {
        /// An item.
        fn write(lines: &[Line]); //~ `&'static str` cannot cross a domain boundary
    }
}

fn main() {}
