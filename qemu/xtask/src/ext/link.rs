//! The linker: one relocatable object, without what is not used.
//!
//! It is linked twice. The first object still has the records that the manifest is made from; the second is what is
//! shipped: without records, debug information and compiler remarks, but with the names of its procedures, which
//! a backtrace needs and which cost a few kilobytes.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::folders;
use crate::toolchain::Tools;

/// Sections by what they become; `RECORDS` stands for what happens to the records.
const SCRIPT: &str = "SECTIONS {
  .text : { *(.text .text.*) }
  .rodata : { *(.rodata .rodata.*) }
  .data.rel.ro : { *(.data.rel.ro .data.rel.ro.*) }
  .data : { *(.data .data.*) }
  .bss : { *(.bss .bss.*) *(COMMON) }
  RECORDS : { KEEP(*(.note.spindle)) }
  /DISCARD/ : { *(.comment) *(.note.GNU-stack) *(.llvm_addrsig) *(.llvmcmd) *(.llvmbc) *(.eh_frame) }
}
";

/// The two objects.
#[derive(Debug)]
pub(crate) struct Linked {
    /// With the records.
    pub(crate) with_notes: PathBuf,
    /// What goes into the package.
    pub(crate) shipped: PathBuf,
}

/// Links `archive` into objects in `folder`.
pub(crate) fn link(tools: &Tools, archive: &Path, folder: &Path, name: &str) -> Result<Linked> {
    folders::create(folder)?;
    let path = |end: &str| folder.join(format!("{name}.{end}"));
    let linked = Linked { with_notes: path("records.o"), shipped: path("o") };
    let (keep, drop) = (path("records.ld"), path("ld"));
    folders::write(&keep, SCRIPT.replace("RECORDS", ".note.spindle").as_bytes())?;
    folders::write(&drop, SCRIPT.replace("RECORDS", "/DISCARD/").as_bytes())?;
    lld(tools, &keep, archive, &linked.with_notes)?;
    lld(tools, &drop, &linked.with_notes, &linked.shipped)?;
    Ok(linked)
}

fn lld(tools: &Tools, script: &Path, input: &Path, output: &Path) -> Result<()> {
    let mut command = Command::new(tools.linker_folder.join("rust-lld"));
    command.args(["-flavor", "gnu", "-r", "--gc-sections", "--strip-debug", "-u", "spindle_extension", "-T"]);
    command.arg(script).arg(input).arg("-o").arg(output).env_remove("LD_LIBRARY_PATH");
    let result = command.output().map_err(|error| Failure::new("the linker cannot be run").because(error))?;
    if result.status.success() {
        return Ok(());
    }
    Err(Failure::new("the object cannot be linked").because(String::from_utf8_lossy(&result.stderr)))
}
