//! D1 and D7 with guards: closures, which are called one after the other, and keys, which are looked up.

use crate::extensions::{NATIVE, WASM, with_copies, with_extension};
use crate::handlers::{for_each, nothing, raise, several, with_handlers};
use crate::harness::Samples;
use crate::procedures::{GUARDED, KEYED, PACKET};
use crate::{Bench, BenchError, Settings};
use core::cell::Cell;
use core::hint::black_box;
use spindle_abi::{EventSpec, Key};
use spindle_dispatcher::{EventCore, Guard, Handler, InstallError, KeyGuard};
use spindle_domain::load;
use spindle_interfaces::bench::{Guarded, Keyed, Packet};

pub(crate) const FALSE: &[Bench] = for_each!(
    "D1/guards_false=",
    "",
    "raise with N handlers behind closure guards that are false, and one without",
    |settings, count| of_kernel(settings, count, 0),
    [1, 2, 5, 10, 50, 100]
);
pub(crate) const TRUE: &[Bench] = for_each!(
    "D1/guards_true=",
    "",
    "raise with N handlers behind closure guards that are true, and one without",
    |settings, count| of_kernel(settings, count, 1),
    [1, 2, 5, 10, 50, 100]
);
pub(crate) const FALSE_NATIVE: &[Bench] = for_each!(
    "D1/guards_false=",
    "/native",
    "raise with N handlers behind guards that are false, and one of the kernel without",
    |settings, count| of_extension(settings, NATIVE, count, 0),
    [1, 10, 50, 100]
);
pub(crate) const TRUE_NATIVE: &[Bench] = for_each!(
    "D1/guards_true=",
    "/native",
    "raise with N handlers behind guards that are true, and one of the kernel without",
    |settings, count| of_extension(settings, NATIVE, count, 1),
    [1, 10, 50, 100]
);
pub(crate) const FALSE_WASM: &[Bench] = for_each!(
    "D1/guards_false=",
    "/wasm",
    "raise with N handlers behind guards that are false, and one of the kernel without",
    |settings, count| of_extension(settings, WASM, count, 0),
    [1, 10, 50, 100]
);
pub(crate) const TRUE_WASM: &[Bench] = for_each!(
    "D1/guards_true=",
    "/wasm",
    "raise with N handlers behind guards that are true, and one of the kernel without",
    |settings, count| of_extension(settings, WASM, count, 1),
    [1, 10, 50, 100]
);
pub(crate) const FALSE_KEYS: &[Bench] = for_each!(
    "D1/keys_false=",
    "",
    "raise with N handlers behind keys that do not match, and one without",
    false_keys,
    [1, 2, 5, 10, 50, 100]
);
pub(crate) const KEYS: &[Bench] = for_each!(
    "D1/keys=",
    "",
    "raise with N handlers behind keys, one of which matches",
    same_key,
    [1, 10, 100, 1000, 10000]
);
pub(crate) const ROTATING: &[Bench] = for_each!(
    "D1/keys=",
    "/rotating",
    "the same, another key each time",
    rotating_keys,
    [1, 10, 100, 1000, 10000]
);
pub(crate) const RANGES: &[Bench] = for_each!(
    "D1/ranges=",
    "",
    "raise with N handlers behind ranges of keys, one of which matches",
    ranges,
    [1, 10, 100, 1000]
);
pub(crate) const SELECTING: &[Bench] = for_each!(
    "D1/selecting=",
    "",
    "as with N keys, by closure guards that look at the key",
    selecting,
    [1, 10, 100]
);
pub(crate) const KEYS_NATIVE: &[Bench] = for_each!(
    "D1/keys=",
    "/native",
    "raise with N handlers behind keys; the one that matches is the extension's",
    |settings, count| key_of(settings, NATIVE, count),
    [1, 10, 100, 1000]
);
pub(crate) const KEYS_WASM: &[Bench] = for_each!(
    "D1/keys=",
    "/wasm",
    "raise with N handlers behind keys; the one that matches is the extension's",
    |settings, count| key_of(settings, WASM, count),
    [1, 10, 100, 1000]
);
pub(crate) const FILTERS: &[Bench] = for_each!(
    "D7/filters=",
    "/keys",
    "raise with N packet filters of four fields, one of which matches",
    |settings, count| filters(settings, count, by_keys),
    [1, 10, 50, 100]
);
pub(crate) const CLOSURE_FILTERS: &[Bench] = for_each!(
    "D7/filters=",
    "/closures",
    "raise with N packet filters of four fields, one of which matches",
    |settings, count| filters(settings, count, by_closure),
    [1, 10, 50, 100]
);
pub(crate) const NATIVE_FILTERS: &[Bench] = for_each!(
    "D7/filters=",
    "/closures/native",
    "raise with N packet filters of an extension, none of which matches, and one of the kernel that does",
    |settings, count| filters_of(settings, NATIVE, count),
    [1, 10, 50, 100]
);
pub(crate) const WASM_FILTERS: &[Bench] = for_each!(
    "D7/filters=",
    "/closures/wasm",
    "raise with N packet filters of an extension, none of which matches, and one of the kernel that does",
    |settings, count| filters_of(settings, WASM, count),
    [1, 10, 50, 100]
);

/// How far the key goes each time; it shares no factor with any number of keys here, so that every key comes up.
const STRIDE: u64 = 7_919;
/// The key that the extension asks for. Those of the kernel's handlers begin behind it.
const OF_EXTENSION: u64 = 0;

