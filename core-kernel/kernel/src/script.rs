//! Script mode: commands from the host, each one's output framed, then the end of the machine.

use crate::console::Session;
use alloc::string::String;
use alloc::vec::Vec;
use spindle_abi::protocol::{exit, fw_cfg::COMMANDS, script};
use spindle_arch::{fw_cfg, power_off, serial, time};

/// The commands that the host gave, one per line; `None` outside script mode.
pub(crate) fn commands() -> Option<String> {
    let length = fw_cfg::read(COMMANDS, &mut [])?;
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(length).is_err() {
        log::error!("the script of {length} bytes does not fit into memory");
        return Some(String::new());
    }
    bytes.resize(length, 0);
    fw_cfg::read(COMMANDS, &mut bytes)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Runs every line of `commands` and ends the machine: with failure if one failed.
pub(crate) fn run(commands: &str) -> ! {
    serial::print(format_args!("{} {}\n", script::READY, time::now_ns()));
    let mut session = Session::default();
    let mut all_ok = true;
    for (index, line) in commands.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        serial::print(format_args!("{} {index}\n", script::BEGIN));
        let ok = session.execute(line);
        all_ok &= ok;
        serial::print(format_args!("{} {index} {}\n", script::END, if ok { "ok" } else { "failed" }));
        if session.wants_power_off() {
            break;
        }
    }
    power_off(if all_ok { exit::SUCCESS } else { exit::FAILURE })
}
