//! Machines with the least and the most memory that is promised: each boots, loads, calls and unloads.

use super::tally::Tally;
use crate::boot::{Boot, limits};
use crate::failure::Result;

const TOTAL_S: u64 = 120;
const SILENCE_S: u64 = 60;

/// In QEMU's words.
const SIZES: &[&str] = &["64M", "4G"];
const COMMANDS: &[&str] = &["ext load hello", "hello ada", "ext unload hello", "mem"];

/// Boots once per size that the filter leaves.
pub(super) fn run(boot: &Boot<'_>, filter: &str, tally: &mut Tally) -> Result<()> {
    tally.heading("machine sizes");
    for &size in SIZES {
        let name = format!("memory::{size}");
        if name.contains(filter) {
            let sized = Boot { memory: size.to_owned(), ..boot.clone() };
            let scripted =
                sized.script(&format!("test-memory-{size}"), COMMANDS, limits(TOTAL_S, SILENCE_S), |_| ())?;
            let failure = (!scripted.succeeded())
                .then(|| format!("{}\nlog: {}", scripted.reason(), scripted.ended.log.display()));
            tally.case(&name, failure.as_deref());
        }
    }
    Ok(())
}
