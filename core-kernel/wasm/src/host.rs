//! The module's side of an import: what happens when its code calls one.

use alloc::sync::Arc;

use spindle_abi::FramedFn;
use spindle_abi::guest;
use wasmi::{AsContextMut, Caller, Extern, Memory};

use crate::activity::Activity;
use crate::error::Fault;
use crate::lift::{Complaint, lift};
use crate::limits::Limiter;
use crate::native::{Call, call_import};
use crate::plan::Plan;

/// What the store keeps for us.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) limiter: Limiter,
    /// The module's memory, once its instantiation has come so far.
    pub(crate) memory: Option<Memory>,
}

/// A procedure bound to an import.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) name: &'static str,
    pub(crate) plan: Plan,
    pub(crate) call: FramedFn,
    pub(crate) via: Call,
    pub(crate) activity: Arc<Activity>,
    pub(crate) is_metered: bool,
}

/// What a copied byte costs: not the copy, which is cheap, but what a procedure may do with it, such as print it.
const FUEL_PER_BYTE: u64 = 16;

impl Bound {
    /// Calls the procedure with the frame at `address`.
    pub(crate) fn call(&self, mut caller: Caller<'_, Host>, address: u32) -> Result<(), wasmi::Error> {
        if self.plan.is_empty() {
            self.call_native(&mut caller, core::ptr::NonNull::<u128>::dangling().as_ptr().cast());
            return Ok(());
        }
        let memory = memory(&mut caller).ok_or_else(|| wasmi::Error::host(Fault::Engine))?;
        let lifted = lift(&self.plan, memory.data(&caller), address);
        let mut lifted = lifted.map_err(|complaint| self.complain(complaint))?;
        self.charge(&mut caller, lifted.bytes() as u64)?;
        lifted.call(|frame| self.call_native(&mut caller, frame));
        lifted.write_back(memory.data_mut(&mut caller));
        Ok(())
    }

    fn call_native(&self, caller: &mut Caller<'_, Host>, frame: *mut ()) {
        call_import(&self.activity, caller.as_context_mut(), self.via, self.call, frame);
    }

    /// Has the module pay for what was copied: it is time that its own instructions do not account for.
    fn charge(&self, caller: &mut Caller<'_, Host>, bytes: u64) -> Result<(), wasmi::Error> {
        if !self.is_metered {
            return Ok(());
        }
        let left = caller.get_fuel()?.checked_sub(bytes.saturating_mul(FUEL_PER_BYTE));
        caller.set_fuel(left.ok_or_else(|| wasmi::Error::host(Fault::OutOfFuel))?)
    }

    #[cold]
    fn complain(&self, (argument, wrong): Complaint) -> wasmi::Error {
        wasmi::Error::host(Fault::BadArgument { procedure: self.name, argument, wrong })
    }
}

/// The module's memory; by name the first time, which is before or just after its instantiation.
fn memory(caller: &mut Caller<'_, Host>) -> Option<Memory> {
    if caller.data().memory.is_none() {
        caller.data_mut().memory = caller.get_export(guest::MEMORY).and_then(Extern::into_memory);
    }
    caller.data().memory
}
