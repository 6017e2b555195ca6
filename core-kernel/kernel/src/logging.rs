//! The `log` facade's back end: the last lines in a ring of fixed size, and the serial line.
//!
//! *Interface*: `log::info!` and its kin anywhere but in interrupt handlers; [`kept`] for a
//! command that shows the ring.
//!
//! *Locking*: `RING` is held for one piece of a line at a time; then the serial line's lock for the whole line, while
//! it is formatted: what is logged must not log itself.

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use heapless::{String, Vec};
use log::{LevelFilter, Log, Metadata, Record};
use spindle_abi::protocol::fw_cfg::{COMMANDS, LOG};
use spindle_arch::lock::Lock;
use spindle_arch::{fw_cfg, serial, time};
use spindle_kerncore::ring::LineRing;

const RING_BYTES: usize = 16 * 1024;

static RING: Lock<LineRing<RING_BYTES>> = Lock::new(LineRing::new());
/// The level up to which lines go to the serial line too.
static SERIAL_LEVEL: AtomicUsize = AtomicUsize::new(LevelFilter::Info as usize);

struct KernelLog;

/// Puts the back end into service. The host sets the level (default: info); in script mode without such a
/// setting only warnings reach the serial line, where they would mix with what commands say.
pub(crate) fn start() {
    let wanted = wanted_level();
    let script = fw_cfg::read(COMMANDS, &mut []).is_some();
    let serial = wanted.unwrap_or(if script { LevelFilter::Warn } else { LevelFilter::Info });
    SERIAL_LEVEL.store(serial as usize, Relaxed);
    log::set_max_level(wanted.unwrap_or(LevelFilter::Info));
    // Fails only if a logger is set already, which happens nowhere else.
    let _ = log::set_logger(&KernelLog);
}

/// The lines that are kept, oldest first: a copy, so that printing it holds no lock.
pub(crate) fn kept() -> String<RING_BYTES> {
    let ring = RING.lock();
    let (older, newer) = ring.pieces();
    // The ring may have forgotten the first bytes of a character, where a line alone was longer than all of it.
    let is_whole = |byte: &u8| byte.is_ascii() || *byte >= 0xc0;
    let bytes: Vec<u8, RING_BYTES> =
        older.iter().chain(newer).copied().skip_while(|byte| !is_whole(byte)).collect();
    drop(ring);
    String::from_utf8(bytes).expect("text was put into the ring, and only its first character can be cut")
}

/// The level up to which lines go to the serial line too.
pub(crate) fn shown_level() -> LevelFilter {
    let shown = SERIAL_LEVEL.load(Relaxed);
    LevelFilter::iter().find(|&level| level as usize == shown).unwrap_or(LevelFilter::Info)
}

/// Keeps and shows lines up to `level` from now on.
pub(crate) fn set_level(level: LevelFilter) {
    SERIAL_LEVEL.store(level as usize, Relaxed);
    log::set_max_level(level);
}

fn wanted_level() -> Option<LevelFilter> {
    let mut word = [0; 8];
    let len = fw_cfg::read(LOG, &mut word)?;
    core::str::from_utf8(word.get(..len)?).ok()?.trim().parse().ok()
}

impl Log for KernelLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let now_us = time::now_ns() / 1000;
        let line = format_args!(
            "[{:5}.{:06}] {:5} {}: {}\n",
            now_us / 1_000_000,
            now_us % 1_000_000,
            record.level(),
            record.target(),
            record.args()
        );
        // `RingWriter` never fails.
        let _ = RingWriter.write_fmt(line);
        if record.level() as usize <= SERIAL_LEVEL.load(Relaxed) {
            serial::print(line);
        }
    }

    fn flush(&self) {}
}

struct RingWriter;

impl Write for RingWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        RING.lock().push(text);
        Ok(())
    }
}
