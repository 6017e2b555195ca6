//! Memory: W^X in the live page tables, and books that balance to the byte.

use crate::{Outcome, Test, case, check, check_equal};
use alloc::boxed::Box;
use alloc::vec::Vec;
use spindle_arch::layout::{EXTENSIONS, EXTENSIONS_END, KERNEL_IMAGE, LOADER, PAGE_BYTES, WINDOW};
use spindle_mem::audit::{self, Mapping};
use spindle_mem::paging::translate;
use spindle_mem::{Area, Error, GUARD_BYTES, GuardedStack, Owner, Protection, Region, usage};

pub(crate) const TESTS: &[Test] = &[
    case!(nothing_is_both_writable_and_executable),
    case!(no_frame_is_code_at_one_address_and_data_at_another),
    case!(the_kernels_code_cannot_be_written_and_its_data_not_executed),
    case!(the_lower_half_is_empty),
    case!(the_window_is_never_executable),
    case!(a_region_is_mapped_as_asked),
    case!(memory_comes_back_owner_by_owner),
    case!(a_region_that_cannot_be_leaves_nothing_behind),
    case!(new_pages_are_zero_even_after_use),
    case!(bytes_cross_pages_and_never_the_end),
    case!(what_surrounds_a_region_or_a_stack_faults),
    case!(the_heap_counts_every_byte),
    case!(a_heap_that_is_used_up_says_so),
    case!(all_memory_is_somebodys),
];

const EVERY_PROTECTION: [Protection; 3] =
    [Protection::ReadOnly, Protection::ReadWrite, Protection::ReadExecute];

fn somebody() -> Owner {
    Owner::domain(Owner::MAX_DOMAINS - 1).unwrap_or(Owner::BOOT)
}

fn nothing_is_both_writable_and_executable() -> Outcome {
    let _alive = regions()?;
    let (mut wrong, mut seen) = (None, 0u64);
    audit::walk(|mapping| {
        seen += 1;
        if mapping.writable && mapping.executable {
            wrong = wrong.or(Some(mapping));
        }
    });
    check!(wrong.is_none(), "writable and executable: {wrong:x?}");
    check!(seen > 100, "the walk saw only {seen} mappings");
    Ok(())
}

/// Outside the window, which shows all memory and through which only `mem` writes.
fn no_frame_is_code_at_one_address_and_data_at_another() -> Outcome {
    let _alive = regions()?;
    let (mut code, mut data) = (Vec::new(), Vec::new());
    audit::walk(|mapping| {
        if mapping.executable {
            code.push(mapping);
        } else if mapping.writable && !in_window(mapping) {
            data.push(mapping);
        }
    });
    check!(code.len() > 10 && data.len() > 100, "only {} and {} mappings", code.len(), data.len());
    for code in code {
        let shared = data.iter().find(|data| {
            data.physical < code.physical + code.bytes && code.physical < data.physical + data.bytes
        });
        check!(shared.is_none(), "{code:x?} shares a frame with {shared:x?}");
    }
    Ok(())
}

fn the_kernels_code_cannot_be_written_and_its_data_not_executed() -> Outcome {
    static DATA: core::sync::atomic::AtomicU64 = core::sync::atomic::AtomicU64::new(1);
    let code = mapping_of(somebody as *const () as u64);
    check!(code.is_some_and(|m| m.executable && !m.writable), "code: {code:x?}");
    let data = mapping_of(&raw const DATA as u64);
    check!(data.is_some_and(|m| m.writable && !m.executable), "data: {data:x?}");
    let text = mapping_of("a constant".as_ptr() as u64);
    check!(text.is_some_and(|m| !m.writable && !m.executable), "constant: {text:x?}");
    check!(code.is_some_and(|m| m.start >= KERNEL_IMAGE), "code is not in the top 2 GiB: {code:x?}");
    Ok(())
}

fn the_lower_half_is_empty() -> Outcome {
    let mut first = None;
    audit::walk(|mapping| {
        if mapping.start < 1 << 47 {
            first = first.or(Some(mapping));
        }
    });
    check!(first.is_none(), "mapped in the lower half: {first:x?}");
    check_equal!(translate(0), None);
    Ok(())
}

