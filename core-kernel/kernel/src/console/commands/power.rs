//! `uptime` and `poweroff`: how long the machine has run, and its end.

use linkme::distributed_slice;
use spindle_arch::time;
use spindle_kerncore::command::{Arguments, Opt};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::registry::{COMMANDS, Command};

#[distributed_slice(COMMANDS)]
static UPTIME: Command =
    Command::new(&["uptime"], "show how long the kernel has run", uptime).with(&[Opt::JSON]);

#[distributed_slice(COMMANDS)]
static POWEROFF: Command = Command::new(&["poweroff"], "power the machine off", poweroff);

#[derive(Value)]
struct Uptime {
    uptime_ns: u64,
    since_power_on_ns: u64,
    ticks: u64,
}

fn uptime(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let uptime = Uptime {
        uptime_ns: time::now_ns(),
        since_power_on_ns: time::since_power_on_ns(),
        ticks: time::ticks(),
    };
    if arguments.json() {
        session.json(uptime);
        return Ok(());
    }
    let (up_ms, on_ms) = (uptime.uptime_ns / 1_000_000, uptime.since_power_on_ns / 1_000_000);
    session.say(format_args!(
        "up {}.{:03} s, {}.{:03} s since power-on; {} ticks of {} ms",
        up_ms / 1000,
        up_ms % 1000,
        on_ms / 1000,
        on_ms % 1000,
        uptime.ticks,
        time::TICK_NS / 1_000_000
    ));
    Ok(())
}

fn poweroff(session: &mut Session, _arguments: &Arguments<'_>) -> Result<(), Failed> {
    session.request_power_off();
    Ok(())
}
