//! Loading: from the bytes of a package to a running domain, or to a refusal that leaves nothing behind.

use crate::domain::{Domain, HeldHandler, State};
use crate::id::{DomainId, MAX_DOMAINS};
use crate::image::{Descriptor, Image, WriteError};
use crate::{LoadError, enter, registry, table, unload};
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use spindle_abi::package::{Package, PublicKey, Verified};
use spindle_abi::{Export, Status};
use spindle_dispatcher::{EventCore, KeyGuard, install};
use spindle_kerncore::link::{Named, Unresolved, resolve};
use spindle_kerncore::plan::Plan;
use spindle_kerncore::signature::is_signed_by;

/// The key whose packages this kernel trusts; it is given when the kernel is built.
const TRUSTED: Option<PublicKey> = match option_env!("SPINDLE_PUBLIC_KEY_HEX") {
    Some(digits) => PublicKey::from_hex(digits),
    None => None,
};

/// More than the records of a package at all its limits take: 256 imports and 256 handlers, and a line about each.
const RECORDS_RESERVE_BYTES: usize = 512 << 10;

/// The most heap that an extension gets unless its manifest asks for less.
const HEAP_QUOTA_PAGES: u32 = 1024;

/// Loads the package in `bytes` and starts it; returns its name.
///
/// # Errors
/// See [`LoadError`]. Nothing of a refused package stays: neither pages nor kernel heap nor a handler.
pub fn load(bytes: &[u8]) -> Result<String, LoadError> {
    if spindle_strands::current().is_inside_raise() {
        return Err(LoadError::InsideHandler);
    }
    admit()?;
    let package = verify(bytes)?;
    let manifest = package.manifest();
    if table::find(|domain| domain.name == manifest.name).is_some() {
        return Err(LoadError::AlreadyLoaded(manifest.name.into()));
    }
    let link = Link::new(&package)?;
    let plan = link.plan(&package)?;
    let id = table::free_id().ok_or(LoadError::TooManyDomains(MAX_DOMAINS))?;
    let image = Image::map(&plan, &link.addresses(), id).map_err(|error| explain(error, package.code()))?;
    let descriptor = image.descriptor(plan.descriptor(), link.events.len())?;
    drop(plan);
    table::insert(Box::new(new_domain(id, &package, &link, image, &descriptor)?));
    let started = start(id).and_then(|()| install_handlers(id, &package, &link, &descriptor.handlers));
    if let Err(error) = started {
        // What was loaded so far goes the way of any domain. It cannot be refused: no raise is under way, and the
        // reserve admitted above has room for the tables without its handlers.
        unload::take_away(id).map_err(|_| LoadError::OutOfMemory)?;
        return Err(error);
    }
    Ok(manifest.name.into())
}

/// Refuses to begin without enough kernel heap for the small records that loading makes along the way: names, lists
/// of imports and handlers, the text of a refusal. What grows with the package reports exhaustion itself.
fn admit() -> Result<(), LoadError> {
    let free = spindle_mem::heap::capacity_bytes().saturating_sub(spindle_mem::heap::in_use_bytes());
    if free < RECORDS_RESERVE_BYTES { Err(LoadError::OutOfMemory) } else { Ok(()) }
}

/// Checks the file's form and its signature.
fn verify(bytes: &[u8]) -> Result<Verified<'_>, LoadError> {
    let package = Package::parse(bytes).map_err(LoadError::Package)?;
    let trusted = TRUSTED.as_ref().ok_or(LoadError::NoTrustedKey)?;
    package.verify(trusted, is_signed_by).map_err(LoadError::Package)
}

/// What the package's names stand for in this kernel.
struct Link<'a> {
    /// The symbols of the imports, ascending, as the manifest has them.
    symbols: Vec<&'a str>,
    exports: Vec<&'static Export>,
    events: Vec<&'static EventCore>,
}

impl<'a> Link<'a> {
    /// Resolves every import and every handled event.
    ///
    /// # Errors
    /// [`LoadError::Refused`] with all that could not be resolved.
    fn new(package: &Verified<'a>) -> Result<Self, LoadError> {
        let manifest = package.manifest();
        let exports: Vec<&Export> = registry::procedures().collect();
        let events: Vec<&EventCore> = registry::events().collect();
        let offered: Vec<Named<'_>> = exports.iter().map(|export| export.declaration.into()).collect();
        let raised: Vec<Named<'_>> = events.iter().map(|event| event.declaration().into()).collect();
        let imports = resolve(manifest.imports().map(Named::from), &offered);
        let handled = resolve(manifest.handlers().map(Named::from), &raised);
        match (imports, handled) {
            (Ok(imports), Ok(handled)) => Ok(Self {
                symbols: manifest.imports().map(|import| import.symbol).collect(),
                exports: imports.into_iter().map(|index| exports[index]).collect(),
                events: handled.into_iter().map(|index| events[index]).collect(),
            }),
            (imports, handled) => Err(refused(imports.err(), handled.err())),
        }
    }

