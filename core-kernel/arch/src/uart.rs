//! The 16550s: their registers, as COM1 and COM2 have them.
//!
//! Source: National Semiconductor PC16550D data sheet.

use crate::port::SafePort;

/// How many bytes an empty transmitter takes at once.
pub(crate) const FIFO_BYTES: usize = 16;

const RECEIVED: u8 = 1;
const TRANSMITTER_EMPTY: u8 = 1 << 5;
const ALL_SENT: u8 = 1 << 6;
const INTERRUPT_ON_RECEIVE: u8 = 0x01;
/// Both queues on and empty.
const QUEUES: u8 = 0x07;
/// The transmitter's queue emptied; both stay on.
const TRANSMITTER_RESET: u8 = 0x05;

/// After how many bytes received an interrupt comes; of fewer, after the time of four more.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(crate) enum Trigger {
    /// Each byte: for a human.
    One = 0,
    /// Fourteen: for a program.
    Fourteen = 0b1100_0000,
}

/// One of the devices, by its registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uart {
    base: u16,
    trigger: Trigger,
}

impl Uart {
    /// The first, which every machine has.
    pub(crate) const COM1: Self = Self { base: 0x3f8, trigger: Trigger::One };
    /// The second, which may not be there.
    pub(crate) const COM2: Self = Self { base: 0x2f8, trigger: Trigger::Fourteen };

    /// 115200 baud, 8 bits, no parity, one stop bit; queues on; no interrupts yet.
    pub(crate) fn start(self) {
        self.interrupt_enable().write(0);
        self.line_control().write(0x80);
        self.data().write(1);
        self.interrupt_enable().write(0);
        self.line_control().write(0x03);
        self.queue_control().write(QUEUES | self.trigger as u8);
        self.modem_control().write(0x0b);
    }

    /// Whether there is such a device: its scratch register keeps what is written to it.
    pub(crate) fn is_there(self) -> bool {
        [0x5a, 0xa5].into_iter().all(|pattern| {
            self.scratch().write(pattern);
            self.scratch().read() == pattern
        })
    }

    /// Switches interrupts on receive on or off.
    pub(crate) fn set_receive_interrupt(self, on: bool) {
        self.interrupt_enable().write(if on { INTERRUPT_ON_RECEIVE } else { 0 });
    }

    /// Whether a byte has been received.
    pub(crate) fn has_received(self) -> bool {
        self.line_status().read() & RECEIVED != 0
    }

    /// The oldest byte received; one must be there.
    pub(crate) fn receive(self) -> u8 {
        self.data().read()
    }

    /// Whether [`FIFO_BYTES`] bytes may be given to [`Uart::transmit`].
    pub(crate) fn can_transmit(self) -> bool {
        self.line_status().read() & TRANSMITTER_EMPTY != 0
    }

    /// Whether every byte has left the device.
    pub(crate) fn has_sent_all(self) -> bool {
        self.line_status().read() & ALL_SENT != 0
    }

    /// Sends a byte; there must be room for it.
    pub(crate) fn transmit(self, byte: u8) {
        self.data().write(byte);
    }

    /// Drops what has not been sent.
    pub(crate) fn reset_transmitter(self) {
        self.queue_control().write(TRANSMITTER_RESET | self.trigger as u8);
    }

    /// Connects the transmitter to the receiver, or to the line again.
    #[cfg(feature = "provoke")]
    pub(crate) fn set_loop(self, on: bool) {
        self.modem_control().write(if on { 0x1b } else { 0x0b });
    }

    const fn data(self) -> SafePort {
        self.register(0)
    }

    const fn interrupt_enable(self) -> SafePort {
        self.register(1)
    }

    const fn queue_control(self) -> SafePort {
        self.register(2)
    }

    const fn line_control(self) -> SafePort {
        self.register(3)
    }

    const fn modem_control(self) -> SafePort {
        self.register(4)
    }

    const fn line_status(self) -> SafePort {
        self.register(5)
    }

    const fn scratch(self) -> SafePort {
        self.register(7)
    }

    const fn register(self, offset: u16) -> SafePort {
        // SAFETY: at both bases above is a 16550 or nothing; it only moves bytes, and its interrupt enters through our
        // entry code.
        unsafe { SafePort::new(self.base + offset) }
    }
}
