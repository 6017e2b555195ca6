//! The clock: time since boot, the processor's counter, a tick, and the interrupt behind it.

spindle_macros::interface! {
    clock {
        /// The time since boot in nanoseconds. Never goes backwards.
        fn now() -> u64;

        /// The processor's time stamp counter, read between fences so that the work before it is done.
        ///
        /// Counts at a constant rate from an arbitrary start; only differences mean anything.
        fn cycles() -> u64;

        /// Raised about 100 times a second from a loop of the kernel, never in the interrupt.
        ///
        /// `now_ns` is the time since boot in nanoseconds. Ticks that pass while the loop is busy become one.
        event Tick(now_ns: u64);

        /// Raised 100 times a second in the timer interrupt; `ticks` is how many there were, this one included.
        ///
        /// Handlers of extensions are `asynchronous`: a loop of the kernel runs them soon after. One that is late for more
        /// than sixteen misses the oldest.
        #[interrupt]
        event Interrupt(ticks: u64);
    }
}
