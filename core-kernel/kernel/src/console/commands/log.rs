//! `log` and `dmesg`: which messages the kernel keeps and shows, and those that it has kept.

use linkme::distributed_slice;
use log::LevelFilter;
use spindle_kerncore::command::{Arguments, Opt, Parameter};
use sval::Value;

use crate::console::Session;
use crate::console::error::Failed;
use crate::console::names;
use crate::console::registry::{COMMANDS, Command};
use crate::logging;

#[distributed_slice(COMMANDS)]
static LOG: Command =
    Command::new(&["log"], "show the log level, or set what is kept and shown from now on", log)
        .taking(&[Parameter::optional("LEVEL", names::levels)])
        .with(&[Opt::JSON]);

#[distributed_slice(COMMANDS)]
static DMESG: Command =
    Command::new(&["dmesg"], "show the messages that the kernel has kept", dmesg).with(&[Opt::JSON]);

fn log(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    if let Some(word) = arguments.word(0) {
        let level = word
            .parse::<LevelFilter>()
            .map_err(|_| session.fail_for_want_of("level", word, names::levels))?;
        logging::set_level(level);
    }
    let levels = Levels {
        kept: names::level_name(log::max_level()),
        shown: names::level_name(logging::shown_level()),
    };
    if arguments.json() {
        session.json(levels);
    } else {
        session.say(format_args!("kept up to level {}, shown here up to {}", levels.kept, levels.shown));
    }
    Ok(())
}

#[derive(Value)]
struct Levels {
    kept: &'static str,
    shown: &'static str,
}

fn dmesg(session: &mut Session, arguments: &Arguments<'_>) -> Result<(), Failed> {
    let kept = logging::kept();
    if arguments.json() {
        session.json_rows(kept.lines());
    } else {
        kept.lines().for_each(|line| session.say(format_args!("{line}")));
    }
    Ok(())
}
