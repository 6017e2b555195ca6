//! The stacks that the kernel itself needs: one for each use of an interrupt stack, one for the main strand.

use spindle_arch::cpu::{continue_on_stack, set_current_stack};
use spindle_arch::descriptors::{INTERRUPT_STACKS, set_interrupt_stacks};
use spindle_mem::{GuardedStack, Owner};

/// Room for a crash report, which formats and looks symbols up.
const INTERRUPT_STACK_PAGES: usize = 8;
/// Room for the console, for loading a package, and for the handlers of events raised from there.
const MAIN_STACK_PAGES: usize = 64;

/// Puts the interrupt stacks into service and continues in `entry` on the main strand's own stack.
///
/// # Panics
/// If there is no memory for them: the machine is too small to boot.
pub(crate) fn leave_loader_stack(entry: extern "C" fn() -> !) -> ! {
    let tops = [(); INTERRUPT_STACKS].map(|()| kept(INTERRUPT_STACK_PAGES).top());
    // SAFETY: this is boot, with interrupts off; the stacks are fresh, and kept for good.
    unsafe { set_interrupt_stacks(tops) };
    let main = kept(MAIN_STACK_PAGES);
    // SAFETY: a fresh stack, which `entry` runs on from the next line on.
    unsafe { set_current_stack(main.range()) };
    // SAFETY: a fresh stack, page aligned, never given back, used by nobody else.
    unsafe { continue_on_stack(main.top(), entry) }
}

/// A stack that stays for good.
fn kept(pages: usize) -> core::mem::ManuallyDrop<GuardedStack> {
    match GuardedStack::new(pages, Owner::STACKS) {
        Ok(stack) => core::mem::ManuallyDrop::new(stack),
        Err(error) => panic!("no memory for the kernel's stacks: {error}"),
    }
}
