//! Commands by `cargo xtask ctl`.

use super::Verdict;
use super::machine::Machine;

pub(super) fn output_and_status(machine: &mut Machine) -> Verdict {
    machine.ctl(&["ext", "list", "--json"]).succeeds_with("[{\"name\":\"bulk\"")?;
    machine.ctl(&["ext list --json"]).succeeds_with("[{\"name\":\"bulk\"")?;
    machine.ctl(&["help"]).succeeds_with("power the machine off")?;
    machine.ctl(&["ext", "lst"]).fails_with("usage: ext list [--json]")?;
    machine.ctl(&["nosuchcommand", "at", "all"]).fails_with("no command `nosuchcommand`")?;
    machine.ctl(&[&"x".repeat(2000)]).fails_with("longer than the kernel takes")?;
    machine.ctl(&["two\nlines"]).fails_with("a line end or another control character")?;
    // The human sees who asked for what, and none of the answers.
    machine.shows("the host runs `ext list --json`")?;
    machine.shows("the host runs `nosuchcommand at all`")
}

pub(super) fn extensions_print(machine: &mut Machine) -> Verdict {
    machine.ctl(&["ext", "load", "hello"]).succeeds_with("loaded hello")?;
    machine.ctl(&["hello", "ada"]).succeeds_with("hello, ada\n")?;
    // And to the human what the human asks for.
    machine.console().type_keys(b"hello grace\r");
    machine.shows("\nhello, grace\n")?;
    machine.ctl(&["ext", "unload", "hello"]).succeeds_with("unloaded hello")
}

pub(super) fn faults(machine: &mut Machine) -> Verdict {
    machine.ctl(&["ext", "load", "faulty"]).succeeds_with("loaded faulty")?;
    machine.ctl(&["faulty", "panic"]).fails_with("extension `faulty` unloaded")
}

pub(super) fn half_typed_line(machine: &mut Machine) -> Verdict {
    machine.console().type_keys(b"upti");
    machine.shows("spindle> upti")?;
    machine.push(&["hello"]).succeeds_with("loaded hello")?;
    machine.shows("the host pushes hello.ext")?;
    machine.shows("spindle> upti")?;
    machine.console().type_keys(b"me\r");
    machine.shows("\nup ")?;
    machine.ctl(&["ext", "unload", "hello"]).succeeds_with("unloaded hello")
}

pub(super) fn nobody_there(machine: &mut Machine) -> Verdict {
    let gone = machine.file("gone", b"")?.with_file_name("1.socket");
    let gone = gone.display().to_string();
    let ctl = machine.elsewhere(&gone, &["ctl"], &["mem"]);
    ctl.fails_with("next: cargo xtask run   (in another terminal)")?;
    machine.elsewhere(&gone, &["ext", "push"], &["hello"]).fails_with("no kernel is running")
}

pub(super) fn poweroff(machine: &mut Machine) -> Verdict {
    machine.ctl(&["poweroff"]).succeeds_with("")?;
    machine.ends()
}
