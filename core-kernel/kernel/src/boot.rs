//! What the boot loader hands over: memory, the kernel's own file, the ramdisk.
//!
//! *Invariants*
//! - `INV-BOOT-1`: the frames of the kernel's file and of the ramdisk are never given away: the map calls
//!   them the loader's.

use bootloader_api::config::Mapping;
use bootloader_api::info::{MemoryRegion, MemoryRegionKind};
use bootloader_api::{BootInfo, BootloaderConfig};
use core::slice::from_raw_parts;
use spin::Once;
use spindle_arch::{layout, time};
use spindle_mem::{PhysicalRange, RangeKind};

/// What the loader is asked for; see `spindle_arch::layout`.
pub(crate) static CONFIG: BootloaderConfig = {
    let mut config = BootloaderConfig::new_default();
    config.mappings.kernel_base = Mapping::FixedAddress(layout::KERNEL_IMAGE);
    config.mappings.physical_memory = Some(Mapping::FixedAddress(layout::WINDOW));
    config.mappings.dynamic_range_start = Some(layout::LOADER);
    config.mappings.dynamic_range_end = Some(layout::KERNEL_HEAP);
    config.kernel_stack_size = 64 * 1024;
    config
};

/// What is kept of the boot information.
#[derive(Clone, Copy, Debug)]
struct Kept {
    image: &'static [u8],
    image_offset: u64,
    ramdisk: &'static [u8],
    entered_ns: u64,
}

static KEPT: Once<Kept> = Once::new();

/// Takes over memory and remembers the rest; called once, on the boot processor.
///
/// # Panics
/// If memory does not suffice to boot, or the loader did not do what [`CONFIG`] asks: nothing can go on.
pub(crate) fn take_over(info: &'static mut BootInfo) {
    let info: &'static BootInfo = info;
    assert_eq!(info.physical_memory_offset.as_ref(), Some(&layout::WINDOW), "the loader maps the window");
    KEPT.call_once(|| Kept {
        // SAFETY: the loader read the file into these frames, which the window shows (INV-LAYOUT-2, INV-BOOT-1).
        image: unsafe { bytes_at(layout::WINDOW + info.kernel_addr, info.kernel_len) },
        image_offset: info.kernel_image_offset,
        ramdisk: match info.ramdisk_addr.as_ref() {
            // SAFETY: the loader mapped the ramdisk there for good (INV-BOOT-1).
            Some(&address) => unsafe { bytes_at(address, info.ramdisk_len) },
            None => &[],
        },
        entered_ns: time::since_power_on_ns().saturating_sub(time::now_ns()),
    });
    let image = info.kernel_addr..info.kernel_addr + info.kernel_len;
    // SAFETY: the map is the loader's, whose word on what is RAM there is no second source for.
    let started = unsafe { spindle_mem::start(info.memory_regions.iter().map(range), image) };
    if let Err(error) = started {
        panic!("no memory to boot with: {error}");
    }
}

/// The kernel's own ELF file, and what to subtract from an address to find it there.
pub(crate) fn image() -> Option<(&'static [u8], u64)> {
    KEPT.get().map(|kept| (kept.image, kept.image_offset))
}

/// The ramdisk's bytes; empty if there is none.
pub(crate) fn ramdisk() -> &'static [u8] {
    KEPT.get().map_or(&[], |kept| kept.ramdisk)
}

/// Logs what the machine has.
pub(crate) fn report() {
    let usage = spindle_mem::usage();
    let free = usage.bytes_of(spindle_mem::Owner::FREE);
    let entered_ms = KEPT.get().map_or(0, |kept| kept.entered_ns / 1_000_000);
    log::info!("kernel entered {entered_ms} ms after power-on");
    log::info!("memory: {} KiB, of which {} KiB free", usage.total_bytes() / 1024, free / 1024);
    log::info!(
        "kernel heap: {} KiB; ramdisk: {} KiB",
        usage.heap_capacity_bytes / 1024,
        ramdisk().len() / 1024
    );
    log::info!("time stamp counter: {} MHz; tick: {} Hz", time::tsc_hz() / 1_000_000, time::TICKS_PER_SECOND);
}

fn range(region: &MemoryRegion) -> PhysicalRange {
    let kind = match region.kind {
        MemoryRegionKind::Usable => RangeKind::Usable,
        MemoryRegionKind::Bootloader => RangeKind::Loader,
        _ => RangeKind::Other,
    };
    PhysicalRange { start: region.start, end: region.end, kind }
}

/// # Safety
/// `len` bytes from `address` on are mapped, initialised, and never written to again.
unsafe fn bytes_at(address: u64, len: u64) -> &'static [u8] {
    // SAFETY: the caller's promise.
    unsafe { from_raw_parts(address as *const u8, len as usize) }
}
