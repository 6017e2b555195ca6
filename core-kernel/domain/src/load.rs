//! Loading: from the bytes of a package to a running domain, or to a refusal that leaves nothing behind.

use crate::code::Code;
use crate::domain::{Domain, State};
use crate::enter::wasm::{Engine, Module};
use crate::id::{DomainId, MAX_DOMAINS};
use crate::image::{Image, WriteError};
use crate::rows::{self, Bindings, Purpose, Row};
use crate::{LoadError, registry, table, unload};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use spindle_abi::package::{self, Manifest, Package, PublicKey, UnsignedWasm, Verified};
use spindle_abi::{Export, Fingerprint};
use spindle_arch::layout::PAGE_BYTES;
use spindle_dispatcher::{EventCore, InstallError, Role};
use spindle_kerncore::link::{Named, Unresolved, resolve};
use spindle_kerncore::plan::Plan;
use spindle_kerncore::signature::is_signed_by;
use spindle_wasm::{Limits, Row as Entered};

/// The key whose packages this kernel trusts; it is given when the kernel is built.
const TRUSTED: Option<PublicKey> = match option_env!("SPINDLE_PUBLIC_KEY_HEX") {
    Some(digits) => PublicKey::from_hex(digits),
    None => None,
};

/// More than the records of a package at all its limits take: 256 imports and 256 handlers, and a line about each.
const RECORDS_RESERVE_BYTES: usize = 512 << 10;

/// The most heap that an extension gets unless its manifest asks for less.
const HEAP_QUOTA_PAGES: u32 = 1024;

/// How many steps a module may take each time it is entered: two to three seconds under emulation.
const FUEL: u64 = 100_000_000;

/// How many elements a module's tables may have together.
const TABLE_ELEMENTS: usize = 10_000;

/// Loads the package in `bytes` and starts it; returns the name that it is loaded under: that of the extension, with
/// `.wasm` behind it for the Wasm kind, so that both kinds can be loaded side by side.
///
/// # Errors
/// See [`LoadError`]. Nothing of a refused package stays: neither pages nor kernel heap nor a handler.
pub fn load(bytes: &[u8]) -> Result<String, LoadError> {
    load_with(bytes, Some(FUEL))
}

/// As [`load`], without metering a Wasm module: one that loops never comes back. For measuring what metering costs.
///
/// # Errors
/// As of [`load`].
pub fn load_unmetered(bytes: &[u8]) -> Result<String, LoadError> {
    load_with(bytes, None)
}

/// Checks what can be told of a package without loading it: its form, its signature, its imports and handlers. Returns the
/// name that it would be loaded under.
///
/// # Errors
/// What [`load`] would refuse it for, so far.
pub fn check(bytes: &[u8]) -> Result<String, LoadError> {
    admit()?;
    let package = Trusted::new(Package::parse(bytes).map_err(LoadError::Package)?)?;
    Link::new(package.manifest())?;
    Ok(package.domain_name())
}

fn load_with(bytes: &[u8], fuel: Option<u64>) -> Result<String, LoadError> {
    if spindle_strands::current().is_inside_raise() {
        return Err(LoadError::InsideHandler);
    }
    admit()?;
    let package = Trusted::new(Package::parse(bytes).map_err(LoadError::Package)?)?;
    let name = package.domain_name();
    if table::find(|domain| domain.name == name).is_some() {
        return Err(LoadError::AlreadyLoaded(name));
    }
    let link = Link::new(package.manifest())?;
    let id = table::free_id().ok_or(LoadError::TooManyDomains(MAX_DOMAINS))?;
    let code = match &package {
        Trusted::Native(package) => map(package, &link, id)?,
        Trusted::Wasm(_) => Code::wasm(id),
    };
    table::insert(Box::new(new_domain(id, name.clone(), &package, &link, code)?));
    match run(id, &package, &link, fuel) {
        Ok(()) => Ok(name),
        Err(error) => {
            // What was loaded so far goes the way of any domain. It cannot be refused: no raise is under way, and the
            // reserve admitted above has room for the tables without its handlers.
            unload::take_away(id).map_err(|_| LoadError::OutOfMemory)?;
            Err(error)
        }
    }
}