fn the_window_is_never_executable() -> Outcome {
    let (mut wrong, mut bytes) = (None, 0);
    audit::walk(|mapping| {
        if in_window(mapping) {
            bytes += mapping.bytes;
            if mapping.executable || mapping.start - WINDOW != mapping.physical {
                wrong = wrong.or(Some(mapping));
            }
        }
    });
    check!(wrong.is_none(), "in the window: {wrong:x?}");
    check!(bytes >= 4 << 30, "the window shows only {bytes:#x} bytes");
    Ok(())
}

fn a_region_is_mapped_as_asked() -> Outcome {
    for region in regions()? {
        let (mut pages, mut wrong) = (0, None);
        let (start, len) = (region.start(), region.len_bytes() as u64);
        let writable = region.protection() == Protection::ReadWrite;
        let executable = region.protection() == Protection::ReadExecute;
        audit::walk(|mapping| {
            if mapping.start.wrapping_sub(start) < len {
                pages += 1;
                if mapping.writable != writable || mapping.executable != executable || mapping.user {
                    wrong = wrong.or(Some(mapping));
                }
            }
        });
        check!(wrong.is_none(), "{:?} is mapped as {wrong:x?}", region.protection());
        check_equal!(pages, len / PAGE_BYTES);
    }
    let region = region(Area::Extension, 1, Protection::ReadOnly)?;
    check!((EXTENSIONS..EXTENSIONS_END).contains(&region.start()), "out of reach: {:#x}", region.start());
    Ok(())
}

fn memory_comes_back_owner_by_owner() -> Outcome {
    let before = usage();
    for _ in 0..3 {
        let regions = regions()?;
        let stack = GuardedStack::new(4, somebody());
        check!(stack.is_ok(), "no stack: {:?}", stack.err());
        let held: u64 = regions.iter().map(|region| region.len_bytes() as u64).sum();
        check_equal!(usage().bytes_of(somebody()), held + 4 * PAGE_BYTES);
        check!(usage().bytes_of(Owner::PAGE_TABLES) > before.bytes_of(Owner::PAGE_TABLES), "no page tables");
        drop(regions);
        drop(stack);
        check!(usage() == before, "not all came back: {:?}", difference(before, usage()));
    }
    Ok(())
}

fn a_region_that_cannot_be_leaves_nothing_behind() -> Outcome {
    let before = usage();
    let map = |area, pages| Region::map(area, pages, Protection::ReadWrite, somebody()).err();
    check_equal!(map(Area::Heap, 0), Some(Error::NoPages));
    check_equal!(
        map(Area::Stack, 1 << 20),
        Some(Error::OutOfAddresses { area: Area::Stack, pages: 1 << 20 })
    );
    let pages = usize::MAX;
    check_equal!(map(Area::Heap, pages), Some(Error::OutOfAddresses { area: Area::Heap, pages }));
    let more_than_free = (before.bytes_of(Owner::FREE) / PAGE_BYTES) as usize + 1;
    if more_than_free < 1 << 18 {
        check_equal!(map(Area::Heap, more_than_free), Some(Error::OutOfFrames));
    }
    check!(usage() == before, "not all came back: {:?}", difference(before, usage()));
    Ok(())
}

fn new_pages_are_zero_even_after_use() -> Outcome {
    for _ in 0..2 {
        let mut region = region(Area::Heap, 8, Protection::ReadWrite)?;
        let mut bytes = [1; 256];
        for offset in (0..region.len_bytes()).step_by(bytes.len()) {
            check_equal!(region.read(offset, &mut bytes), Ok(()));
            check!(bytes.iter().all(|&byte| byte == 0), "not zero at {offset:#x}");
            check_equal!(region.write(offset, &[0xa5; 256]), Ok(()));
        }
    }
    Ok(())
}

fn bytes_cross_pages_and_never_the_end() -> Outcome {
    let mut region = region(Area::Extension, 2, Protection::ReadExecute)?;
    let at = PAGE_BYTES as usize - 3;
    check_equal!(region.write(at, b"across"), Ok(()));
    let mut back = [0; 6];
    check_equal!(region.read(at, &mut back), Ok(()));
    check_equal!(&back, b"across");
    let end = region.len_bytes();
    check_equal!(region.write(end - 3, b"four"), Err(Error::OutOfBounds { offset: end - 3, len: 4 }));
    check_equal!(region.read(usize::MAX, &mut back), Err(Error::OutOfBounds { offset: usize::MAX, len: 6 }));
    check_equal!(region.write(end, b""), Ok(()));
    Ok(())
}

