//! Bench: calls and events that do nothing, to measure what calling and raising cost.

use spindle_abi::Status;

spindle_macros::interface! {
    bench {
        /// Does nothing: the cost of a call from an extension to a kernel procedure.
        fn null();

        /// Raises [`Nested`] with `depth` and returns the answer of its last handler; [`Status::UNHANDLED`] if there is
        /// none, [`Status::FAILED`] if it was abandoned.
        ///
        /// A handler that calls this again has two activations on one strand: the kernel's way back into an extension
        /// that is in a call itself.
        fn nest(depth: u32) -> Status;

        /// Raised by [`nest`](fn@nest). A handler calls it again with `depth - 1` until `depth` is 0.
        event Nested(depth: u32) -> Status;

        /// Does nothing: raised by the kernel's benchmarks to measure the cost of a raise.
        event Null();

        /// As [`Null`], with one argument.
        event One(a: u64);

        /// As [`Null`], with five arguments.
        event Five(a: u64, b: u64, c: u64, d: u64, e: u64);

        /// As [`Null`], with ten arguments.
        event Ten(a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: u64, j: u64);

        /// As [`Null`], for handlers with guards that hold unless `holds` is 0.
        event Guarded(#[key] holds: u64);

        /// As [`Null`], for handlers that guard on a value.
        event Keyed(#[key] key: u64);

        /// The head of a packet, for handlers that filter packets by it.
        event Packet(#[key] protocol: u8, #[key] source: u32, #[key] destination: u32, #[key] port: u16);

        /// Asks for a number: raised to measure how several answers become one.
        event Value(value: u64) -> u64;

        /// Says when it was raised, by [`cycles`](crate::clock::cycles): what handles it later knows how much later.
        event Stamped(#[key] cycles: u64);

        /// Asks an extension to time calls of [`null`](fn@null).
        ///
        /// For each element of `samples` the handler reads [`cycles`](crate::clock::cycles), calls `null`
        /// `iterations` times, reads it again, and stores the difference in time stamp counts for all the
        /// iterations together.
        event Measure(iterations: u32, samples: &mut [u64]);
    }
}
