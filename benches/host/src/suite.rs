//! One run of benchmarks: criterion samples, and every figure is printed as the kernel's are, one JSON object a line.
//!
//! # Concepts
//! Time is that of the thread ([`time`](Suite::time)), so that what else runs on the machine is not in it but for the
//! caches. What is too long or too seldom to be called in a row is timed each by itself ([`time_each`](Suite::time_each)),
//! by the system's clock; a sample is then the median of its calls. Whatever criterion cannot be told is handed over as
//! samples ([`keep`](Suite::keep)).

use criterion::Criterion;
use rustix::time::{ClockId, clock_gettime};
use spindle_bench_method::{Measurement, Timed, Unit};
use std::cell::RefCell;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SAMPLES: usize = 60;
const WARM_UP: Duration = Duration::from_millis(30);
const MEASURED: Duration = Duration::from_millis(150);
/// How often criterion draws from the samples for its own report, which nothing here depends on.
const RESAMPLES: usize = 1_000;

/// What samples that are handed to [`Suite::keep`] are, unless they are counts.
pub const NANOSECONDS: Unit = Unit::Nanoseconds { hz: 1_000_000_000 };

/// Benchmarks being run.
pub struct Suite {
    criterion: Criterion,
    /// Only ids that contain this are measured.
    filter: String,
}

impl Suite {
    /// As the command line says.
    pub fn from_arguments() -> Self {
        let criterion = Criterion::default()
            .sample_size(SAMPLES)
            .warm_up_time(WARM_UP)
            .measurement_time(MEASURED)
            .nresamples(RESAMPLES)
            .without_plots()
            .configure_from_args();
        let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
        Self { criterion, filter: filter.unwrap_or_default() }
    }

    /// Whether `id` is to be measured: for what costs much to prepare.
    pub fn wants(&self, id: &str) -> bool {
        id.contains(&self.filter)
    }

    /// Times calls of `body` in a row.
    #[inline(always)]
    pub fn time<R>(&mut self, id: impl Into<String>, name: &'static str, mut body: impl FnMut() -> R) {
        self.samples(id.into(), name, 1, |calls| {
            let start = thread_time();
            for _ in 0..calls {
                black_box(body());
            }
            thread_time() - start
        });
    }

    /// Times calls of `body` in a row, each of which does `parts` of what is named.
    #[inline(always)]
    pub fn time_parts(&mut self, id: &str, name: &'static str, parts: u32, mut body: impl FnMut()) {
        self.samples(id.into(), name, parts, |calls| {
            let start = thread_time();
            for _ in 0..calls {
                body();
            }
            thread_time() - start
        });
    }

    /// Times each call of `body` by itself: it is handed a [`Watch`] and stops it when what is named is done.
    pub fn time_each(&mut self, id: impl Into<String>, name: &'static str, body: impl FnMut(&mut Watch)) {
        self.time_each_part(id, name, 1, body);
    }

    /// The same, where `body` does `parts` of what is named.
    pub fn time_each_part(
        &mut self,
        id: impl Into<String>,
        name: &'static str,
        parts: u32,
        mut body: impl FnMut(&mut Watch),
    ) {
        let empty = (0..1_000).map(|_| Watch::start().stopped()).min().unwrap_or_default();
        self.samples(id.into(), name, parts, |calls| {
            let mut each: Vec<Duration> = (0..calls.max(1))
                .map(|_| {
                    let mut watch = Watch::start();
                    body(&mut watch);
                    watch.stopped().saturating_sub(empty)
                })
                .collect();
            each.sort_unstable();
            each[each.len() / 2].saturating_mul(u32::try_from(calls).unwrap_or(u32::MAX))
        });
    }

    /// Prints the order statistics of samples that were taken elsewhere, each of `parts` of what is named.
    pub fn keep(&self, id: &'static str, name: &'static str, unit: Unit, samples: &mut [u64], parts: u32) {
        if self.wants(id) && !samples.is_empty() {
            show(&Measurement::of(Timed { id, name }, unit, samples, parts));
        }
    }

    /// Has criterion take samples by `run`, which is given a number of calls; each does `parts` of what is named.
    fn samples(&mut self, id: String, name: &'static str, parts: u32, mut run: impl FnMut(u64) -> Duration) {
        let taken = RefCell::new(Vec::new());
        self.criterion.bench_function(&id, |bencher| {
            bencher.iter_custom(|calls| {
                let time = run(calls);
                // Thousandths of a nanosecond in one call: more than that no clock tells.
                taken.borrow_mut().push((time.as_nanos() * 1_000 / u128::from(calls.max(1))) as u64);
                time
            });
        });
        let mut taken = taken.into_inner();
        // What came before the last ones was warming up; with fewer, nothing was measured.
        let Some(first) = taken.len().checked_sub(SAMPLES) else { return };
        let unit = Unit::Nanoseconds { hz: 1_000_000_000_000 };
        show(&Measurement::of(Timed { id: id.leak(), name }, unit, &mut taken[first..], parts));
    }
}

/// Processor time that this thread has taken, in nanoseconds. What it was interrupted for by the kernel is in it.
pub fn thread_time_ns() -> u64 {
    u64::try_from(thread_time().as_nanos()).expect("five hundred years have not passed")
}

/// Times one call.
#[derive(Debug)]
pub struct Watch {
    started: Instant,
    taken: Option<Duration>,
}

impl Watch {
    fn start() -> Self {
        Self { started: Instant::now(), taken: None }
    }

    /// Begins now, after what had to be made ready.
    pub fn restart(&mut self) {
        self.started = Instant::now();
    }

    /// Ends now; what follows is not in it.
    pub fn stop(&mut self) {
        self.taken = Some(self.started.elapsed());
    }

    fn stopped(&self) -> Duration {
        self.taken.unwrap_or_else(|| self.started.elapsed())
    }
}

fn show(measurement: &Measurement) {
    println!("{}", measurement.json());
}

/// Processor time that this thread has taken.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).expect("time taken is not negative");
    Duration::new(seconds, u32::try_from(time.tv_nsec).expect("less than a second"))
}
