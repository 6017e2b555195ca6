//! Writes the disk image that UEFI boots: `spindle-image KERNEL RAMDISK IMAGE`.
//!
//! *Interface*: run by `cargo xtask`, which also chooses the version of the loader stage (the two folders beside
//! `src/`). The image is written under a temporary name and renamed, so that a file that exists is whole.
//!
//! *Not here*: when an image is out of date (`qemu/xtask/src/build/stage.rs`).
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bootloader::DiskImageBuilder;
use bootloader_boot_config::{BootConfig, LevelFilter};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [kernel, ramdisk, image] = arguments.as_slice() else {
        eprintln!("usage: spindle-image KERNEL RAMDISK IMAGE (run it through `cargo xtask image`)");
        return ExitCode::from(2);
    };
    match write(Path::new(kernel), Path::new(ramdisk), Path::new(image)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("cannot write the disk image {}: {why}", Path::new(image).display());
            ExitCode::FAILURE
        }
    }
}

/// Builds the image beside its final place, then renames it.
fn write(kernel: &Path, ramdisk: &Path, image: &Path) -> Result<(), String> {
    let unfinished = PathBuf::from(format!("{}.part", image.display()));
    let mut builder = DiskImageBuilder::new(kernel.to_owned());
    builder.set_ramdisk(ramdisk.to_owned()).set_boot_config(&boot_config());
    builder.create_uefi_image(&unfinished).map_err(|error| format!("{error:#}"))?;
    std::fs::rename(&unfinished, image).map_err(|error| error.to_string())
}

/// Silences the loader except for what stops it: drawing its log into the frame buffer costs seconds under emulation.
fn boot_config() -> BootConfig {
    let mut config = BootConfig::default();
    config.log_level = LevelFilter::Error;
    config.frame_buffer_logging = false;
    config.serial_logging = true;
    config
}
