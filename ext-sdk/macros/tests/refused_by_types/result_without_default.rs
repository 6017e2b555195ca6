//! The result of an event has a default, for a handler that never answers.

#[repr(C)]
#[derive(Clone, Copy, spindle_macros::AbiPlain)]
pub struct Answer {
    code: u32,
}

spindle_macros::interface! {
    test {
        /// An item.
        event Ask() -> Answer; //~ `Answer: Default` is not satisfied
    }
}

fn main() {}