    /// The plan of the package's code, in which only its imports may be undefined.
    fn plan(&self, package: &Verified<'a>) -> Result<Plan<'a>, LoadError> {
        let number = |symbol: &str| {
            let at = self.symbols.binary_search(&symbol).ok()?;
            u16::try_from(at).ok()
        };
        let code = package.code();
        Plan::new(code, number).map_err(|error| LoadError::Plan(error.explain(code).to_string()))
    }

    /// The address of each import, by number.
    fn addresses(&self) -> Vec<u64> {
        self.exports.iter().map(|export| export.entry.address()).collect()
    }
}

fn refused(imports: Option<Vec<Unresolved<'_>>>, events: Option<Vec<Unresolved<'_>>>) -> LoadError {
    let unresolved = imports.into_iter().chain(events).flatten();
    let refusals: Vec<String> = unresolved.map(|unresolved| unresolved.to_string()).collect();
    if refusals.is_empty() { LoadError::OutOfMemory } else { LoadError::Refused(refusals) }
}

fn explain(error: WriteError, code: &[u8]) -> LoadError {
    match error {
        WriteError::Plan(error) => LoadError::Plan(error.explain(code).to_string()),
        WriteError::Memory(error) => LoadError::Memory(error),
    }
}

fn new_domain(
    id: DomainId,
    package: &Verified<'_>,
    link: &Link<'_>,
    image: Image,
    descriptor: &Descriptor,
) -> Result<Domain, LoadError> {
    let manifest = package.manifest();
    let mut handlers = Vec::new();
    handlers.try_reserve_exact(link.events.len()).map_err(|_| LoadError::OutOfMemory)?;
    let asked = manifest.quotas.heap_pages;
    let quota = if asked == 0 { HEAP_QUOTA_PAGES } else { asked.min(HEAP_QUOTA_PAGES) };
    Ok(Domain {
        id,
        state: State::Starting,
        name: manifest.name.into(),
        version: manifest.version.into(),
        signer: package.signer(),
        imports: link.exports.iter().map(|export| export.declaration.name).collect(),
        handlers,
        heap: Vec::new(),
        heap_quota_pages: quota.into(),
        image,
        entry_points: descriptor.entry_points,
        closure: core::ptr::null(),
        fault: None,
    })
}

/// Enters `start` and keeps the address of the state that it made.
fn start(id: DomainId) -> Result<(), LoadError> {
    let entry_points = table::with(id, |domain| domain.entry_points).ok_or(LoadError::OutOfMemory)?;
    let started = entry_points.start(spindle_strands::current(), id);
    table::with(id, |domain| match started {
        Ok(Ok(closure)) => {
            domain.closure = closure;
            domain.state = State::Running;
            Ok(())
        }
        Ok(Err(code)) => Err(LoadError::Start(Status::new(code))),
        Err(_) => {
            Err(domain.fault.map_or(LoadError::OutOfMemory, |fault| LoadError::Faulted(Box::new(fault))))
        }
    })
    .unwrap_or(Err(LoadError::OutOfMemory))
}

/// Installs every handler of the manifest's list at the entry of the same place in the descriptor's table.
fn install_handlers(
    id: DomainId,
    package: &Verified<'_>,
    link: &Link<'_>,
    entries: &[u64],
) -> Result<(), LoadError> {
    let closure = table::with(id, |domain| domain.closure).ok_or(LoadError::OutOfMemory)?;
    let wanted = package.manifest().handlers().zip(&link.events).zip(entries);
    for ((declared, event), &entry) in wanted {
        let key = declared.key.map(|(field, value)| KeyGuard::new(field, value)).transpose();
        let key = key.map_err(LoadError::Install)?;
        // SAFETY: the entry lies in the domain's text, is of the declared event by the package's signature and
        // fingerprint, and the domain keeps text and state until its tickets were waited for (INV-DOMAIN-1).
        let handler = unsafe { enter::handler(entry, closure, id) };
        let handler = key.map_or(handler, |key| handler.with_key(key));
        let installed = install(event, handler).map_err(LoadError::Install)?;
        table::with(id, |domain| domain.handlers.push(HeldHandler { installed, key }));
    }
    Ok(())
}
