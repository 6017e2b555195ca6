//! The machine that is booted, as a QEMU command line.

use std::path::PathBuf;
use std::process::Command;

use spindle_abi::protocol::{exit, fw_cfg};

use crate::Accelerator;

/// UEFI firmware: code and the variables it starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firmware {
    /// The read-only code.
    pub code: PathBuf,
    /// The variables; what the guest writes to them is thrown away.
    pub variables: PathBuf,
}

/// Everything that decides how the guest runs.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The program `qemu-system-x86_64`.
    pub qemu: PathBuf,
    /// UEFI firmware.
    pub firmware: Firmware,
    /// The disk to boot from; what the guest writes to it is thrown away.
    pub image: PathBuf,
    /// Memory as QEMU takes it: `128M`, `4G`.
    pub memory: String,
    /// Number of processors.
    pub processors: u32,
    /// Who executes guest code.
    pub accelerator: Accelerator,
    /// One instruction is one nanosecond of guest time: counts become repeatable. Needs [`Accelerator::Tcg`].
    pub counts_instructions: bool,
    /// A file of commands for the kernel, one per line. With it the kernel runs them and ends the machine.
    pub commands: Option<PathBuf>,
    /// The kernel's log level by name.
    pub log_level: Option<String>,
    /// Whether Ctrl-A is QEMU's (Ctrl-A X leaves), as a human at the console wants it.
    pub has_escape_key: bool,
}

impl Machine {
    /// Returns the command that starts this machine, its first serial port on standard input and output.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.qemu);
        command.args(["-machine", "q35", "-nodefaults", "-display", "none", "-vga", "none", "-no-reboot"]);
        command.args(["-accel", self.accelerator.name(), "-cpu", self.processor_model()]);
        command.args(["-m", &self.memory, "-smp", &self.processors.to_string()]);
        if self.counts_instructions {
            command.args(["-icount", "shift=0"]);
        }
        self.add_disks(&mut command);
        self.add_channels(&mut command);
        command
    }

    fn processor_model(&self) -> &'static str {
        match self.accelerator {
            Accelerator::Kvm => "host",
            Accelerator::Tcg => "max",
        }
    }

    fn add_disks(&self, command: &mut Command) {
        let (code, variables) = (path(&self.firmware.code), path(&self.firmware.variables));
        let image = path(&self.image);
        command.args(["-drive", &format!("if=pflash,format=raw,unit=0,readonly=on,file={code}")]);
        command.args(["-drive", &format!("if=pflash,format=raw,unit=1,snapshot=on,file={variables}")]);
        command.args(["-drive", &format!("if=none,id=boot,format=raw,snapshot=on,file={image}")]);
        command.args(["-device", "virtio-blk-pci,drive=boot,bootindex=0"]);
    }

    fn add_channels(&self, command: &mut Command) {
        command.args(["-serial", if self.has_escape_key { "mon:stdio" } else { "stdio" }]);
        command.args(["-device", &format!("isa-debug-exit,iobase={:#x},iosize=4", exit::PORT)]);
        if let Some(commands) = &self.commands {
            command.args(["-fw_cfg", &format!("name={},file={}", fw_cfg::COMMANDS, path(commands))]);
        }
        if let Some(level) = &self.log_level {
            command.args(["-fw_cfg", &format!("name={},string={level}", fw_cfg::LOG)]);
        }
    }
}

/// A path as an option value: a comma would end the value, so QEMU takes it doubled.
fn path(path: &std::path::Path) -> String {
    path.display().to_string().replace(',', ",,")
}

#[cfg(test)]
mod tests {
    use super::{Firmware, Machine};
    use crate::Accelerator;

    fn machine() -> Machine {
        Machine {
            qemu: "qemu-system-x86_64".into(),
            firmware: Firmware { code: "/f/code".into(), variables: "/f/vars".into() },
            image: "/a,b/disk.img".into(),
            memory: "64M".into(),
            processors: 2,
            accelerator: Accelerator::Tcg,
            counts_instructions: false,
            commands: None,
            log_level: None,
            has_escape_key: false,
        }
    }

    fn line(machine: &Machine) -> String {
        let command = machine.command();
        command.get_args().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_comma_in_a_path_does_not_end_the_option() {
        assert!(line(&machine()).contains("file=/a,,b/disk.img"));
    }

    #[test]
    fn a_machine_without_commands_is_not_in_script_mode() {
        assert!(!line(&machine()).contains("opt/spindle/commands"));
        let scripted = Machine { commands: Some("/tmp/c".into()), ..machine() };
        assert!(line(&scripted).contains("-fw_cfg name=opt/spindle/commands,file=/tmp/c"));
    }

    #[test]
    fn instructions_are_counted_only_on_demand() {
        assert!(!line(&machine()).contains("-icount"));
        assert!(line(&Machine { counts_instructions: true, ..machine() }).contains("-icount shift=0"));
    }

    #[test]
    fn only_a_human_gets_the_escape_key() {
        assert!(line(&machine()).contains("-serial stdio"));
        assert!(line(&Machine { has_escape_key: true, ..machine() }).contains("-serial mon:stdio"));
    }

    #[test]
    fn no_network_device_is_there_unasked() {
        assert!(line(&machine()).contains("-nodefaults"));
    }
}
