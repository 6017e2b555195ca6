//! Bench: calls and events that do nothing, to measure what calling and raising cost.

spindle_macros::interface! {
    bench {
        /// Does nothing: the cost of a call from an extension to a kernel procedure.
        fn null();

        /// Does nothing: raised by the kernel's benchmarks to measure the cost of a raise.
        event Null();

        /// Asks an extension to time calls of [`null`](fn@null).
        ///
        /// For each element of `samples` the handler reads [`cycles`](crate::clock::cycles), calls `null`
        /// `iterations` times, reads it again, and stores the difference in time stamp counts for all the
        /// iterations together.
        event Measure(iterations: u32, samples: &mut [u64]);
    }
}