/// Brings a domain in the table to life.
fn run(id: DomainId, package: &Trusted<'_>, link: &Link<'_>, fuel: Option<u64>) -> Result<(), LoadError> {
    if let Trusted::Wasm(module) = package {
        instantiate(id, module.module(), link, fuel)?;
    }
    start(id)?;
    rows::install(id, link.rows.clone())
}

/// Refuses to begin without enough kernel heap for the small records that loading makes along the way: names, lists
/// of imports and handlers, the text of a refusal. What grows with the package reports exhaustion itself.
fn admit() -> Result<(), LoadError> {
    let free = spindle_mem::heap::capacity_bytes().saturating_sub(spindle_mem::heap::in_use_bytes());
    if free < RECORDS_RESERVE_BYTES { Err(LoadError::OutOfMemory) } else { Ok(()) }
}

/// A package that may be run: native code because a trusted key signed it, Wasm because the engine contains it.
enum Trusted<'a> {
    Native(Verified<'a>),
    Wasm(UnsignedWasm<'a>),
}

impl<'a> Trusted<'a> {
    fn new(package: Package<'a>) -> Result<Self, LoadError> {
        if let Some(module) = package.unsigned_wasm() {
            return Ok(Self::Wasm(module));
        }
        let trusted = TRUSTED.as_ref().ok_or(LoadError::NoTrustedKey)?;
        package.verify(trusted, is_signed_by).map(Self::Native).map_err(LoadError::Package)
    }

    fn manifest(&self) -> &Manifest<'a> {
        match self {
            Self::Native(package) => package.manifest(),
            Self::Wasm(package) => package.manifest(),
        }
    }

    fn signer(&self) -> Option<Fingerprint> {
        match self {
            Self::Native(package) => Some(package.signer()),
            Self::Wasm(_) => None,
        }
    }

    fn domain_name(&self) -> String {
        let name = self.manifest().name;
        match self {
            Self::Native(_) => name.into(),
            Self::Wasm(_) => format!("{name}.wasm"),
        }
    }
}

/// What the package's names stand for in this kernel.
struct Link<'a> {
    /// The symbols of the imports, ascending, as the manifest has them.
    symbols: Vec<&'a str>,
    exports: Vec<&'static Export>,
    rows: Vec<Row>,
}

impl<'a> Link<'a> {
    /// Resolves every import and every handled event.
    ///
    /// # Errors
    /// [`LoadError::Refused`] with all that could not be resolved.
    fn new(manifest: &Manifest<'a>) -> Result<Self, LoadError> {
        let exports: Vec<&Export> = registry::procedures().collect();
        let events: Vec<&EventCore> = registry::events().collect();
        let offered: Vec<Named<'_>> = exports.iter().map(|export| export.declaration.into()).collect();
        let raised: Vec<Named<'_>> = events.iter().map(|event| event.declaration().into()).collect();
        let imports = resolve(manifest.imports().map(Named::from), &offered);
        let named = resolve(manifest.rows().map(Named::from), &raised);
        match (imports, named) {
            (Ok(imports), Ok(named)) => Ok(Self {
                symbols: manifest.imports().map(|import| import.symbol).collect(),
                exports: imports.into_iter().map(|index| exports[index]).collect(),
                rows: Self::rows(manifest, named.into_iter().map(|index| events[index]))?,
            }),
            (imports, named) => Err(refused(imports.err(), named.err())),
        }
    }

