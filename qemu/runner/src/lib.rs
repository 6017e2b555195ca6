//! Starts QEMU with a hard timeout and speaks the serial protocol.
