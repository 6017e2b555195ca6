//! Taking a domain away: its handlers, its state, its memory.

use crate::domain::{Domain, State};
use crate::fault::FaultReport;
use crate::id::DomainId;
use crate::image::Image;
use crate::{UnloadError, table};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use spindle_strands::AllStrands;

/// What unloading gave back.
#[derive(Clone, Debug)]
pub struct Unloaded {
    /// The extension's name.
    pub name: String,
    /// Handlers that were uninstalled.
    pub handlers: usize,
    /// Bytes of memory that went back: image and heap.
    pub bytes: u64,
    /// The fault in `stop`, if it had one; everything was given back all the same.
    pub fault: Option<FaultReport>,
}

/// A domain that faulted and was taken away.
#[derive(Clone, Debug)]
pub struct Reaped {
    /// What it did.
    pub report: FaultReport,
    /// What it gave back.
    pub unloaded: Unloaded,
}

/// Unloads the extension called `name`: uninstalls its handlers, waits until no raise is in them, stops it, and
/// gives back every byte.
///
/// # Errors
/// [`UnloadError::NotLoaded`]; [`UnloadError::InsideHandler`]; [`UnloadError::OutOfMemory`], after which it is
/// still loaded as it was, and unloading can be tried again.
pub fn unload(name: &str) -> Result<Unloaded, UnloadError> {
    let id = table::find(|domain| domain.name == name).ok_or(UnloadError::NotLoaded)?;
    take_away(id)
}

/// Takes away every domain that has faulted, and says what they did. To be called outside any raise.
pub fn reap() -> Vec<Reaped> {
    let mut reaped = Vec::new();
    while let Some(id) = table::find(|domain| domain.state == State::Faulted) {
        let report = table::with(id, |domain| domain.fault).flatten();
        match (report, take_away(id)) {
            (Some(report), Ok(unloaded)) => reaped.push(Reaped { report, unloaded }),
            _ => break,
        }
    }
    reaped
}

/// The order of an unload: nobody enters, nobody is inside, its own code says goodbye, its memory goes.
pub(crate) fn take_away(id: DomainId) -> Result<Unloaded, UnloadError> {
    let strand = spindle_strands::current();
    if strand.is_inside_raise() {
        return Err(UnloadError::InsideHandler);
    }
    let handlers = uninstall_all(id)?;
    let stop = table::with(id, |domain| {
        let running = domain.state == State::Stopping;
        running.then(|| domain.code.entry()).flatten()
    });
    if let Some(entry) = stop.ok_or(UnloadError::NotLoaded)? {
        // A fault is in the domain's report, and changes nothing about what follows.
        let _ = entry.stop(strand, id);
    }
    let domain = table::remove(id).ok_or(UnloadError::NotLoaded)?;
    Ok(give_back(domain, handlers))
}

/// Takes away, as one change, all that the domain has installed, and waits until no raise can be in any of it; a running
/// domain is then `Stopping`. Returns how much it was.
fn uninstall_all(id: DomainId) -> Result<usize, UnloadError> {
    if let Some(undo) = table::with(id, |domain| domain.bindings.undo.take()).flatten() {
        match undo.commit() {
            Ok((_, ticket)) => ticket.wait(&AllStrands).map_err(|_| UnloadError::InsideHandler)?,
            Err((undo, _)) => {
                table::with(id, |domain| domain.bindings.undo = Some(undo));
                return Err(UnloadError::OutOfMemory);
            }
        }
    }
    let count = table::with(id, |domain| {
        if domain.state == State::Running {
            domain.state = State::Stopping;
        }
        domain.bindings.count
    });
    Ok(count.unwrap_or_default())
}

/// Drops the domain, which gives all its memory back, and counts it.
fn give_back(domain: Box<Domain>, handlers: usize) -> Unloaded {
    let bytes = domain.code.image().map_or(0, Image::mapped_bytes) + domain.heap_bytes();
    let fault = domain.fault;
    let Domain { name, .. } = *domain;
    Unloaded { name, handlers, bytes, fault }
}
