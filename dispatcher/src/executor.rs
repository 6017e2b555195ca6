//! Who runs what was queued: what the dispatcher asks of the system for asynchronous handlers.

/// Runs queued raises, by calling [`deliver`](crate::deliver()) on a strand of its own.
pub trait Executor: Sync {
    /// Something was queued. Called from a raise, maybe in an interrupt: takes no lock and does not wait.
    fn wake(&self);

    /// A raise found its queue full, and the event's owner wants it to wait: lets queued work run. False if that is
    /// impossible here: in an interrupt, inside a delivery, or where nobody delivers.
    ///
    /// The raise then tries again, and asks again: `true` means that something was delivered, or that whoever
    /// delivers had time to.
    fn make_room(&self) -> bool;
}
