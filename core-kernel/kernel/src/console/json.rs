//! Values of the kernel as JSON: what `sval` does not know by itself.

use core::fmt::Display;

use sval::{Result, Stream, Value};

/// A value as the text that it shows as.
pub(super) struct Shown<T>(pub(super) T);

impl<T: Display> Value for Shown<T> {
    fn stream<'s, S: Stream<'s> + ?Sized>(&'s self, stream: &mut S) -> Result {
        sval::stream_display(stream, &self.0)
    }
}

/// What an iterator yields, as an array. The function makes the same iterator each time.
pub(super) struct Each<F>(pub(super) F);

impl<F, I> Value for Each<F>
where
    F: Fn() -> I,
    I: IntoIterator,
    I::Item: Value,
{
    fn stream<'s, S: Stream<'s> + ?Sized>(&'s self, stream: &mut S) -> Result {
        stream.seq_begin(None)?;
        for value in (self.0)() {
            stream.seq_value_begin()?;
            stream.value_computed(&value)?;
            stream.seq_value_end()?;
        }
        stream.seq_end()
    }
}
