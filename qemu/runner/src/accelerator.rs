//! How QEMU executes the guest's instructions.

use std::fmt;
use std::path::Path;

/// The part of QEMU that executes guest code. Figures are compared within one accelerator only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accelerator {
    /// The processor executes them.
    Kvm,
    /// QEMU translates them.
    Tcg,
}

impl Accelerator {
    /// Chooses for this machine.
    ///
    /// A KVM device alone is not enough: where the processor shows neither `vmx` nor `svm`, the guest would run by
    /// instruction emulation and take minutes to boot.
    pub fn of_this_machine() -> Self {
        let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let may_open = std::fs::OpenOptions::new().read(true).write(true).open(Path::new("/dev/kvm")).is_ok();
        Self::choose(&processors, may_open)
    }

    fn choose(cpuinfo: &str, device_opens: bool) -> Self {
        let flags = cpuinfo.lines().find(|line| line.starts_with("flags")).unwrap_or_default();
        let virtualises = flags.split_whitespace().any(|flag| flag == "vmx" || flag == "svm");
        if virtualises && device_opens { Self::Kvm } else { Self::Tcg }
    }

    /// The name that results carry: `kvm` or `tcg`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kvm => "kvm",
            Self::Tcg => "tcg",
        }
    }
}

impl fmt::Display for Accelerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Accelerator;

    #[test]
    fn a_device_without_a_processor_flag_is_not_used() {
        assert_eq!(Accelerator::choose("flags\t\t: fpu sse2 lm", true), Accelerator::Tcg);
    }

    #[test]
    fn a_flag_without_a_device_is_not_used() {
        assert_eq!(Accelerator::choose("flags\t\t: fpu vmx lm", false), Accelerator::Tcg);
    }

    #[test]
    fn flag_and_device_together_are_used() {
        assert_eq!(Accelerator::choose("model name : x\nflags\t\t: fpu svm lm", true), Accelerator::Kvm);
    }

    #[test]
    fn a_flag_is_a_whole_word() {
        assert_eq!(Accelerator::choose("flags\t\t: avx512_vmxish nosvm", true), Accelerator::Tcg);
    }
}
