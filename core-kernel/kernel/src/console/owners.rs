//! Whose something is, by name: the kernel's, or an extension's.

use alloc::vec::Vec;

use spindle_abi::package;
use spindle_dispatcher::Owner;
use spindle_domain::{DomainId, Info};

/// The extensions that are loaded, as they were when this was made.
pub(super) struct Owners(Vec<Info>);

impl Owners {
    /// Those of now.
    pub(super) fn now() -> Self {
        Self(spindle_domain::list())
    }

    /// What an owner is called; `?` for an extension that is gone.
    pub(super) fn name(&self, owner: Owner) -> &str {
        match DomainId::of(owner) {
            None => "kernel",
            Some(id) => self.find(id).map_or("?", |info| &info.name),
        }
    }

    /// What an owner's code is.
    pub(super) fn kind(&self, owner: Owner) -> &'static str {
        match DomainId::of(owner).map(|id| self.find(id).map(|info| info.kind)) {
            None => "kernel",
            Some(Some(package::Kind::Native)) => "native",
            Some(Some(package::Kind::Wasm)) => "wasm",
            Some(None) => "?",
        }
    }

    fn find(&self, id: DomainId) -> Option<&Info> {
        self.0.iter().find(|info| info.id == id)
    }
}