fn what_surrounds_a_region_or_a_stack_faults() -> Outcome {
    let first = region(Area::Extension, 1, Protection::ReadOnly)?;
    let second = region(Area::Extension, 1, Protection::ReadOnly)?;
    for region in [&first, &second] {
        check_equal!(translate(region.start() + region.len_bytes() as u64), None);
    }
    let Ok(stack) = GuardedStack::new(2, somebody()) else {
        return Err(crate::Failure("no memory for a stack".into()));
    };
    for address in (stack.limit() - GUARD_BYTES..stack.limit()).step_by(PAGE_BYTES as usize) {
        check!(stack.guards(address), "{address:#x} is not in the guard area");
        check_equal!(translate(address), None);
    }
    check!(translate(stack.limit()).is_some() && translate(stack.top() - 1).is_some(), "not mapped");
    check_equal!(translate(stack.top()), None);
    Ok(())
}

fn the_heap_counts_every_byte() -> Outcome {
    let before = usage();
    let one = Box::new([7u8; 1000]);
    let mut many: Vec<u32> = Vec::new();
    check!(many.try_reserve_exact(100).is_ok(), "400 bytes are to be had");
    core::hint::black_box((&one, &many));
    check_equal!(usage().heap_in_use_bytes, before.heap_in_use_bytes + 1000 + 400);
    check!(many.try_reserve_exact(1000).is_ok(), "4000 bytes are to be had");
    core::hint::black_box(&many);
    check_equal!(usage().heap_in_use_bytes, before.heap_in_use_bytes + 1000 + 4000);
    drop(one);
    drop(many);
    check!(usage() == before, "not all came back: {:?}", difference(before, usage()));
    Ok(())
}

fn a_heap_that_is_used_up_says_so() -> Outcome {
    let before = usage();
    let mut parts: Vec<Vec<u8>> = Vec::new();
    check!(parts.try_reserve_exact(4096).is_ok(), "room for the list is to be had");
    let part_bytes = before.heap_capacity_bytes / 64;
    loop {
        let mut part = Vec::new();
        if core::hint::black_box(&mut part).try_reserve_exact(part_bytes).is_err() {
            break;
        }
        check!(parts.len() < parts.capacity(), "the heap has no end");
        parts.push(part);
    }
    check!(parts.len() > 32, "only {} of 64 parts were to be had", parts.len());
    drop(parts);
    check!(usage() == before, "not all came back: {:?}", difference(before, usage()));
    Ok(())
}

fn all_memory_is_somebodys() -> Outcome {
    let usage = usage();
    check_equal!(usage.bytes_of(Owner::KERNEL_HEAP), usage.heap_capacity_bytes as u64);
    check!(usage.heap_in_use_bytes < usage.heap_capacity_bytes, "more in use than there is");
    for owner in [Owner::FREE, Owner::BOOT, Owner::KERNEL_IMAGE, Owner::STACKS, Owner::FRAME_TABLE] {
        check!(usage.bytes_of(owner) > 0, "{owner} has nothing");
    }
    check!(usage.total_bytes() > 40 << 20, "only {} bytes in all", usage.total_bytes());
    Ok(())
}

fn region(area: Area, pages: usize, protection: Protection) -> Result<Region, crate::Failure> {
    Region::map(area, pages, protection, somebody())
        .map_err(|error| crate::Failure(alloc::format!("{pages} pages in {area:?}: {error}")))
}

/// One region for each area and protection, of different lengths.
fn regions() -> Result<Vec<Region>, crate::Failure> {
    let areas = [Area::Extension, Area::Heap, Area::Stack];
    let each = areas.iter().flat_map(|&area| EVERY_PROTECTION.map(|protection| (area, protection)));
    each.enumerate().map(|(index, (area, protection))| region(area, index * 70 + 1, protection)).collect()
}

fn in_window(mapping: Mapping) -> bool {
    (WINDOW..LOADER).contains(&mapping.start)
}

fn mapping_of(address: u64) -> Option<Mapping> {
    let mut found = None;
    audit::walk(|mapping| {
        if address.wrapping_sub(mapping.start) < mapping.bytes {
            found = Some(mapping);
        }
    });
    found
}

/// Owners whose bytes differ: before, after.
fn difference(before: spindle_mem::Usage, after: spindle_mem::Usage) -> Vec<(Owner, u64, u64)> {
    let owners = before.owners().chain(after.owners()).map(|(owner, _)| owner);
    owners
        .map(|owner| (owner, before.bytes_of(owner), after.bytes_of(owner)))
        .filter(|(_, before, after)| before != after)
        .collect()
}
