//! The check of the finished module: by the engine that the kernel has, made here first.

use spindle_abi::frame::FrameLayout;
use spindle_wasm::{Error, Import, Instance, Limits, Row};

use super::notes::Records;
use crate::failure::{Failure, Result};

/// More than any kernel gives: what a machine allows is for the kernel to say.
const LIMITS: Limits = Limits { memory_bytes: 256 << 20, table_elements: 1 << 16, fuel: Some(1 << 24) };
/// What a call carries does not matter: nothing that the module calls here does anything.
const NOTHING: &FrameLayout = &FrameLayout { arguments: &[], result: None };

/// Checks a module as the kernel will: its code, its imports, its exports, and the types of its handlers.
///
/// # Errors
/// What the kernel would refuse too. A start function that does not come to its end is none of that: how it ends may
/// depend on what the kernel answers.
pub(crate) fn check(module: &[u8], records: &Records<'_>, imports: &[usize]) -> Result<()> {
    let imports: Vec<Import> = imports.iter().map(|&index| import(records.imports[index].name)).collect();
    let rows = vec![Row::Handler(NOTHING); records.rows.len()];
    let mut problems = Vec::new();
    let mut report = |problem: std::fmt::Arguments<'_>| problems.push(problem.to_string());
    match Instance::new(module, &imports, &rows, LIMITS, |_, _| {}, &mut report) {
        Err(error @ Error::Refused(_)) => {
            problems.insert(0, error.to_string());
            Err(Failure::new("the kernel would not load this module").because(problems.join("\n")))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

fn import(name: &str) -> Import {
    extern "C" fn nothing(_: *mut ()) {}
    // The engine keeps names for as long as the kernel lives; this program lives for one command.
    Import { name: name.to_owned().leak(), layout: NOTHING, call: nothing }
}
