//! Z5: what watching costs while it is on. While it is off, it is in no figure: those of P4 and D1 are the others to compare.

use crate::extensions::{NATIVE, with_extension};
use crate::handlers::{raise, several, with_handlers};
use crate::harness::Samples;
use crate::procedures::NULL;
use crate::{Bench, BenchError, Settings};
use spindle_dispatcher::{are_times_taken, is_recording, set_recording, set_times};
use spindle_domain::load;
use spindle_interfaces::bench::Null;

const TIMES: &str = "raise while the times of calls are taken";
const RECORDER: &str = "raise while raises are recorded";

pub(crate) const BENCHES: &[Bench] = &[
    Bench { id: "Z5/times=on/P4/kernel", name: TIMES, run: |settings| timed(|| kernel(settings, 1)) },
    Bench { id: "Z5/times=on/P4/native", name: TIMES, run: |settings| timed(|| native(settings)) },
    Bench { id: "Z5/times=on/D1/handlers=10", name: TIMES, run: |settings| timed(|| kernel(settings, 10)) },
    Bench {
        id: "Z5/recorder=on/P4/kernel",
        name: RECORDER,
        run: |settings| recorded(|| kernel(settings, 1)),
    },
    Bench { id: "Z5/recorder=on/P4/native", name: RECORDER, run: |settings| recorded(|| native(settings)) },
    Bench {
        id: "Z5/recorder=on/D1/handlers=10",
        name: RECORDER,
        run: |settings| recorded(|| kernel(settings, 10)),
    },
];

fn timed(measure: impl FnOnce() -> Result<Samples, BenchError>) -> Result<Samples, BenchError> {
    let before = are_times_taken();
    set_times(true);
    let samples = measure();
    set_times(before);
    samples
}

fn recorded(measure: impl FnOnce() -> Result<Samples, BenchError>) -> Result<Samples, BenchError> {
    let before = is_recording();
    set_recording(true);
    let samples = measure();
    set_recording(before);
    samples
}

fn kernel(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    let handlers = several(count, |_| Ok((settings.kernel_handler)()))?;
    with_handlers(NULL.core(), handlers, |_| raise(settings, &NULL, count, Null::frame))
}

fn native(settings: &Settings<'_>) -> Result<Samples, BenchError> {
    with_extension(settings, NATIVE, load, || raise(settings, &NULL, 1, Null::frame))
}
