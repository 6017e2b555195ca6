//! A package that the host has pushed: loaded from memory, with the answers of `ext load`.

use super::{load_package, unload_loaded};
use crate::console::Session;
use crate::console::error::Failed;

impl Session {
    /// Loads the package in `bytes`; whether it runs now. With `replace`, a loaded extension of the same name is unloaded
    /// first, but not for a package that is refused at sight.
    pub(crate) fn load_pushed(&mut self, bytes: &[u8], replace: bool) -> bool {
        let _current = self.sink().make_current();
        load(self, bytes, replace).is_ok()
    }
}

fn load(session: &Session, bytes: &[u8], replace: bool) -> Result<(), Failed> {
    let name = spindle_domain::check(bytes).map_err(|error| session.fail(error))?;
    if spindle_domain::info(&name).is_none() {
        return load_package(session, bytes);
    }
    if !replace {
        let push = "push it with --replace to take its place";
        return Err(session.fail(format_args!("`{name}` is loaded already; {push}")));
    }
    unload_loaded(session, &name)?;
    load_package(session, bytes).inspect_err(|_| {
        session.say(format_args!("`{name}` was unloaded for it, and is not back"));
    })
}
