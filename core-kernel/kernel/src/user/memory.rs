//! The memory of the program that runs, and the procedures by which handlers of its system calls reach it.
//!
//! *Locking*: `RUNNING` is held while bytes are copied, so with interrupts off: at most for what one call's buffer
//! holds. No lock is taken below it.

use linkme::distributed_slice;
use spindle_abi::{Export, Status};
use spindle_arch::lock::Lock;
use spindle_domain::PROCEDURES;
use spindle_interfaces::user;
use spindle_mem::{AddressSpace, Error};

static RUNNING: Lock<Option<(u64, AddressSpace)>> = Lock::new(None);

#[distributed_slice(PROCEDURES)]
static USER: &[Export] = &user::exports::<User>();

struct User;

impl user::Procedures for User {
    fn copy_in(process: u64, address: u64, into: &mut [u8]) -> Status {
        with(process, |space| space.copy_in(address, into))
    }

    fn copy_out(process: u64, address: u64, from: &[u8]) -> Status {
        with(process, |space| space.copy_out(address, from))
    }
}

/// Copies by `copy` from or to the memory of `process`, if that is the one that runs.
fn with(process: u64, copy: impl FnOnce(&AddressSpace) -> Result<(), Error>) -> Status {
    let running = RUNNING.lock();
    match &*running {
        Some((id, space)) if *id == process && copy(space).is_ok() => Status::OK,
        _ => Status::FAILED,
    }
}

/// Makes `space` the active one and calls `body`; then the kernel's own tables are, and `space` comes back.
pub(super) fn while_active<R>(
    process: u64,
    space: AddressSpace,
    body: impl FnOnce() -> R,
) -> (AddressSpace, R) {
    space.activate();
    let before = RUNNING.lock().replace((process, space));
    assert!(before.is_none(), "programs run on the main strand, one at a time (INV-PROCESS-1)");
    let result = body();
    let (_, space) = RUNNING.lock().take().expect("put there above, and taken only here");
    spindle_mem::deactivate();
    (space, result)
}
