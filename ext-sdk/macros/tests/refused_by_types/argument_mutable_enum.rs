//! Behind `&mut` every bit pattern is a value.

#[repr(u8)]
#[derive(Clone, Copy, spindle_macros::AbiPlain)]
pub enum Mode {
    Slow,
    Fast,
}

spindle_macros::interface! {
    test {
        /// An item.
        event Ask(mode: &mut Mode); //~ `Mode` cannot cross a domain boundary behind `&mut`
    }
}

fn main() {}
