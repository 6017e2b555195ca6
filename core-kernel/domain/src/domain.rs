//! One domain: what it is, what it holds, and the states that it goes through.
//!
//! ```text
//!  Starting ──> Running ──> Stopping ──> (gone)
//!      └───────────┴── Faulted ──┘
//! ```

use crate::code::Code;
use crate::fault::FaultReport;
use crate::id::DomainId;
use crate::image::Image;
use crate::rows::{Bindings, Row};
use alloc::string::String;
use alloc::vec::Vec;
use spindle_abi::Fingerprint;
use spindle_abi::package::Kind;
use spindle_arch::layout::PAGE_BYTES;
use spindle_mem::Region;

/// Where a domain is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Mapped and linked; its `start` has not returned.
    Starting,
    /// Its handlers are installed.
    Running,
    /// Its handlers are being taken away.
    Stopping,
    /// It faulted: nothing enters it any more, and the kernel takes it away at the next quiet moment.
    Faulted,
}

impl State {
    /// The word that listings show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Faulted => "faulted",
        }
    }
}

/// A domain and everything that it holds (INV-DOMAIN-2).
#[derive(Debug)]
pub(crate) struct Domain {
    pub(crate) id: DomainId,
    pub(crate) state: State,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) signer: Option<Fingerprint>,
    pub(crate) imports: Vec<&'static str>,
    pub(crate) bindings: Bindings,
    pub(crate) heap: Vec<Region>,
    pub(crate) heap_quota_pages: u64,
    pub(crate) code: Code,
    pub(crate) fault: Option<FaultReport>,
}

impl Domain {
    /// Bytes of heap that the kernel has given it.
    pub(crate) fn heap_bytes(&self) -> u64 {
        self.heap.iter().map(|region| region.len_bytes() as u64).sum()
    }

    pub(crate) fn info(&self) -> Info {
        let image = self.code.image();
        Info {
            id: self.id,
            name: self.name.clone(),
            version: self.version.clone(),
            state: self.state,
            kind: self.code.kind(),
            signer: self.signer,
            imports: self.imports.clone(),
            rows: self.bindings.rows.clone(),
            handlers: self.bindings.count,
            text_bytes: image.map_or(0, Image::text_bytes),
            read_only_bytes: image.map_or(0, Image::read_only_bytes),
            data_bytes: image.map_or(0, Image::data_bytes),
            heap_bytes: self.heap_bytes(),
            heap_quota_bytes: self.heap_quota_pages * PAGE_BYTES,
            text_start: image.map_or(0, Image::text_start),
        }
    }
}

/// What a listing shows of a domain.
#[derive(Clone, Debug)]
pub struct Info {
    /// Which domain.
    pub id: DomainId,
    /// The extension's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it is in its life.
    pub state: State,
    /// What its code is.
    pub kind: Kind,
    /// Fingerprint of the key that signed it; `None` for Wasm, which needs no signature.
    pub signer: Option<Fingerprint>,
    /// The procedures that it calls.
    pub imports: Vec<&'static str>,
    /// What it has installed, row by row of its table.
    pub rows: Vec<Row>,
    /// How many bindings and imposed guards that is.
    pub handlers: usize,
    /// Mapped executable bytes; like the other parts of an image, 0 for Wasm, whose code lies in its heap.
    pub text_bytes: u64,
    /// Mapped read-only bytes.
    pub read_only_bytes: u64,
    /// Mapped writable bytes of the image.
    pub data_bytes: u64,
    /// Bytes of heap.
    pub heap_bytes: u64,
    /// The most that its heap may grow to.
    pub heap_quota_bytes: u64,
    /// Address of its text.
    pub text_start: u64,
}
