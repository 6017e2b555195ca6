//! Runs of addresses in the areas where memory is mapped while the kernel runs.
//!
//! *Locking*: each area has its own lock, held for the bitmap's update only.

use spindle_arch::layout::{
    DOMAIN_HEAPS, DOMAIN_HEAPS_BYTES, EXTENSIONS, EXTENSIONS_END, PAGE_BYTES, STACKS, STACKS_BYTES,
};
use spindle_arch::lock::Lock;
use spindle_kerncore::spans::SpanMap;

/// Where in the address space something is to lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Area {
    /// Code and data of extensions: the top 2 GiB, in reach of the kernel's code.
    Extension,
    /// Heaps of domains.
    Heap,
    /// Stacks.
    Stack,
}

const fn words(bytes: u64) -> usize {
    (bytes / PAGE_BYTES / 64) as usize
}
const EXTENSION_WORDS: usize = words(EXTENSIONS_END - EXTENSIONS);
const HEAP_WORDS: usize = words(DOMAIN_HEAPS_BYTES);
const STACK_WORDS: usize = words(STACKS_BYTES);

static EXTENSION: Lock<SpanMap<EXTENSION_WORDS>> = Lock::new(SpanMap::new());
static HEAP: Lock<SpanMap<HEAP_WORDS>> = Lock::new(SpanMap::new());
static STACK: Lock<SpanMap<STACK_WORDS>> = Lock::new(SpanMap::new());

impl Area {
    const fn start(self) -> u64 {
        match self {
            Self::Extension => EXTENSIONS,
            Self::Heap => DOMAIN_HEAPS,
            Self::Stack => STACKS,
        }
    }
}

/// A run of addresses that nobody else has; dropping it gives them back. Nothing is mapped by it.
#[derive(Debug)]
pub(crate) struct Span {
    area: Area,
    first_page: usize,
    pages: usize,
}

impl Span {
    /// Takes the first run of `pages` pages; `None` if the area has none.
    pub(crate) fn new(area: Area, pages: usize) -> Option<Self> {
        let first_page = match area {
            Area::Extension => EXTENSION.lock().allocate(pages),
            Area::Heap => HEAP.lock().allocate(pages),
            Area::Stack => STACK.lock().allocate(pages),
        }?;
        Some(Self { area, first_page, pages })
    }

    pub(crate) fn start(&self) -> u64 {
        self.area.start() + self.first_page as u64 * PAGE_BYTES
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        let pages = self.first_page..self.first_page + self.pages;
        match self.area {
            Area::Extension => EXTENSION.lock().release(pages),
            Area::Heap => HEAP.lock().release(pages),
            Area::Stack => STACK.lock().release(pages),
        }
    }
}
