//! The terminal of whoever sits at the prompt: keys reach the guest, and whatever ends the session gives it back.
//!
//! *Concepts*: each case starts this very program (`cargo xtask run`) on a pseudo terminal of its own and compares the
//! settings of that terminal before and after.

pub(super) mod pty;

use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::tally::Tally;
use crate::failure::{Failure, Result};
use crate::folders::Folders;
use pty::Pty;

/// The image is built already; cargo looks at it once more, and the firmware takes its time.
const BOOT: Duration = Duration::from_secs(120);
const ANSWER: Duration = Duration::from_secs(20);
const PROMPT: &str = "\nspindle> ";

/// What a case finds wrong.
type Verdict = std::result::Result<(), String>;

/// Ends a session and looks at what happens.
type Case = fn(&mut Pty) -> Verdict;

/// Each way for a session to end.
const CASES: &[(&str, Case)] = &[
    ("terminal::control_c_is_the_guests_and_poweroff_gives_it_back", leave_by_poweroff),
    ("terminal::the_escape_key_gives_it_back", leave_by_escape),
    ("terminal::a_killed_emulator_gives_it_back", kill_the_emulator),
    ("terminal::a_terminated_session_gives_it_back_and_ends_the_emulator", terminate),
];

/// Runs what the filter leaves.
pub(super) fn run(folders: &Folders, filter: &str, tally: &mut Tally) -> Result<()> {
    tally.heading("terminal");
    for (name, case) in CASES.iter().filter(|(name, _)| name.contains(filter)) {
        tally.case(name, sit_down(folders, *case)?.err().as_deref());
    }
    Ok(())
}

/// Starts a session, waits for its prompt, lets `case` end it, compares the settings.
fn sit_down(folders: &Folders, case: Case) -> Result<Verdict> {
    let unable = |error| Failure::new("a pseudo terminal cannot be had").because(error);
    let this_program = std::env::current_exe().map_err(unable)?;
    let mut command = Command::new(this_program);
    command.arg("run").current_dir(folders.root());
    let mut pty = Pty::start(&mut command).map_err(unable)?;
    let verdict = pty.wait_for(PROMPT, BOOT).and_then(|()| case(&mut pty));
    let (before, after) = (pty.settings_found().to_owned(), pty.settings().map_err(unable)?);
    Ok(verdict.and_then(|()| {
        if after == before { Ok(()) } else { Err(format!("before {before}\nafter  {after}")) }
    }))
}

fn leave_by_poweroff(pty: &mut Pty) -> Verdict {
    pty.type_keys(b"half a line\x03");
    pty.wait_for(PROMPT, ANSWER)?;
    pty.type_keys(b"uptime\r");
    pty.wait_for("\nup ", ANSWER)?;
    pty.wait_for(PROMPT, ANSWER)?;
    stop_a_program(pty)?;
    pty.type_keys(b"poweroff\r");
    expect(pty, true)
}

/// What is typed before the program runs is not for it.
fn stop_a_program(pty: &mut Pty) -> Verdict {
    pty.type_keys(b"user run spin --budget 60000\r");
    std::thread::sleep(Duration::from_secs(1));
    pty.type_keys(b"\x03");
    pty.wait_for("was stopped by ctrl-C", ANSWER)?;
    pty.wait_for(PROMPT, ANSWER)
}

fn leave_by_escape(pty: &mut Pty) -> Verdict {
    pty.type_keys(b"\x01x");
    expect(pty, true)
}

fn kill_the_emulator(pty: &mut Pty) -> Verdict {
    kill(emulator(pty)?, Signal::KILL)?;
    expect(pty, false)
}

fn terminate(pty: &mut Pty) -> Verdict {
    let emulator = emulator(pty)?;
    kill(pty.session(), Signal::TERM)?;
    expect(pty, false)?;
    let gone = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        rustix::process::test_kill_process(emulator).is_err()
    });
    if gone { Ok(()) } else { Err("QEMU runs on".to_owned()) }
}

fn expect(pty: &mut Pty, success: bool) -> Verdict {
    let status = pty.wait(ANSWER)?;
    if status.success() == success { Ok(()) } else { Err(format!("the session ended with {status}")) }
}

fn kill(process: Pid, signal: Signal) -> Verdict {
    kill_process(process, signal).map_err(|error| format!("a process cannot be ended: {error}"))
}

/// The process that the session has started.
fn emulator(pty: &Pty) -> std::result::Result<Pid, String> {
    let session = pty.session().as_raw_nonzero();
    let children = std::fs::read_dir(format!("/proc/{session}/task")).into_iter().flatten().flatten();
    let children = children.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    let pid = children.collect::<String>().split_whitespace().next().and_then(|pid| pid.parse().ok());
    pid.and_then(Pid::from_raw).ok_or_else(|| "the session has started no QEMU".to_owned())
}
