//! The program that writes disk images, with the loader stage that fits the compiler.

use std::path::PathBuf;

use super::bare_metal;
use crate::failure::Result;
use crate::folders::Folders;
use crate::toolchain::{Tools, Version};

/// The newest compiler that builds the older loader stage (and the newest that does not build the newer one).
const LAST_OF_OLDER: Version = Version { major: 1, minor: 96 };

/// The folder under `qemu/image` for this compiler, and the version of the loader in it.
fn fitting(compiler: Version) -> (&'static str, &'static str) {
    if compiler <= LAST_OF_OLDER { ("until-1.96", "0.11.15") } else { ("after-1.96", "0.11.17") }
}

/// Builds the image writer; returns the program.
pub(crate) fn build(tools: &Tools, folders: &Folders) -> Result<PathBuf> {
    let (folder, loader) = fitting(tools.compiler.version);
    let target = folders.built().join("loader").join(folder);
    let program = target.join("debug/spindle-image");
    if !program.is_file() {
        let compiler = &tools.compiler;
        eprintln!("Loader stage {loader}, since the compiler {} is {}.", compiler.origin, compiler.version);
    }
    let mut cargo = bare_metal::cargo(tools, &target);
    cargo.current_dir(folders.root().join("qemu/image").join(folder)).args(["build", "--locked"]);
    bare_metal::finish(&mut cargo, "the image writer")?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::{Version, fitting};

    #[test]
    fn the_loader_follows_the_compiler() {
        let loader = |minor| fitting(Version { major: 1, minor }).1;
        assert_eq!(
            [loader(95), loader(96), loader(97), loader(120)],
            ["0.11.15", "0.11.15", "0.11.17", "0.11.17"]
        );
    }
}
