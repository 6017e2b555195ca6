//! The page docs/benchmarks.md: what stands between two markers of it is written by a measurement, the rest by hand.

use std::path::PathBuf;

use super::date;
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};

/// The places in the page, each between two lines of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Figures in nanoseconds.
    Time,
    /// Figures in instructions.
    Instructions,
    /// Figures of the host's processor, in nanoseconds.
    Host,
}

impl Place {
    /// The line that begins it and the line that ends it.
    fn markers(self) -> [String; 2] {
        ["begin", "end"].map(|word| format!("<!-- {word}: written by `{}` -->\n", self.command()))
    }

    fn command(self) -> &'static str {
        match self {
            Self::Time => "cargo xtask bench --linux --doc",
            Self::Instructions => "cargo xtask bench --linux --icount --doc",
            Self::Host => "cargo xtask bench --host --doc",
        }
    }

    /// What the files of its pictures begin with.
    pub(super) fn machine(self) -> &'static str {
        match self {
            Self::Time => "guest",
            Self::Instructions => "guest-instructions",
            Self::Host => "host",
        }
    }

    /// What stands in `text` before it and after it.
    fn around(self, text: &str) -> Option<(&str, &str)> {
        let [begin, end] = self.markers();
        let (before, rest) = text.split_once(&begin)?;
        Some((before, rest.split_once(&end)?.1))
    }
}

/// The page, known to have its places.
#[derive(Debug)]
pub(super) struct Page {
    path: PathBuf,
    place: Place,
    before: String,
    after: String,
}

impl Page {
    /// Reads the page.
    ///
    /// # Errors
    /// If it lacks the place or cannot be written, so that it is known before anything is measured.
    pub(super) fn open(folders: &Folders, place: Place) -> Result<Self> {
        let path = folders.root().join("docs/benchmarks.md");
        let text = String::from_utf8_lossy(&folders::read(&path)?).into_owned();
        super::report::is_writable(&path)?;
        let (before, after) = place.around(&text).ok_or_else(|| {
            Failure::new(format_args!("{} has no place for the figures", path.display()))
                .because(format_args!("these two lines mark it:\n{}", place.markers().concat()))
                .next("git checkout docs/benchmarks.md")
        })?;
        let (before, after) = (before.to_owned(), after.to_owned());
        Ok(Self { path, place, before, after })
    }

    /// Writes it with these circumstances and figures, in Markdown, between the markers.
    pub(super) fn write(&self, circumstances: &str, figures: &str) -> Result<()> {
        let Self { path, place, before, after } = self;
        let [begin, end] = place.markers();
        let (date, figures) = (date::today(), figures.trim_end());
        let text = format!("{before}{begin}\n{date}, {circumstances}.\n\n{figures}\n\n{end}{after}");
        folders::write(path, text.as_bytes())?;
        eprintln!("written: {}", path.display());
        Ok(())
    }

    /// Which place it is opened at.
    pub(super) fn place(&self) -> Place {
        self.place
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, Place};

    fn page() -> String {
        let [begin, end] = Place::Time.markers();
        let other = Place::Instructions.markers().concat();
        format!("# By hand\n{begin}old\n{end}Also by hand.\n{other}")
    }

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("page.md");
        let text = page();
        let (before, after) = Place::Time.around(&text).unwrap();
        for figure in ["7.5", "8.5"] {
            let page = Page {
                path: path.clone(),
                place: Place::Time,
                before: before.to_owned(),
                after: after.to_owned(),
            };
            page.write("here", figure).unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(Place::Time.around(&text), Some((before, after)));
            assert!(text.contains(&format!(", here.\n\n{figure}\n")));
            assert!(!text.contains("old"));
        }
    }

    #[test]
    fn a_page_without_both_markers_in_order_has_no_place() {
        let [begin, end] = Place::Time.markers();
        assert!(Place::Time.around(&format!("{end}{begin}")).is_none());
        assert!(Place::Time.around(&begin).is_none());
        assert!(Place::Instructions.around(&format!("{begin}{end}")).is_none());
    }

    #[test]
    fn the_page_of_this_repository_has_every_place() {
        let page = include_str!("../../../../docs/benchmarks.md");
        let places = [Place::Time, Place::Instructions, Place::Host];
        assert!(places.iter().all(|place| place.around(page).is_some()));
    }
}
