//! Keeps the firmware's talk from the human: it clears the screen several times before the kernel speaks.
//!
//! ```text
//!  holding --"BdsDxe: starting ..."--> passing      everything before and that line is dropped
//!     |
//!     +--QEMU ends, or nothing known came in time--> passing      everything held is shown: it may say why
//! ```

/// The firmware's last line names what it starts.
const LAST_WORDS: &[u8] = b"BdsDxe: starting ";

/// Holds output back until the kernel speaks.
#[derive(Debug)]
pub(crate) struct FirmwareNoise {
    held: Option<Vec<u8>>,
}

impl FirmwareNoise {
    pub(crate) fn new() -> Self {
        Self { held: Some(Vec::new()) }
    }

    /// Whether nothing was let through so far.
    pub(crate) fn is_holding(&self) -> bool {
        self.held.is_some()
    }

    /// Takes output; returns what is to be shown of it.
    pub(crate) fn pass(&mut self, output: &[u8]) -> Vec<u8> {
        let Some(held) = &mut self.held else { return output.to_vec() };
        held.extend_from_slice(output);
        let Some(rest) = after_last_words(held).map(<[u8]>::to_vec) else { return Vec::new() };
        if !rest.is_empty() {
            self.held = None;
        }
        rest
    }

    /// Gives up waiting: returns what was held back.
    pub(crate) fn give_up(&mut self) -> Vec<u8> {
        self.held.take().unwrap_or_default()
    }
}

/// What follows the line of the last words, without the line ends that open it.
fn after_last_words(output: &[u8]) -> Option<&[u8]> {
    let start = output.windows(LAST_WORDS.len()).position(|window| window == LAST_WORDS)?;
    let end = start + output[start..].iter().position(|byte| *byte == b'\n')?;
    let rest = &output[end..];
    let text = rest.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
    Some(&rest[text..])
}

#[cfg(test)]
mod tests {
    use super::FirmwareNoise;

    #[test]
    fn only_what_the_kernel_says_is_shown_however_it_is_cut() {
        let all = b"\x1b[2JBdsDxe: loading x\r\nBdsDxe: starting x\r\n\r\nspindle> ";
        for cut in 0..all.len() {
            let mut noise = FirmwareNoise::new();
            let mut shown = noise.pass(&all[..cut]);
            shown.extend(noise.pass(&all[cut..]));
            assert_eq!(shown, b"spindle> ", "cut at {cut}");
            assert!(!noise.is_holding());
        }
    }

    #[test]
    fn once_the_kernel_speaks_everything_passes() {
        let mut noise = FirmwareNoise::new();
        noise.pass(b"BdsDxe: starting x\nkernel");
        assert_eq!(noise.pass(b"BdsDxe: starting y\n\n"), b"BdsDxe: starting y\n\n");
    }

    #[test]
    fn a_machine_that_does_not_get_so_far_is_shown_in_full() {
        let mut noise = FirmwareNoise::new();
        assert!(noise.pass(b"no bootable device").is_empty());
        assert_eq!(noise.give_up(), b"no bootable device");
        assert!(noise.give_up().is_empty());
    }
}
