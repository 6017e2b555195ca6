//! Measures calls between an extension and the kernel, from the extension's side (ids P3, P4 and P7/call), and handles
//! what the kernel raises to measure handlers, guards and keys of extensions (D1 and D7).
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

    #[handler(bench::One)]
    fn one(&self, a: u64) {
        black_box(a);
    }

    #[handler(bench::Five)]
    fn five(&self, a: u64, b: u64, c: u64, d: u64, e: u64) {
        black_box((a, b, c, d, e));
    }

    #[handler(bench::Guarded, guard = holds)]
    fn guarded(&self, holds: u64) {
        black_box(holds);
    }

    #[guard]
    fn holds(&self, holds: u64) -> bool {
        holds != 0
    }

    #[handler(bench::Keyed, key = 0)]
    fn keyed(&self, key: u64) {
        black_box(key);
    }

    #[handler(bench::Packet, guard = is_mine)]
    fn packet(&self, protocol: u8, source: u32, destination: u32, port: u16) {
        black_box((protocol, source, destination, port));
    }

    /// A filter of one connection: UDP, from 10.0.0.1 to port 0 of 10.0.0.2.
    #[guard]
    fn is_mine(&self, protocol: u8, source: u32, destination: u32, port: u16) -> bool {
        (protocol, source, destination, port) == (17, 0x0a00_0001, 0x0a00_0002, 0)
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
