//! The page docs/benchmarks.md: what stands between its two markers is written by the measurement, the rest by hand.

use std::path::PathBuf;

use super::results::Results;
use super::table::{Labels, compare};
use super::{date, verdicts};
use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};

/// The places in the page, each between two lines of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Figures in nanoseconds.
    Time,
    /// Figures in instructions.
    Instructions,
}

impl Place {
    /// The line that begins it and the line that ends it.
    fn markers(self) -> [String; 2] {
        let command = match self {
            Self::Time => "cargo xtask bench --linux --doc",
            Self::Instructions => "cargo xtask bench --linux --icount --doc",
        };
        ["begin", "end"].map(|word| format!("<!-- {word}: written by `{command}` -->\n"))
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

    /// Writes it with these results between the markers.
    pub(super) fn write(&self, circumstances: &str, results: &Results) -> Result<()> {
        let Self { path, place, before, after } = self;
        let [begin, end] = place.markers();
        let (date, table) = (date::today(), compare(results, Labels::Words).markdown());
        let figures = format!("{date}, {circumstances}.\n\n{table}\n{}", verdicts::text(results));
        folders::write(path, format!("{before}{begin}\n{figures}\n{end}{after}").as_bytes())?;
        eprintln!("written: {}", path.display());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::results;
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
        for median in [7.5, 8.5] {
            let page = Page {
                path: path.clone(),
                place: Place::Time,
                before: before.to_owned(),
                after: after.to_owned(),
            };
            page.write("here", &results(&[("P2", median)])).unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(Place::Time.around(&text), Some((before, after)));
            assert!(text.contains(", here.\n\n| Spindle |") && text.contains(&format!(" {median} ")));
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
    fn the_page_of_this_repository_has_both_places() {
        let page = include_str!("../../../../docs/benchmarks.md");
        assert!(Place::Time.around(page).is_some() && Place::Instructions.around(page).is_some());
    }
}
