//! An alias does not hide a returned reference.

type Name = &'static str;

spindle_macros::interface! {
    test {
        /// An item.
        fn name() -> Name; //~ `&'static str` cannot cross a domain boundary
    }
}

fn main() {}
