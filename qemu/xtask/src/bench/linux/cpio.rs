//! An archive with one program, in the format that Linux unpacks as its root: `newc` of cpio.
//!
//! ```text
//!  "070701"  13 fields of 8 hexadecimal digits  name NUL  padding to 4  contents  padding to 4     one entry
//!            ... the last entry is named TRAILER!!! and is empty
//! ```
//! Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst.

const EXECUTABLE_FILE: u32 = 0o100_755;
const TRAILER: &str = "TRAILER!!!";

/// The archive of one executable file, in the root and root's.
pub(super) fn archive(name: &str, contents: &[u8]) -> Vec<u8> {
    let mut archive = Vec::new();
    add(&mut archive, name, 1, EXECUTABLE_FILE, contents);
    add(&mut archive, TRAILER, 0, 0, &[]);
    archive
}

fn add(archive: &mut Vec<u8>, name: &str, inode: u32, mode: u32, contents: &[u8]) {
    let size = u32::try_from(contents.len()).expect("the format is for files below 4 GiB");
    let name_size = u32::try_from(name.len() + 1).expect("names are short");
    let (links, nobody, no_time, no_device, no_check) = (1, 0, 0, 0, 0);
    archive.extend_from_slice(b"070701");
    let owner = [nobody, nobody];
    let devices = [no_device; 4];
    let fields =
        [&[inode, mode][..], &owner, &[links, no_time, size], &devices, &[name_size, no_check]].concat();
    for field in fields {
        archive.extend_from_slice(format!("{field:08x}").as_bytes());
    }
    archive.extend_from_slice(name.as_bytes());
    archive.push(0);
    pad(archive);
    archive.extend_from_slice(contents);
    pad(archive);
}

fn pad(archive: &mut Vec<u8>) {
    archive.resize(archive.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use super::archive;

    const HEADER: usize = 110;

    fn field(archive: &[u8], entry: usize, index: usize) -> u32 {
        let from = entry + 6 + 8 * index;
        u32::from_str_radix(std::str::from_utf8(&archive[from..from + 8]).unwrap(), 16).unwrap()
    }

    #[test]
    fn the_entry_has_the_fields_of_the_format() {
        let archive = archive("init", b"program");
        assert_eq!(&archive[..6], b"070701");
        let expected = [1, 0o100_755, 0, 0, 1, 0, 7, 0, 0, 0, 0, 5, 0];
        assert_eq!(std::array::from_fn(|index| field(&archive, 0, index)), expected);
        assert_eq!(&archive[HEADER..HEADER + 5], b"init\0");
    }

    #[test]
    fn name_and_contents_begin_at_multiples_of_four() {
        for length in 0..9 {
            let contents = vec![b'x'; length];
            let archive = archive("init", &contents);
            let at = (HEADER + 5_usize).next_multiple_of(4);
            assert_eq!(archive[at..at + length], contents);
            let trailer = (at + length).next_multiple_of(4);
            assert_eq!(&archive[trailer..trailer + 6], b"070701");
            assert_eq!(&archive[trailer + HEADER..][..11], b"TRAILER!!!\0");
            assert_eq!(field(&archive, trailer, 6), 0);
            assert_eq!(archive.len(), (trailer + HEADER + 11).next_multiple_of(4));
        }
    }

    /// Where the machine has cpio, it agrees.
    #[test]
    fn cpio_unpacks_it() {
        use std::process::{Command, Stdio};
        let scratch = tempfile::tempdir().unwrap();
        std::fs::write(scratch.path().join("a.cpio"), archive("init", b"program")).unwrap();
        let input = std::fs::File::open(scratch.path().join("a.cpio")).unwrap();
        let mut cpio = Command::new("cpio");
        cpio.args(["--extract", "--quiet"]).current_dir(scratch.path()).stdin(Stdio::from(input));
        let Ok(status) = cpio.status() else { return };
        assert!(status.success());
        assert_eq!(std::fs::read(scratch.path().join("init")).unwrap(), b"program");
    }
}
