//! Delivery: calling handlers with what raises have queued for them.
//!
//! # Concepts
//! Every asynchronous binding that is installed, and every asynchronous event, has a mailbox in one list. Whoever
//! delivers goes round that list: a few frames from a mailbox, then on to the next that has some. A mailbox is
//! delivered from by one strand at a time, so that its frames are handled in order.
//!
//! # Invariants
//! - `INV-DISP-40`: whoever puts a frame in sets [`IS_QUEUED`] and wakes the executor afterwards. [`deliver`]
//!   clears the word before it looks, and sets it if it leaves while there may be more. So nothing waits
//!   unannounced.
//!
//! # Locking
//! The list has a lock of its own, taken by writers inside theirs and by whoever delivers, never by a raise, and
//! never held while a handler runs.

use crate::raw::mailbox::Mailbox;
use crate::raw::shared::Shared;
use crate::sync::{AtomicBool, Mutex, Ordering, global};
use crate::{InstallError, Strand};
use alloc::vec::Vec;

/// How many frames are taken from one mailbox before the next has its turn.
const BURST: usize = 8;

global! {
    static MAILBOXES: Mutex<Mailboxes> = Mutex::new(Mailboxes { list: Vec::new(), next: 0 });
}

global! {
    /// Something may wait to be delivered.
    static IS_QUEUED: AtomicBool = AtomicBool::new(false);
}

/// The mailboxes that raises put frames into.
#[derive(Debug)]
struct Mailboxes {
    list: Vec<Shared<Mailbox>>,
    /// Whose turn it is.
    next: usize,
}

/// Whether something may wait to be delivered. One load; `false` is right about every raise that has ended.
pub fn is_anything_queued() -> bool {
    IS_QUEUED.load(Ordering::Acquire)
}

/// Delivers up to `limit` queued raises to their handlers, on the calling strand, fairly to all who wait; returns
/// how many.
///
/// Fewer than `limit` mean that there were no more, or that what is left cannot be delivered now: another strand is
/// delivering it, or its handler is in use. [`is_anything_queued`] then says whether to come back.
///
/// # Locking
/// May be called wherever handlers may run; takes a lock that raises never take.
pub fn deliver<S: Strand>(strand: &S, limit: usize) -> usize {
    IS_QUEUED.swap(false, Ordering::AcqRel);
    let was_delivering = strand.replace_delivering(true);
    let (mut delivered, mut steps_in_vain) = (0, 0);
    while delivered < limit {
        let Some(next) = next_with_work::<S>() else { break };
        steps_in_vain += next.steps;
        if steps_in_vain > next.count {
            // Once round, and nothing could be delivered.
            break;
        }
        let burst = next.mailbox.deliver(strand, BURST.min(limit - delivered));
        delivered += burst;
        if burst > 0 {
            steps_in_vain = 0;
        }
    }
    strand.replace_delivering(was_delivering);
    if delivered == limit {
        // Others who deliver may have been turned away meanwhile.
        announce();
        S::executor().wake();
    }
    delivered
}

/// Notes that something was queued, or may still be.
pub(crate) fn announce() {
    IS_QUEUED.swap(true, Ordering::AcqRel);
}

/// Makes room for `count` more mailboxes.
pub(crate) fn reserve(count: usize) -> Result<(), InstallError> {
    MAILBOXES.lock().list.try_reserve(count).map_err(|_| InstallError::OutOfMemory)
}

/// Has `mailbox` delivered from; room was made under the same hold of the writers' lock.
pub(crate) fn register(mailbox: Shared<Mailbox>) {
    let list = &mut MAILBOXES.lock().list;
    debug_assert!(list.len() < list.capacity(), "room is made before anything changes");
    list.push(mailbox);
}

/// Has `mailbox` delivered from no more.
pub(crate) fn unregister(mailbox: &Shared<Mailbox>) {
    let mut mailboxes = MAILBOXES.lock();
    let place = mailboxes.list.iter().position(|other| Shared::address(other) == Shared::address(mailbox));
    let gone = place.map(|place| mailboxes.list.swap_remove(place));
    if mailboxes.list.is_empty() {
        // Who has unloaded everything has all memory back.
        mailboxes.list = Vec::new();
    }
    drop(mailboxes);
    drop(gone);
}

/// A mailbox whose turn it is.
struct Next {
    mailbox: Shared<Mailbox>,
    /// How many mailboxes ago the one before had its turn.
    steps: usize,
    /// How many mailboxes there are.
    count: usize,
}

/// The next mailbox of `S`'s events in which something waits that nobody is delivering.
fn next_with_work<S: Strand>() -> Option<Next> {
    let mut mailboxes = MAILBOXES.lock();
    let count = mailboxes.list.len();
    let place = |step| (mailboxes.next + step) % count;
    let step = (0..count).find(|step| mailboxes.list[place(*step)].has_work_for::<S>())?;
    let place = place(step);
    mailboxes.next = place + 1;
    Some(Next { mailbox: mailboxes.list[place].clone(), steps: step + 1, count })
}
