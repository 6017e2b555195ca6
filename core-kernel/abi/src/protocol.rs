//! What kernel and host tools say to each other through QEMU: exit codes, file names, framing lines.
//!
//! *Interface.* The kernel reads its commands from [`fw_cfg`] files, frames their output with [`script`] lines
//! on the first serial port, and ends the machine by writing an [`exit`] code to a port. In-kernel tests speak
//! [`mod@test`] lines.

/// Codes for the `isa-debug-exit` device.
pub mod exit {
    /// The I/O port of the device (`iobase=0xf4,iosize=4`).
    pub const PORT: u16 = 0xf4;
    /// Everything that was asked for was done.
    pub const SUCCESS: u32 = 0x10;
    /// A command or a test failed.
    pub const FAILURE: u32 = 0x11;
    /// The kernel panicked.
    pub const PANIC: u32 = 0x12;

    /// The exit status of QEMU after `code` was written.
    pub const fn qemu_status(code: u32) -> i32 {
        (code as i32) * 2 + 1
    }
}

/// Names of `fw_cfg` files.
pub mod fw_cfg {
    /// Commands to run, one per line. If present, the kernel is in script mode: it runs them and ends the machine.
    pub const COMMANDS: &str = "opt/spindle/commands";
    /// The log level: `error`, `warn`, `info`, `debug` or `trace`.
    pub const LOG: &str = "opt/spindle/log";
}

/// Framing lines of script mode.
pub mod script {
    /// `@spindle ready NANOSECONDS`: the kernel is up; time since boot.
    pub const READY: &str = "@spindle ready";
    /// `@spindle begin INDEX`: output of the command with this index follows.
    pub const BEGIN: &str = "@spindle begin";
    /// `@spindle end INDEX ok|failed`.
    pub const END: &str = "@spindle end";
}

/// Lines of in-kernel tests.
pub mod test {
    /// `@test start NAME`.
    pub const START: &str = "@test start";
    /// `@test ok NAME`.
    pub const OK: &str = "@test ok";
    /// `@test failed NAME: REASON`.
    pub const FAILED: &str = "@test failed";
    /// `@test done P passed, F failed`.
    pub const DONE: &str = "@test done";
}
