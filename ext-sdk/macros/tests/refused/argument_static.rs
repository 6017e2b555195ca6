//! `&'static` does not exist across a boundary: it would mean "until unload".

spindle_macros::interface! {
    test {
        /// An item.
        fn write(line: &'static str);
    }
}

fn main() {}
