//! User programs: their memory, for those who handle their system calls.

use spindle_abi::Status;

spindle_macros::interface! {
    user {
        /// Copies from the memory of `process`, from `address` on, until `into` is full.
        ///
        /// [`Status::FAILED`] if there is no such process, or if not every byte is memory that the program itself may
        /// read; then `into` may have been written in part.
        fn copy_in(process: u64, address: u64, into: &mut [u8]) -> Status;

        /// Copies all of `from` to the memory of `process`, from `address` on.
        ///
        /// [`Status::FAILED`] if there is no such process, or if not every byte is memory that the program itself may
        /// write; then some of it may have been written.
        fn copy_out(process: u64, address: u64, from: &[u8]) -> Status;
    }
}
