//! lld, under the name that bare-metal targets ask for.

use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::compiler::{Compiler, on_path};

/// Finds an lld: the compilers' own copy, else the distribution's newest.
pub(crate) fn find(compilers: &[&Compiler]) -> Option<PathBuf> {
    let own = compilers.iter().find_map(|compiler| compiler.own_linker());
    own.or_else(newest_of_llvm).or_else(|| on_path("rust-lld")).or_else(|| on_path("lld"))
}

/// `/usr/lib/llvm-N/bin/lld` with the highest N.
fn newest_of_llvm() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib").ok()?.flatten().filter_map(|folder| {
        let number: u32 = folder.file_name().to_str()?.strip_prefix("llvm-")?.parse().ok()?;
        let program = folder.path().join("bin/lld");
        program.is_file().then_some((number, program))
    });
    versions.max().map(|(_, program)| program)
}

/// Makes `folder` hold a link named `rust-lld` to `program`.
pub(crate) fn link(program: &Path, folder: &Path) -> io::Result<()> {
    let link = folder.join("rust-lld");
    if std::fs::read_link(&link).is_ok_and(|target| target == program) {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!("rust-lld.{}", std::process::id()));
    symlink(program, &unfinished)?;
    std::fs::rename(&unfinished, &link)
}

#[cfg(test)]
mod tests {
    use super::link;
    use std::path::Path;

    #[test]
    fn the_link_follows_the_program_that_was_chosen_last() {
        let folder = tempfile::tempdir().unwrap();
        let tools = folder.path().join("tools/bin");
        for program in ["/usr/lib/llvm-19/bin/lld", "/usr/lib/llvm-22/bin/lld", "/usr/lib/llvm-22/bin/lld"] {
            link(Path::new(program), &tools).unwrap();
            assert_eq!(std::fs::read_link(tools.join("rust-lld")).unwrap(), Path::new(program));
        }
        assert_eq!(std::fs::read_dir(&tools).unwrap().count(), 1);
    }
}
