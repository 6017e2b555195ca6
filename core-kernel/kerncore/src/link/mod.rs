//! Resolving what a package asks for against what a domain exports.
//!
//! *Interface.* [`resolve`]: either every import has an export, or every import that has none is listed, each with
//! what would make it work.
//!
//! *Not here.* Patching the calls (`crate::plan`).

mod difference;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::fmt;

use spindle_abi::{Declaration, Fingerprint};

pub use difference::Difference;

use crate::nearest::nearest;

/// A name with the schema that goes with it: one side of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// `console.write_line`.
    pub name: &'a str,
    /// The fingerprint, which alone decides.
    pub fingerprint: Fingerprint,
    /// The schema, which explains.
    pub schema: &'a str,
}

impl From<&Declaration> for Named<'static> {
    fn from(declaration: &Declaration) -> Self {
        Named { name: declaration.name, fingerprint: declaration.fingerprint, schema: declaration.schema }
    }
}

impl<'a> From<spindle_abi::package::Import<'a>> for Named<'a> {
    fn from(import: spindle_abi::package::Import<'a>) -> Self {
        Named { name: import.name, fingerprint: import.fingerprint, schema: import.schema }
    }
}

impl<'a> From<spindle_abi::package::Row<'a>> for Named<'a> {
    fn from(row: spindle_abi::package::Row<'a>) -> Self {
        Named { name: row.event, fingerprint: row.fingerprint, schema: row.schema }
    }
}

/// Why a name could not be resolved, and what is nearest to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved<'a> {
    /// Nothing of that name is exported: correct the name, or ask the loader to grant the interface.
    Unknown {
        /// What was asked for.
        wanted: Named<'a>,
        /// The exported name most like it, if any is.
        nearest: Option<Named<'a>>,
    },
    /// The name is exported with another schema: build the extension against this kernel's interfaces.
    OtherSchema {
        /// What was asked for.
        wanted: Named<'a>,
        /// What is exported.
        offered: Named<'a>,
    },
}

impl<'a> Unresolved<'a> {
    /// What was asked for.
    pub const fn wanted(&self) -> Named<'a> {
        match *self {
            Unresolved::Unknown { wanted, .. } | Unresolved::OtherSchema { wanted, .. } => wanted,
        }
    }
}

impl fmt::Display for Unresolved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Unresolved::Unknown { wanted, nearest: None } => {
                write!(f, "{}: nothing of that name is offered, nor any like it", wanted.name)
            }
            Unresolved::Unknown { wanted, nearest: Some(nearest) } => {
                write!(
                    f,
                    "{}: nothing of that name is offered; the nearest is {}",
                    wanted.name, nearest.name
                )?;
                let same = Difference::between(wanted.schema, nearest.schema);
                same.map_or(Ok(()), |difference| write!(f, " ({difference})"))
            }
            Unresolved::OtherSchema { wanted, offered } => {
                write!(f, "{}: offered with another schema: ", wanted.name)?;
                match Difference::between(wanted.schema, offered.schema) {
                    Some(difference) => write!(f, "{difference}"),
                    None => write!(
                        f,
                        "the texts agree, the fingerprints do not: wanted {}, offered {}",
                        wanted.fingerprint, offered.fingerprint
                    ),
                }
            }
        }
    }
}

/// Suggestions cost the product of the numbers of names; beyond this many bad ones, the rest get none.
const MAX_SUGGESTIONS: usize = 32;

/// Finds for each import the index of the export with its name and fingerprint.
///
/// Takes time n log n when all resolve. If `exports` has a name twice, either may be found.
///
/// # Errors
/// Every import that has no such export, in order, with the nearest that has. Empty if there was no memory to list
/// them.
pub fn resolve<'a>(
    imports: impl IntoIterator<Item = Named<'a>>,
    exports: &[Named<'a>],
) -> Result<Vec<usize>, Vec<Unresolved<'a>>> {
    let mut by_name = Vec::new();
    by_name.try_reserve_exact(exports.len()).map_err(|_| Vec::new())?;
    by_name.extend(0..exports.len());
    by_name.sort_unstable_by_key(|&index| exports[index].name);
    let (mut found, mut bad) = (Vec::new(), Vec::new());
    for wanted in imports {
        let at = by_name.binary_search_by_key(&wanted.name, |&index| exports[index].name);
        let export = at.ok().map(|at| by_name[at]);
        match export.filter(|&index| exports[index].fingerprint == wanted.fingerprint) {
            Some(index) => push(&mut found, index)?,
            None => {
                let suggest = bad.len() < MAX_SUGGESTIONS;
                let unresolved = explain(wanted, export.map(|index| exports[index]), exports, suggest);
                push(&mut bad, unresolved)?;
            }
        }
    }
    if bad.is_empty() { Ok(found) } else { Err(bad) }
}

fn push<'a, T>(list: &mut Vec<T>, item: T) -> Result<(), Vec<Unresolved<'a>>> {
    list.try_reserve(1).map_err(|_| Vec::new())?;
    list.push(item);
    Ok(())
}

fn explain<'a>(
    wanted: Named<'a>,
    same_name: Option<Named<'a>>,
    exports: &[Named<'a>],
    suggest: bool,
) -> Unresolved<'a> {
    if let Some(offered) = same_name {
        return Unresolved::OtherSchema { wanted, offered };
    }
    let name = suggest.then(|| nearest(wanted.name, exports.iter().map(|export| export.name))).flatten();
    let nearest = name.and_then(|name| exports.iter().find(|export| export.name == name)).copied();
    Unresolved::Unknown { wanted, nearest }
}
