//! Somebody else's handlers, for an extension that meets others'.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use spindle_abi::EventSpec;
use spindle_dispatcher::{Handler, InstallError};
use spindle_sdk::Extension;

use crate::bind;
use crate::instance::Instance;

/// A handler that is not the extension's: it counts how often it is called. The extension's imposed guards are on it.
#[derive(Clone, Debug)]
pub struct Somebody {
    calls: Arc<AtomicUsize>,
}

impl Somebody {
    /// How often it was called.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Installs a handler that answers `result` to every raise of `Raised`, behind those that are there.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub(crate) fn answering<E: Extension, Raised: EventSpec>(
        instance: &Arc<Instance<E>>,
        result: Raised::Result,
    ) -> Result<Self, InstallError> {
        let calls = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&calls);
        let handler = Handler::closure::<Raised>(move |frame| {
            counter.fetch_add(1, Ordering::Relaxed);
            *Raised::result(frame) = result;
        })?;
        let installed = instance.event::<Raised>().install(handler)?;
        for guard in bind::imposed::<E, Raised>(instance)? {
            // It stays for as long as the handler does.
            let _ = installed.impose(guard)?;
        }
        // So does that, with its event.
        drop(installed);
        Ok(Self { calls })
    }
}
