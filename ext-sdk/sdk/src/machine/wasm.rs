//! Wasm: a heap in the memory of the module, which grows, and the window in which the kernel puts frames.
//!
//! *Concepts.* A module has one memory and is entered by one strand at a time, so nothing here is shared.
//!
//! *Invariants.* `INV-SDK-3`: no code of the module touches the window but through the frames that it is given.
#![allow(unsafe_code, reason = "memory that the kernel writes")]

use core::cell::UnsafeCell;

use spindle_abi::guest::{WINDOW_ALIGN, WINDOW_BYTES};
use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

/// Traps.
pub(crate) fn abort() -> ! {
    core::arch::wasm32::unreachable()
}

#[global_allocator]
static HEAP: WasmDynamicTalc = new_wasm_dynamic_allocator();

/// Memory that the kernel writes frames to.
#[repr(C, align(16))]
struct Window(UnsafeCell<[u8; WINDOW_BYTES]>);

const _: () = assert!(align_of::<Window>() == WINDOW_ALIGN);

// SAFETY: INV-SDK-3: nothing in the module refers to it.
unsafe impl Sync for Window {}

/// All zeros, so that it takes no bytes of the module.
#[used]
#[unsafe(export_name = "spindle_window")]
static WINDOW: Window = Window(UnsafeCell::new([0; WINDOW_BYTES]));
