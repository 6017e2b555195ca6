//! How much an instance may take, and the limiter that the engine asks before it takes any.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicUsize, Ordering};

use wasmi::ResourceLimiter;
use wasmi_core::{LimiterError, MemoryError};

use crate::error::Refusal;

/// What an instance may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of linear memory; `memory.grow` beyond it returns -1.
    pub memory_bytes: usize,
    /// The most entries of the table; `table.grow` beyond it returns -1.
    pub table_elements: usize,
    /// Units of fuel for each outermost activation, about one per instruction; `None` if it is not metered.
    pub fuel: Option<u64>,
}

/// Grants memory and table up to the limits, and remembers what a module wanted from the start.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: Limits,
    memory_bytes: Arc<AtomicUsize>,
    bytes_before: usize,
    refused: Option<Refusal>,
}

impl Limiter {
    /// A limiter that keeps the size of the memory in `memory_bytes`.
    pub(crate) fn new(limits: Limits, memory_bytes: Arc<AtomicUsize>) -> Self {
        Self { limits, memory_bytes, bytes_before: 0, refused: None }
    }

    /// What the module wanted when it was made and did not get.
    pub(crate) fn refused(&self) -> Option<Refusal> {
        self.refused
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        let limit_bytes = self.limits.memory_bytes;
        let is_granted = desired <= limit_bytes;
        if is_granted {
            self.bytes_before = current;
            self.memory_bytes.store(desired, Ordering::Relaxed);
        } else if current == 0 {
            self.refused = Some(Refusal::Memory { wanted_bytes: desired, limit_bytes });
        }
        Ok(is_granted)
    }

    fn memory_grow_failed(&mut self, _error: &MemoryError) -> Result<(), LimiterError> {
        self.memory_bytes.store(self.bytes_before, Ordering::Relaxed);
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        let limit = self.limits.table_elements;
        let is_granted = desired <= limit;
        if !is_granted && current == 0 {
            self.refused = Some(Refusal::Table { wanted: desired, limit });
        }
        Ok(is_granted)
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        1
    }

    fn memories(&self) -> usize {
        1
    }
}