    /// The rows of the manifest, each with its event.
    fn rows(
        manifest: &Manifest<'a>,
        events: impl Iterator<Item = &'static EventCore>,
    ) -> Result<Vec<Row>, LoadError> {
        let row = |(row, event): (package::Row<'_>, &'static EventCore)| {
            let refused = |error| LoadError::Install { event: Some(event.declaration().name), error };
            Row::new(event, row.role).map_err(refused)
        };
        manifest.rows().zip(events).map(row).collect()
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

/// Maps a native package's code.
fn map(package: &Verified<'_>, link: &Link<'_>, id: DomainId) -> Result<Code, LoadError> {
    let plan = link.plan(package)?;
    let image = Image::map(&plan, &link.addresses(), id).map_err(|error| explain(error, package.code()))?;
    let descriptor = image.descriptor(plan.descriptor(), link.rows.len())?;
    Ok(Code::native(image, descriptor))
}

fn new_domain(
    id: DomainId,
    name: String,
    package: &Trusted<'_>,
    link: &Link<'_>,
    code: Code,
) -> Result<Domain, LoadError> {
    let manifest = package.manifest();
    let asked = manifest.quotas.heap_pages;
    let quota = if asked == 0 { HEAP_QUOTA_PAGES } else { asked.min(HEAP_QUOTA_PAGES) };
    Ok(Domain {
        id,
        state: State::Starting,
        name,
        version: manifest.version.into(),
        signer: package.signer(),
        imports: link.exports.iter().map(|export| export.declaration.name).collect(),
        bindings: Bindings::default(),
        heap: Vec::new(),
        heap_quota_pages: quota.into(),
        code,
        fault: None,
    })
}

/// Has the engine make an instance of `module`, on the domain's heap.
fn instantiate(id: DomainId, module: &[u8], link: &Link<'_>, fuel: Option<u64>) -> Result<(), LoadError> {
    let rows: Vec<Entered> = link.rows.iter().map(entered).collect::<Result<_, _>>()?;
    let (heap, limits) = with(id, |domain| (domain.code.engine_heap(), limits(domain, fuel)));
    let module = Module { bytes: module, imports: &link.exports, rows: &rows, limits };
    let heap = heap.expect("the domain was made for a module");
    let engine = match Engine::new(spindle_strands::current(), id, &heap, module) {
        Ok(made) => made.map_err(LoadError::Module)?,
        Err(_) => return Err(faulted(id)),
    };
    with(id, |domain| domain.code.keep_engine(engine));
    Ok(())
}

/// What the engine is told about a row.
fn entered(row: &Row) -> Result<Entered, LoadError> {
    let name = row.event.declaration().name;
    let layout = row.event.frame_layout();
    let layout = layout.ok_or_else(|| LoadError::Module(format!("{name} takes native handlers only")))?;
    match row.purpose {
        Purpose::Bound(role @ Role::Result) => Entered::fold(layout)
            .ok_or(LoadError::Install { event: Some(name), error: InstallError::NotInRole(role) }),
        Purpose::Bound(_) => Ok(Entered::Handler(layout)),
        Purpose::Guard | Purpose::Imposed => Ok(Entered::Guard(layout)),
    }
}

/// What a module may take: memory as much as its domain's heap, and `fuel` steps for each time it is entered.
fn limits(domain: &Domain, fuel: Option<u64>) -> Limits {
    let memory_bytes = (domain.heap_quota_pages * PAGE_BYTES) as usize;
    Limits { memory_bytes, table_elements: TABLE_ELEMENTS, fuel }
}

/// Enters `start` and keeps the address of the state that it made.
fn start(id: DomainId) -> Result<(), LoadError> {
    let entry = with(id, |domain| domain.code.entry()).expect("a module has its engine by now");
    match entry.start(spindle_strands::current(), id) {
        Ok(Ok(state)) => {
            with(id, |domain| {
                domain.code.keep_state(state);
                domain.state = State::Running;
            });
            Ok(())
        }
        Ok(Err(status)) => Err(LoadError::Start(status)),
        Err(_) => Err(faulted(id)),
    }
}

/// The fault that the domain was condemned for.
fn faulted(id: DomainId) -> LoadError {
    let report = with(id, |domain| domain.fault);
    LoadError::Faulted(Box::new(report.expect("whoever condemns a domain leaves a report")))
}

/// Runs `f` on the domain that is being loaded.
pub(crate) fn with<R>(id: DomainId, f: impl FnOnce(&mut Domain) -> R) -> R {
    table::with(id, f).expect("only the strand that loads a domain takes it away before it runs")
}