fn guarded<E: EventSpec>(
    holds: impl Fn(&E::Frame<'_>) -> bool + Send + Sync + 'static,
) -> Result<Handler, InstallError> {
    Ok(nothing::<E>().with_guard(Guard::kernel::<E>(holds)?))
}

/// The guard looks at the frame, as it would.
fn of_kernel(settings: &Settings<'_>, count: usize, holds: u64) -> Result<Samples, BenchError> {
    let mut handlers =
        several(count, |_| guarded::<Guarded>(|frame| Guarded::key(frame, 0) != Key::Integer(0)))?;
    handlers.push(nothing::<Guarded>());
    with_handlers(GUARDED.core(), handlers, |_| raise(settings, &GUARDED, count, || Guarded::frame(holds)))
}

fn of_extension(
    settings: &Settings<'_>,
    extension: &'static str,
    count: usize,
    holds: u64,
) -> Result<Samples, BenchError> {
    beside_one::<Guarded>(GUARDED.core(), || {
        with_copies(settings, extension, GUARDED.core(), count, || {
            raise(settings, &GUARDED, count, || Guarded::frame(holds))
        })
    })
}

/// Runs `measure` with one handler of the kernel's on `event`.
fn beside_one<E: EventSpec>(
    event: &'static EventCore,
    measure: impl FnOnce() -> Result<Samples, BenchError>,
) -> Result<Samples, BenchError> {
    with_handlers(event, several(1, |_| Ok(nothing::<E>()))?, |_| measure())
}

fn keyed(key: u64) -> Result<Handler, InstallError> {
    Ok(nothing::<Keyed>().with_key(KeyGuard::new(0, Key::Integer(key))?))
}

fn false_keys(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    let mut handlers = several(count, |index| keyed(index as u64))?;
    handlers.push(nothing::<Keyed>());
    let key = count as u64;
    with_handlers(KEYED.core(), handlers, |_| raise(settings, &KEYED, 1, || Keyed::frame(black_box(key))))
}

fn same_key(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    with_keys(count, |count| raise(settings, &KEYED, 1, || Keyed::frame(black_box(count / 2))))
}

fn rotating_keys(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    with_keys(count, |count| {
        let (next, stride) = (Cell::new(0), STRIDE % count);
        raise(settings, &KEYED, 1, || {
            let key = next.get() + stride;
            next.set(if key >= count { key - count } else { key });
            Keyed::frame(next.get())
        })
    })
}

fn with_keys(
    count: usize,
    measure: impl FnOnce(u64) -> Result<Samples, BenchError>,
) -> Result<Samples, BenchError> {
    with_handlers(KEYED.core(), several(count, |index| keyed(index as u64))?, |_| measure(count as u64))
}

/// Each takes ten keys of its own.
fn ranges(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    let range = |index: usize| {
        let from = 10 * index as u64;
        Ok(nothing::<Keyed>().with_key(KeyGuard::range(0, from, from + 9)?))
    };
    let key = 5 * count as u64;
    with_handlers(KEYED.core(), several(count, range)?, |_| {
        raise(settings, &KEYED, 1, || Keyed::frame(black_box(key)))
    })
}

fn selecting(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    let handler = |index: usize| {
        let own = Key::Integer(index as u64);
        guarded::<Keyed>(move |frame| Keyed::key(frame, 0) == own)
    };
    let key = count as u64 / 2;
    with_handlers(KEYED.core(), several(count, handler)?, |_| {
        raise(settings, &KEYED, count, || Keyed::frame(black_box(key)))
    })
}

/// The extension's handler among those of the kernel with other keys: which of them are whose, the index does not know.
fn key_of(settings: &Settings<'_>, extension: &'static str, count: usize) -> Result<Samples, BenchError> {
    let others = several(count - 1, |index| keyed(OF_EXTENSION + 1 + index as u64))?;
    with_handlers(KEYED.core(), others, |_| {
        with_extension(settings, extension, load, || {
            raise(settings, &KEYED, 1, || Keyed::frame(black_box(OF_EXTENSION)))
        })
    })
}

const UDP: u8 = 17;
const SOURCE: u32 = 0x0a00_0001;
const DESTINATION: u32 = 0x0a00_0002;

fn filters(
    settings: &Settings<'_>,
    count: usize,
    filter: fn(u16) -> Result<Handler, InstallError>,
) -> Result<Samples, BenchError> {
    with_handlers(PACKET.core(), several(count, |port| filter(port as u16))?, |_| {
        packets(settings, count, count as u16 / 2)
    })
}

fn packets(settings: &Settings<'_>, count: usize, port: u16) -> Result<Samples, BenchError> {
    raise(settings, &PACKET, count, || Packet::frame(UDP, SOURCE, DESTINATION, black_box(port)))
}

fn by_keys(port: u16) -> Result<Handler, InstallError> {
    let equal = |field, value: u64| KeyGuard::new(field, Key::Integer(value));
    let guard = equal(0, UDP.into())?.and(equal(1, SOURCE.into())?)?;
    let guard = guard.and(equal(2, DESTINATION.into())?)?.and(equal(3, port.into())?)?;
    Ok(nothing::<Packet>().with_key(guard))
}

fn by_closure(port: u16) -> Result<Handler, InstallError> {
    guarded::<Packet>(move |frame| {
        let wanted = [UDP.into(), SOURCE.into(), DESTINATION.into(), u64::from(port)];
        wanted.into_iter().enumerate().all(|(field, value)| Packet::key(frame, field) == Key::Integer(value))
    })
}

/// The extension's filter is for port 0.
fn filters_of(settings: &Settings<'_>, extension: &'static str, count: usize) -> Result<Samples, BenchError> {
    const PORT: u16 = 1;
    with_handlers(PACKET.core(), several(1, |_| by_keys(PORT))?, |_| {
        with_copies(settings, extension, PACKET.core(), count, || packets(settings, count, PORT))
    })
}
