//! I/O ports that cannot harm memory: a port is vouched for once, where it is named.

use x86_64::instructions::port::Port;

/// An I/O port whose reads and writes are free of effects on memory safety.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SafePort(u16);

impl SafePort {
    /// Names the port `number`.
    ///
    /// # Safety
    /// No value read from or written to the port may make the device touch memory or change how the
    /// processor runs code.
    pub(crate) const unsafe fn new(number: u16) -> Self {
        Self(number)
    }

    pub(crate) fn read(self) -> u8 {
        // SAFETY: whoever made this value promised that the port is harmless (`SafePort::new`).
        unsafe { Port::new(self.0).read() }
    }

    pub(crate) fn write(self, value: u8) {
        // SAFETY: as for `read`.
        unsafe { Port::new(self.0).write(value) }
    }

    pub(crate) fn write_word(self, value: u16) {
        // SAFETY: as for `read`.
        unsafe { Port::new(self.0).write(value) }
    }

    pub(crate) fn write_double(self, value: u32) {
        // SAFETY: as for `read`.
        unsafe { Port::new(self.0).write(value) }
    }
}
