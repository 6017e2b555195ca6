//! QEMU's firmware configuration: named files that the host gives to the guest.
//!
//! Source: QEMU, docs/specs/fw_cfg.rst (the traditional I/O port interface).
//! *Locking*: one reader at a time under `DEVICE`; reading takes as long as the file is.

use crate::lock::Lock;
use crate::port::SafePort;

const fn register(offset: u16) -> SafePort {
    assert!(offset < 2, "the port interface has two registers; the third reaches into the guest's memory");
    // SAFETY: selector and data register: they never do.
    unsafe { SafePort::new(0x510 + offset) }
}
const SELECTOR: SafePort = register(0);
const DATA: SafePort = register(1);

const SIGNATURE_ITEM: u16 = 0;
const DIRECTORY_ITEM: u16 = 0x19;
const SIGNATURE: [u8; 4] = *b"QEMU";
const NAME_BYTES: usize = 56;
/// More entries than any machine has: a device that answers nonsense must not hold us.
const MAX_ENTRIES: u32 = 1024;

static DEVICE: Lock<()> = Lock::new(());

/// Reads the file `name` into `buffer` and returns its whole length, which may be more than the buffer's.
/// `None` if there is no such file, or no such device.
pub fn read(name: &str, buffer: &mut [u8]) -> Option<usize> {
    let _alone = DEVICE.lock();
    let (item, length) = find(name)?;
    let wanted = buffer.len().min(length);
    SELECTOR.write_word(item);
    fill(&mut buffer[..wanted]);
    Some(length)
}

/// Selector and length of a file.
fn find(name: &str) -> Option<(u16, usize)> {
    SELECTOR.write_word(SIGNATURE_ITEM);
    if take::<4>() != SIGNATURE {
        return None;
    }
    SELECTOR.write_word(DIRECTORY_ITEM);
    let entries = u32::from_be_bytes(take()).min(MAX_ENTRIES);
    for _ in 0..entries {
        let length = u32::from_be_bytes(take());
        let item = u16::from_be_bytes(take());
        let _reserved: [u8; 2] = take();
        let field: [u8; NAME_BYTES] = take();
        let end = field.iter().position(|&byte| byte == 0).unwrap_or(NAME_BYTES);
        if &field[..end] == name.as_bytes() {
            return Some((item, length as usize));
        }
    }
    None
}

fn take<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

fn fill(bytes: &mut [u8]) {
    bytes.iter_mut().for_each(|byte| *byte = DATA.read());
}
