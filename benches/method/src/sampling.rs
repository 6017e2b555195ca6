//! Batches between two time stamps, warm-up, and the empty loop that is subtracted.

use core::hint::black_box;

/// Calls in one sample of a short call: enough that reading the clock does not show.
pub const BATCH: u32 = 100;
const WARM_UP_BATCHES: u32 = 200;
const EMPTY_BATCHES: u32 = 1_000;

/// What time is read from.
pub trait Clock {
    /// The time stamp, read after everything before it and before everything after it. Implementations are inlined.
    fn stamp() -> u64;
}

/// Takes `samples` samples of `calls` calls of `body` each and hands each one to `take`, in stamps: what the whole batch
/// took, less the fastest of 1 000 empty batches. 200 batches warm up before.
#[inline(always)]
pub fn sample<C: Clock>(samples: usize, calls: u32, mut body: impl FnMut(), mut take: impl FnMut(u64)) {
    let empty = (0..EMPTY_BATCHES).map(|_| batch::<C>(calls, || black_box(()))).min().unwrap_or(0);
    for _ in 0..WARM_UP_BATCHES {
        batch::<C>(calls, &mut body);
    }
    for _ in 0..samples {
        take(batch::<C>(calls, &mut body).saturating_sub(empty));
    }
}

/// Stamps that one batch takes: around each call a decrement and a test.
#[inline(always)]
fn batch<C: Clock>(calls: u32, mut body: impl FnMut()) -> u64 {
    let start = C::stamp();
    // Unknown to the compiler, so that it neither unrolls the loop nor folds it.
    for _ in 0..black_box(calls) {
        body();
    }
    C::stamp() - start
}

#[cfg(test)]
mod tests {
    use super::{Clock, sample};
    use core::cell::Cell;

    std::thread_local! {
        static NOW: Cell<u64> = const { Cell::new(0) };
    }

    /// Each reading takes 7 stamps; what is measured moves the clock by itself.
    struct Slow;

    impl Clock for Slow {
        fn stamp() -> u64 {
            NOW.set(NOW.get() + 7);
            NOW.get()
        }
    }

    #[test]
    fn what_reading_the_clock_takes_is_not_in_a_sample() {
        let (mut taken, mut calls) = (0, 0);
        let body = || {
            calls += 1;
            NOW.set(NOW.get() + 3);
        };
        sample::<Slow>(5, 100, body, |stamps| {
            assert_eq!(stamps, 300);
            taken += 1;
        });
        assert_eq!((taken, calls), (5, 20_000 + 500));
    }
}
