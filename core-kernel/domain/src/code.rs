//! The code of a domain, of either kind: how it is started, stopped and handled by, and what it takes.

use crate::enter::Faulted;
use crate::enter::native::{self, EntryPoints};
use crate::enter::wasm::Engine;
use crate::heap::{EngineHeap, Ledger};
use crate::id::DomainId;
use crate::image::{Descriptor, Image};
use alloc::sync::Arc;
use alloc::vec::Vec;
use spindle_abi::Status;
use spindle_abi::package::Kind;
use spindle_dispatcher::{Guard, Handler, InstallError};
use spindle_mem::DomainHeap;
use spindle_strands::Strand;

/// What a domain runs.
#[derive(Debug)]
pub(crate) enum Code {
    /// A certified object.
    Native(Native),
    /// A module in an engine of its own.
    Wasm(Wasm),
}

/// A mapped object.
#[derive(Debug)]
pub(crate) struct Native {
    image: Image,
    entry_points: EntryPoints,
    /// One for each row of the manifest.
    handlers: Vec<u64>,
    /// What `start` made.
    closure: *const (),
}

/// A module, from when its heap exists.
#[derive(Debug)]
pub(crate) struct Wasm {
    /// Its pages are in the domain's ledger. When the domain is dropped they may go first: dropping this touches none.
    pub(crate) heap: Arc<EngineHeap>,
    pub(crate) engine: Option<Engine>,
}

// SAFETY: the addresses in it are handed back to the domain's own code or engine only, which one strand at a time runs;
// a native extension's state is `Sync`.
unsafe impl Send for Code {}

/// How code is entered, copied out of the table so that the table is not locked meanwhile.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    Native(EntryPoints, *const ()),
    Wasm(Engine),
}

impl Code {
    /// The code of a mapped image.
    pub(crate) fn native(image: Image, descriptor: Descriptor) -> Self {
        let Descriptor { entry_points, handlers } = descriptor;
        Self::Native(Native { image, entry_points, handlers, closure: core::ptr::null() })
    }

    /// An engine's heap, without an engine yet.
    pub(crate) fn wasm(id: DomainId) -> Self {
        Self::Wasm(Wasm { heap: Arc::new(DomainHeap::new(Ledger(id))), engine: None })
    }

    /// Which kind it is.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Native(_) => Kind::Native,
            Self::Wasm(_) => Kind::Wasm,
        }
    }

    /// The mapped image, if it is native.
    pub(crate) fn image(&self) -> Option<&Image> {
        match self {
            Self::Native(native) => Some(&native.image),
            Self::Wasm(_) => None,
        }
    }

    /// Where `address` lies in its text, if it does.
    pub(crate) fn text_offset(&self, address: u64) -> Option<u64> {
        self.image()?.text_offset(address)
    }

    /// Whether its engine was refused memory when it last asked for some.
    pub(crate) fn heap_was_exhausted(&self) -> bool {
        matches!(self, Self::Wasm(wasm) if wasm.heap.was_exhausted())
    }

    /// The heap that its engine works on, if it is a module.
    pub(crate) fn engine_heap(&self) -> Option<Arc<EngineHeap>> {
        match self {
            Self::Native(_) => None,
            Self::Wasm(wasm) => Some(Arc::clone(&wasm.heap)),
        }
    }

    /// Keeps the engine of a module.
    pub(crate) fn keep_engine(&mut self, engine: Engine) {
        if let Self::Wasm(wasm) = self {
            wasm.engine = Some(engine);
        }
    }

    /// How it is entered; `None` for a module that has no engine.
    pub(crate) fn entry(&self) -> Option<Entry> {
        match self {
            Self::Native(native) => Some(Entry::Native(native.entry_points, native.closure)),
            Self::Wasm(wasm) => wasm.engine.map(Entry::Wasm),
        }
    }

    /// Keeps what `start` made.
    pub(crate) fn keep_state(&mut self, state: *const ()) {
        if let Self::Native(native) = self {
            native.closure = state;
        }
    }

    /// The handler, default handler or result handler at row `index` of the table; `None` if there is no such row.
    ///
    /// # Safety
    /// The manifest says that the row is one. It is installed in that role on the event that the manifest names for it, and
    /// uninstalled, its ticket waited for, before the domain is dropped.
    pub(crate) unsafe fn handler(&self, index: usize, domain: DomainId) -> Option<Handler> {
        match self {
            Self::Native(native) => {
                let enter = *native.handlers.get(index)?;
                // SAFETY: the entry lies in the domain's text, and is of the declared event by the package's signature
                // and fingerprint; the rest is the caller's promise.
                Some(unsafe { native::handler(enter, native.closure, domain) })
            }
            // SAFETY: the engine was made with a handler for each of the manifest; the rest is the caller's promise.
            Self::Wasm(wasm) => Some(unsafe { wasm.engine?.handler(index, domain) }),
        }
    }

    /// The guard at row `index`; `None` if there is no such row.
    ///
    /// # Safety
    /// As for [`Self::handler`].
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub(crate) unsafe fn guard(&self, index: usize, domain: DomainId) -> Option<Result<Guard, InstallError>> {
        match self {
            Self::Native(native) => {
                let enter = *native.handlers.get(index)?;
                // SAFETY: as in `handler`.
                Some(unsafe { native::guard(enter, native.closure, domain) })
            }
            // SAFETY: as in `handler`.
            Self::Wasm(wasm) => Some(unsafe { wasm.engine?.guard(index, domain) }),
        }
    }
}

impl Entry {
    /// Starts the extension; returns its state's address (null for Wasm, whose engine keeps it), or why it refused.
    pub(crate) fn start(
        self,
        strand: &Strand,
        domain: DomainId,
    ) -> Result<Result<*const (), Status>, Faulted> {
        match self {
            Self::Native(points, _) => points.start(strand, domain),
            Self::Wasm(engine) => {
                let started = engine.start(strand, domain)?;
                Ok(started.map(|()| core::ptr::null()))
            }
        }
    }

    /// Stops it.
    pub(crate) fn stop(self, strand: &Strand, domain: DomainId) -> Result<(), Faulted> {
        match self {
            Self::Native(points, closure) => points.stop(strand, domain, closure),
            Self::Wasm(engine) => engine.stop(strand, domain),
        }
    }
}
