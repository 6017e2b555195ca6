//! The system call `bpf`: one program, loaded and run.
//!
//! Layouts: `union bpf_attr` and `struct bpf_prog_info` of `include/uapi/linux/bpf.h`, as far as they are used here; the
//! kernel takes what it is not given as zero.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use super::{number, system_call};
use crate::error::Error;

const PROG_LOAD: u64 = 5;
const PROG_TEST_RUN: u64 = 10;
const OBJ_GET_INFO_BY_FD: u64 = 15;
/// The simplest kind of program that can be run by hand.
const SOCKET_FILTER: u32 = 1;

/// `r0 = 0; exit`.
const NULL: [u64; 2] = [0xb7, 0x95];
/// Needed for nothing that this program does, and yet there must be one.
const LICENSE: &std::ffi::CStr = c"MIT";

/// What a run is given: long enough for the header that a packet begins with.
const PACKET: [u8; 64] = [0; 64];

#[repr(C)]
#[derive(Default)]
struct Load {
    program_type: u32,
    instruction_count: u32,
    instructions: u64,
    license: u64,
    log_level: u32,
    log_size: u32,
    log: u64,
    kernel_version: u32,
    flags: u32,
}

#[repr(C)]
#[derive(Default)]
struct TestRun {
    program: u32,
    result: u32,
    data_size_in: u32,
    data_size_out: u32,
    data_in: u64,
    data_out: u64,
    repeat: u32,
    duration: u32,
}

#[repr(C)]
#[derive(Default)]
struct GetInfo {
    program: u32,
    info_length: u32,
    info: u64,
}

#[repr(C)]
#[derive(Default)]
struct Info {
    program_type: u32,
    id: u32,
    tag: [u8; 8],
    compiled_length: u32,
    translated_length: u32,
    compiled: u64,
    translated: u64,
}

/// A program in the kernel.
#[derive(Debug)]
pub(crate) struct Program(OwnedFd);

impl Program {
    /// Loads the program that returns 0; it is compiled, or this fails.
    pub(crate) fn null() -> Result<Self, Error> {
        let load = Load {
            program_type: SOCKET_FILTER,
            instruction_count: NULL.len() as u32,
            instructions: NULL.as_ptr().addr() as u64,
            license: LICENSE.as_ptr().addr() as u64,
            ..Load::default()
        };
        let descriptor = bpf(PROG_LOAD, load, "load")?;
        // SAFETY: the kernel has just made this descriptor for whoever loads a program, and for nobody else.
        let program = Self(unsafe { OwnedFd::from_raw_fd(descriptor as i32) });
        if program.is_compiled()? { Ok(program) } else { Err(Error::Interpreted) }
    }

    fn is_compiled(&self) -> Result<bool, Error> {
        let mut info = Info::default();
        let query = GetInfo {
            program: self.number(),
            info_length: size_of::<Info>() as u32,
            info: (&raw mut info).expose_provenance() as u64,
        };
        bpf(OBJ_GET_INFO_BY_FD, query, "info")?;
        Ok(info.compiled_length > 0)
    }

    /// Runs the program `runs` times in one system call.
    pub(crate) fn run(&self, runs: u32) -> Result<(), Error> {
        let run = TestRun {
            program: self.number(),
            data_size_in: PACKET.len() as u32,
            data_in: PACKET.as_ptr().addr() as u64,
            repeat: runs,
            ..TestRun::default()
        };
        bpf(PROG_TEST_RUN, run, "run").map(|_| ())
    }

    fn number(&self) -> u32 {
        self.0.as_raw_fd() as u32
    }
}

fn bpf<A>(command: u64, mut attributes: A, step: &'static str) -> Result<u64, Error> {
    let address = (&raw mut attributes).expose_provenance() as u64;
    // SAFETY: the kernel reads and writes the attributes, which are this function's, and what they name: constants,
    // which it reads, and in `GetInfo` an `Info` of the stated length, whose address was exposed for writing.
    unsafe { system_call(number::BPF, [command, address, size_of::<A>() as u64, 0]) }
        .map_err(|cause| Error::Bpf(step, cause))
}
