//! Every item says what it is.

spindle_macros::interface! {
    test {
        fn write(line: &str);
    }
}

fn main() {}
