//! The machine that is booted, as a QEMU command line: with Spindle, or with Linux to compare it with.

use std::path::{Path, PathBuf};
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

/// A Linux that is booted in Spindle's place.
#[derive(Clone, Debug)]
pub struct Linux {
    /// The kernel: a `vmlinuz`.
    pub kernel: PathBuf,
    /// The archive that is unpacked as its root.
    pub initramfs: PathBuf,
    /// Its command line.
    pub command_line: String,
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
    /// Where to listen for the control channel: the file name of a socket to be made, in a folder that exists.
    pub control: Option<PathBuf>,
    /// Whether Ctrl-A is QEMU's (Ctrl-A X leaves), as a human at the console wants it.
    pub has_escape_key: bool,
}

impl Machine {
    /// Returns the command that starts this machine, its first serial port on standard input and output.
    pub fn command(&self) -> Command {
        let mut command = self.bare();
        self.add_disks(&mut command);
        self.add_settings(&mut command);
        command
    }

    /// Returns the command that starts Linux on the same machine. QEMU hands the kernel over itself: there is no disk,
    /// and no UEFI firmware, under which Linux needs more memory than Spindle.
    pub fn command_with_linux(&self, linux: &Linux) -> Command {
        let mut command = self.bare();
        command.arg("-kernel").arg(&linux.kernel).arg("-initrd").arg(&linux.initramfs);
        command.args(["-append", &linux.command_line]);
        command
    }

    /// What every guest gets: processor, memory, the serial line, the port that ends the machine.
    fn bare(&self) -> Command {
        let mut command = Command::new(&self.qemu);
        command.args(["-machine", "q35", "-nodefaults", "-display", "none", "-vga", "none", "-no-reboot"]);
        command.args(["-accel", self.accelerator.name(), "-cpu", self.processor_model()]);
        command.args(["-m", &self.memory, "-smp", &self.processors.to_string()]);
        if self.counts_instructions {
            command.args(["-icount", "shift=0"]);
        }
        command.args(["-serial", if self.has_escape_key { "mon:stdio" } else { "stdio" }]);
        command.args(["-device", &format!("isa-debug-exit,iobase={:#x},iosize=4", exit::PORT)]);
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
        command.args(["-drive", &format!("if=pflash,format=raw,unit=0,readonly=on,file={code}")]);
        command.args(["-drive", &format!("if=pflash,format=raw,unit=1,snapshot=on,file={variables}")]);
        let image = path(&self.image);
        command.args(["-drive", &format!("if=none,id=boot,format=raw,snapshot=on,file={image}")]);
        command.args(["-device", "virtio-blk-pci,drive=boot,bootindex=0"]);
    }

    fn add_settings(&self, command: &mut Command) {
        if let Some(socket) = &self.control {
            add_control_channel(command, socket);
        }
        if let Some(commands) = &self.commands {
            command.args(["-fw_cfg", &format!("name={},file={}", fw_cfg::COMMANDS, path(commands))]);
        }
        if let Some(level) = &self.log_level {
            command.args(["-fw_cfg", &format!("name={},string={level}", fw_cfg::LOG)]);
        }
    }
}

/// The second serial port. A socket's whole path may have 107 bytes only, so QEMU works in its folder.
fn add_control_channel(command: &mut Command, socket: &Path) {
    if let (Some(folder), Some(name)) = (socket.parent(), socket.file_name()) {
        command.current_dir(folder);
        let name = path(Path::new(name));
        command.args(["-chardev", &format!("socket,id=control,path={name},server=on,wait=off")]);
        command.args(["-serial", "chardev:control"]);
    }
}

/// A path as an option value: a comma would end the value, so QEMU takes it doubled.
fn path(path: &Path) -> String {
    path.display().to_string().replace(',', ",,")
}

#[cfg(test)]
mod tests {
    use super::{Firmware, Linux, Machine};
    use crate::Accelerator;
    use std::process::Command;

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
            control: None,
            has_escape_key: false,
        }
    }

    fn line(machine: &Machine) -> String {
        words(&machine.command()).join(" ")
    }

    fn words(command: &Command) -> Vec<String> {
        command.get_args().map(|word| word.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_comma_in_a_path_does_not_end_the_option() {
        assert!(line(&machine()).contains("file=/a,,b/disk.img"));
    }

    #[test]
    fn a_machine_without_commands_is_not_in_script_mode() {
        assert!(!line(&machine()).contains("opt/spindle/commands"));
        let scripted = Machine { commands: Some("/tmp/commands".into()), ..machine() };
        assert!(line(&scripted).contains("-fw_cfg name=opt/spindle/commands,file=/tmp/commands"));
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
    fn the_control_channel_is_the_second_serial_port_and_its_path_is_short() {
        assert!(!line(&machine()).contains("socket"));
        let folder = "/long".repeat(50);
        let machine = Machine { control: Some(format!("{folder}/7.socket").into()), ..machine() };
        let line = line(&machine);
        let (console, control) = (line.find("-serial stdio"), line.find("-serial chardev:control"));
        assert!(console.is_some_and(|console| control.is_some_and(|control| console < control)), "{line}");
        assert!(line.contains("path=7.socket,server=on,wait=off"));
        assert_eq!(machine.command().get_current_dir(), Some(std::path::Path::new(&folder)));
    }

    #[test]
    fn no_network_device_is_there_unasked() {
        assert!(line(&machine()).contains("-nodefaults"));
    }

    #[test]
    fn linux_boots_on_the_same_machine_without_the_disk() {
        let linux = Linux {
            kernel: "/k/vmlinuz".into(),
            initramfs: "/k/init.cpio".into(),
            command_line: "console=ttyS0 quiet".to_owned(),
        };
        let machine =
            Machine { commands: Some("/tmp/commands".into()), counts_instructions: true, ..machine() };
        let (spindle, linux) = (words(&machine.command()), words(&machine.command_with_linux(&linux)));
        let common = spindle.iter().zip(&linux).take_while(|(a, b)| a == b).count();
        let rest = ["-kernel", "/k/vmlinuz", "-initrd", "/k/init.cpio", "-append", "console=ttyS0 quiet"];
        assert_eq!(linux[common..], rest);
        for option in ["-accel", "-cpu", "-m", "-smp", "-icount", "isa-debug-exit,iobase=0xf4,iosize=4"] {
            assert!(linux[..common].iter().any(|word| word == option), "{option} is not the same");
        }
    }
}
