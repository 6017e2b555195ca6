//! Saves: waits until something below a folder, or a file, was written, and then until it is quiet.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::failure::{Failure, Result};

/// One save is several events; this long after the last one it is over.
const QUIET: Duration = Duration::from_millis(150);

/// What happens to a file or folder.
pub(super) struct Changes {
    events: Receiver<notify::Result<Event>>,
    /// The one file that matters, or `None` for all.
    only: Option<PathBuf>,
    _watcher: RecommendedWatcher,
}

impl Changes {
    /// Begins to watch `path`. Of a file, its folder is watched: editors replace files.
    pub(super) fn of(path: &Path) -> Result<Self> {
        let unable =
            |error| Failure::new(format_args!("{} cannot be watched", path.display())).because(error);
        let path = path.canonicalize().map_err(|error| unable(error.to_string()))?;
        let (sender, events) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(sender).map_err(|error| unable(error.to_string()))?;
        let (folder, mode, only) = match path.parent() {
            Some(folder) if path.is_file() => (folder, RecursiveMode::NonRecursive, Some(path.clone())),
            _ => (path.as_path(), RecursiveMode::Recursive, None),
        };
        watcher.watch(folder, mode).map_err(|error| unable(error.to_string()))?;
        Ok(Self { events, only, _watcher: watcher })
    }

    /// Waits for a save. Those since the last call count.
    pub(super) fn wait(&self) -> Result<()> {
        let ended = || Failure::new("watching has ended").because("the file system tells no more");
        while !self.matters(&self.events.recv().map_err(|_| ended())?) {}
        loop {
            match self.events.recv_timeout(QUIET) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(ended()),
            }
        }
    }

    /// Whether contents may have changed. An error may hide that they have.
    fn matters(&self, event: &notify::Result<Event>) -> bool {
        let Ok(event) = event else { return true };
        let writes = match event.kind {
            EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
            EventKind::Any
            | EventKind::Create(_)
            | EventKind::Modify(_)
            | EventKind::Remove(_)
            | EventKind::Other => true,
        };
        writes && self.only.as_ref().is_none_or(|only| event.paths.contains(only))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::Changes;

    /// Whether `act` is seen as a save.
    fn is_seen(changes: Changes, act: impl FnOnce()) -> bool {
        let (sender, seen) = mpsc::channel();
        std::thread::spawn(move || sender.send(changes.wait().is_ok()));
        act();
        seen.recv_timeout(Duration::from_secs(2)).unwrap_or(false)
    }

    #[test]
    fn writing_and_replacing_are_saves_and_reading_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("src");
        fs::create_dir(&source).unwrap();
        let file = source.join("lib.rs");
        fs::write(&file, "a").unwrap();
        let other = source.join("other.rs");
        assert!(is_seen(Changes::of(folder.path()).unwrap(), || fs::write(&file, "b").unwrap()));
        assert!(!is_seen(Changes::of(folder.path()).unwrap(), || drop(fs::read(&file).unwrap())));
        let replace = || {
            fs::write(&other, "c").unwrap();
            fs::rename(&other, &file).unwrap();
        };
        assert!(is_seen(Changes::of(&file).unwrap(), replace));
        assert!(!is_seen(Changes::of(&file).unwrap(), || fs::write(&other, "d").unwrap()));
    }

    #[test]
    fn what_is_not_there_cannot_be_watched() {
        assert!(Changes::of(std::path::Path::new("/no/such/folder")).is_err());
    }
}
