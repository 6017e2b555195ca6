//! Measures calls between an extension and the kernel, from the extension's side (ids P3, P4 and P7/call).
#![no_std]

use core::hint::black_box;
use spindle_sdk::prelude::*;

/// Nothing to remember.
#[derive(Default)]
pub struct CallBench;

const WARM_UP_BATCHES: usize = 200;
const EMPTY_BATCHES: usize = 1_000;

#[extension]
impl CallBench {
    /// The handler that `P4` enters.
    #[handler(bench::Null)]
    fn null(&self) {
        black_box(());
    }

    /// Goes `depth` activations of this extension deep, each in a call of the one before.
    #[handler(bench::Nested)]
    fn nested(&self, depth: u32) -> Status {
        depth.checked_sub(1).map_or(Status::OK, bench::nest)
    }

    /// Fills `samples` with the stamps that batches of `iterations` null calls took, less the fastest empty batch.
    #[handler(bench::Measure)]
    fn measure(&self, iterations: u32, samples: &mut [u64]) {
        let empty = (0..EMPTY_BATCHES).map(|_| batch(iterations, || black_box(()))).min().unwrap_or(0);
        for _ in 0..WARM_UP_BATCHES {
            batch(iterations, bench::null);
        }
        for sample in samples {
            *sample = batch(iterations, bench::null).saturating_sub(empty);
        }
    }
}

/// Stamps that `iterations` calls of `body` take; the loop is the kernel harness's own.
#[inline(always)]
fn batch(iterations: u32, mut body: impl FnMut()) -> u64 {
    let start = clock::cycles();
    for _ in 0..black_box(iterations) {
        body();
    }
    clock::cycles() - start
}

#[cfg(test)]
mod tests {
    use super::CallBench;
    use spindle_sdk::prelude::{Status, bench};
    use spindle_testkit::Testkit;

    #[test]
    fn every_sample_is_taken() {
        let mut kernel = Testkit::load::<CallBench>();
        let mut samples = [u64::MAX; 8];
        assert_eq!(kernel.raise::<bench::Measure>(&mut bench::Measure::frame(3, &mut samples)), 1);
        assert!(samples.iter().all(|sample| *sample != u64::MAX));
    }
    #[test]
    fn activations_nest() {
        let mut kernel = Testkit::load::<CallBench>();
        let mut frame = bench::Nested::frame(3);
        assert_eq!(kernel.raise::<bench::Nested>(&mut frame), 1);
        assert_eq!(bench::Nested::result(&frame), Status::OK);
    }
}
