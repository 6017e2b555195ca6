//! The check of the finished object: the kernel's own, made here first.

use spindle_kerncore::plan::{Bases, Plan, PlanError, Segment};

use super::notes::Records;
use crate::failure::{Failure, Result};

/// Addresses as far apart as the kernel's layout puts them: whatever fits here fits there.
const BASES: [u64; 3] = [0xffff_ffff_a000_0000, 0xffff_ffff_c800_0000, 0xffff_ffff_ef00_0000];
const KERNEL: u64 = 0xffff_ffff_8000_0000;

/// Checks an object and gives the indices (into the records) of the imports that it calls, ascending by symbol.
///
/// # Errors
/// What the kernel would refuse too, and a handler table that is not as the records say.
pub(crate) fn check(elf: &[u8], records: &Records<'_>) -> Result<Vec<usize>> {
    let known = &records.imports;
    let mut used = Vec::new();
    let plan = Plan::new(elf, |symbol| {
        let index = known.binary_search_by(|import| import.symbol.as_str().cmp(symbol)).ok()?;
        used.push(index);
        u16::try_from(index).ok()
    });
    let plan = plan.map_err(|error| refused(error, elf))?;
    let imports = vec![KERNEL; known.len()];
    let bases = Bases { segments: BASES, imports: &imports };
    plan.relocate(&bases, |_| Ok(())).map_err(|error| refused(error, elf))?;
    let rows = rows(&plan).ok_or_else(|| Failure::new("the extension's descriptor has no contents"))?;
    if rows != records.rows.len() as u64 {
        let why = format!("the table has {rows} rows, the records speak of {}", records.rows.len());
        return Err(Failure::new("the extension's handler table is not what its records say").because(why));
    }
    used.sort_unstable();
    used.dedup();
    Ok(used)
}

/// Rows of the handler table, by the descriptor's second word.
fn rows(plan: &Plan<'_>) -> Option<u64> {
    let at = plan.descriptor();
    let content = plan.contents().find(|content| {
        content.segment == at.segment
            && (content.offset..content.offset + content.bytes.len() as u64).contains(&at.offset)
    })?;
    let word = content.bytes.get((at.offset - content.offset) as usize + 4..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*word).into())
}

fn refused(error: PlanError, elf: &[u8]) -> Failure {
    let failure = Failure::new("the kernel would not load this object").because(error.explain(elf));
    match error {
        PlanError::NoDescriptor => {
            failure.next("write `#[extension]` on an `impl` block of the extension's state")
        }
        PlanError::ImageTooLarge { .. } => failure.next(format_args!(
            "make constants and statics smaller: {:?} together have a limit",
            Segment::ALL
        )),
        _ => failure.next(
            "call the kernel through `spindle_sdk` only; if you do, report this as a fault of the tools",
        ),
    }
}
