//! Progress that a human sees on standard error while something takes seconds; nothing where nobody looks.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Shown until dropped.
#[derive(Debug)]
pub(crate) struct Spinner(ProgressBar);

impl Spinner {
    /// Says what is under way.
    pub(crate) fn new(what: &str) -> Self {
        let bar = ProgressBar::new_spinner().with_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// How many bytes of so many; shown until dropped or hidden.
#[derive(Debug)]
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Says what is under way.
    pub(crate) fn new(what: &str, bytes: usize) -> Self {
        let style = ProgressStyle::with_template("  {msg} {bar:30} {bytes} of {total_bytes}");
        let bar = ProgressBar::new(bytes as u64).with_message(what.to_owned());
        Self(bar.with_style(style.expect("the template names what indicatif knows")))
    }

    /// So much is done.
    pub(crate) fn set(&self, bytes: usize) {
        self.0.set_position(bytes as u64);
    }

    /// Gives the row to somebody else.
    pub(crate) fn hide(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.hide();
    }
}
