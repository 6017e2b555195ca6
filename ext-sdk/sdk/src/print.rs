//! `println!` for extensions.

use core::fmt::Arguments;

/// Writes a formatted line to the console; formats on the heap unless the text is constant.
#[doc(hidden)]
pub fn line(text: Arguments<'_>) {
    match text.as_str() {
        Some(constant) => spindle_interfaces::console::write_line(constant),
        None => spindle_interfaces::console::write_line(&alloc::fmt::format(text)),
    }
}

/// Writes one line to the console, formatted as by the standard library's macro of this name.
#[macro_export]
macro_rules! println {
    () => { $crate::print::line(::core::format_args!("")) };
    ($($text:tt)*) => { $crate::print::line(::core::format_args!($($text)*)) };
}
