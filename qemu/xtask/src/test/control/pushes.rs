//! Packages by `cargo xtask ext push`.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use spindle_abi::package::MAX_PACKAGE_BYTES;

use super::Verdict;
use super::machine::{Machine, Said};

const PATIENCE: Duration = Duration::from_secs(30);
/// What takes the line some seconds.
const LARGE_BYTES: usize = 2 << 20;

pub(super) fn push_and_push_again(machine: &mut Machine) -> Verdict {
    machine.push(&["hello"]).succeeds_with("loaded hello 0.1.0")?;
    machine.push(&["hello"]).fails_with("push it with --replace to take its place")?;
    machine.ctl(&["hello", "ada"]).succeeds_with("hello, ada")?;
    let replaced = machine.push(&["hello", "--replace"]);
    replaced.succeeds_with("unloaded hello")?;
    replaced.succeeds_with("loaded hello")?;
    machine.ctl(&["ext", "unload", "hello"]).succeeds_with("unloaded hello")?;
    machine.push(&["nosuchextension"]).fails_with("cargo xtask ext new nosuchextension")
}

pub(super) fn both_kinds(machine: &mut Machine) -> Verdict {
    machine.push(&["hello"]).succeeds_with("loaded hello 0.1.0")?;
    machine.push(&["hello", "--wasm"]).succeeds_with("loaded hello.wasm 0.1.0")?;
    machine
        .push(&["hello", "--wasm"])
        .fails_with("`hello.wasm` is loaded already; push it with --replace")?;
    machine.push(&["hello", "--wasm", "--replace"]).succeeds_with("unloaded hello.wasm")?;
    machine.ctl(&["ext", "unload", "hello"]).succeeds_with("unloaded hello")?;
    machine.ctl(&["hello", "ada"]).succeeds_with("hello, ada\n")?;
    machine.ctl(&["ext", "unload", "hello.wasm"]).succeeds_with("unloaded hello.wasm")
}

pub(super) fn two_at_once(machine: &mut Machine) -> Verdict {
    let bulk = machine.package("bulk").display().to_string();
    let ticker = machine.package("ticker").display().to_string();
    let both = [machine.start_push(&[&bulk]), machine.start_push(&[&ticker])];
    let [first, second] = both.map(Said::of);
    first.succeeds_with("loaded bulk")?;
    second.succeeds_with("loaded ticker")?;
    // One that takes its time, and one that has to wait for it.
    let large = machine.file("large.ext", &vec![7; LARGE_BYTES])?.display().to_string();
    let first = machine.start_push(&[&large]);
    std::thread::sleep(Duration::from_millis(500));
    let second = machine.push(&["hello"]);
    second.succeeds_with("loaded hello")?;
    if !second.errors.contains("another push or ctl speaks to this kernel; waiting for it") {
        return Err(format!("it did not say that it waits: {second:?}"));
    }
    Said::of(first).fails_with("not a package")?;
    machine.ctl(&["ext", "unload", "hello"]).succeeds_with("unloaded hello")?;
    machine.ctl(&["ext", "unload", "bulk"]).succeeds_with("unloaded bulk")?;
    machine.ctl(&["ext", "unload", "ticker"]).succeeds_with("unloaded ticker")
}

pub(super) fn waits_too_long(machine: &mut Machine) -> Verdict {
    let large = machine.file("large.ext", &vec![7; LARGE_BYTES])?.display().to_string();
    let first = machine.start_push(&[&large]);
    std::thread::sleep(Duration::from_millis(500));
    machine.ctl(&["--timeout", "1", "mem"]).fails_with("has not ended within 1 s")?;
    Said::of(first).fails_with("not a package")
}

pub(super) fn watch(machine: &mut Machine) -> Verdict {
    let read = |name| std::fs::read(machine.package(name)).map_err(|error| error.to_string());
    let (hello, ticker) = (read("hello")?, read("ticker")?);
    let file = machine.file("watched.ext", &hello)?;
    let started = machine.start_push(&[&file.display().to_string(), "--watch"]);
    let mut watching = Watching::of(started.map_err(|error| error.to_string())?)?;
    watching.says("loaded hello")?;
    watching.says("watching")?;
    machine.file("watched.ext", &hello[..hello.len() / 2])?;
    watching.says("error: not loaded")?;
    watching.says("watching")?;
    machine.file("watched.ext", &ticker)?;
    watching.says("loaded ticker")?;
    watching.says("watching")?;
    machine.file("watched.ext", &hello)?;
    watching.says("unloaded hello")?;
    watching.says("loaded hello")?;
    drop(watching);
    machine.ctl(&["ext", "unload", "hello"]).succeeds_with("unloaded hello")?;
    machine.ctl(&["ext", "unload", "ticker"]).succeeds_with("unloaded ticker")
}

pub(super) fn interrupted(machine: &mut Machine) -> Verdict {
    let large = machine.file("large.ext", &vec![7; LARGE_BYTES])?.display().to_string();
    for signal in [Signal::INT, Signal::KILL] {
        let child = machine.start_push(&[&large]).map_err(|error| error.to_string())?;
        std::thread::sleep(Duration::from_millis(700));
        kill_process(Pid::from_child(&child), signal).map_err(|error| error.to_string())?;
        if Said::of(Ok(child)).succeeded {
            return Err("the push had ended already".to_owned());
        }
        machine.push(&["hello"]).succeeds_with("loaded hello")?;
        machine.ctl(&["ext", "unload", "hello"]).succeeds_with("unloaded hello")?;
    }
    Ok(())
}

pub(super) fn too_large(machine: &mut Machine) -> Verdict {
    let file = machine.file("huge.ext", &vec![7; MAX_PACKAGE_BYTES + 1])?;
    machine.push(&[&file.display().to_string()]).fails_with("at most 16777216 are taken")?;
    // More than the heap of such a machine has.
    let file = machine.file("huge.ext", &vec![7; MAX_PACKAGE_BYTES])?;
    machine.push(&[&file.display().to_string()]).fails_with("the kernel heap has no room for 16777216 bytes")
}

pub(super) fn no_package(machine: &mut Machine) -> Verdict {
    let hello = std::fs::read(machine.package("hello")).map_err(|error| error.to_string())?;
    machine.push(&["hello"]).succeeds_with("loaded hello")?;
    for (bytes, why) in
        [(&hello[..hello.len() - 1], "not loaded"), (&hello[1..], "not a package"), (b"", "not loaded")]
    {
        let file = machine.file("bad.ext", bytes)?.display().to_string();
        machine.push(&[&file, "--replace"]).fails_with(why)?;
    }
    // The loaded one has stayed.
    machine.ctl(&["hello", "ada"]).succeeds_with("hello, ada")?;
    machine.ctl(&["ext", "unload", "hello"]).succeeds_with("unloaded hello")
}

/// A program that goes on, and what it says.
struct Watching {
    child: Child,
    lines: Receiver<String>,
    unread: Vec<String>,
}

impl Watching {
    fn of(mut child: Child) -> Result<Self, String> {
        let (sender, lines) = mpsc::channel();
        let listen = |output: Box<dyn Read + Send>| {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    // Nobody listening any more is no error.
                    let _ = sender.send(line);
                }
            });
        };
        listen(Box::new(child.stdout.take().ok_or("no standard output")?));
        listen(Box::new(child.stderr.take().ok_or("no standard error")?));
        Ok(Self { child, lines, unread: Vec::new() })
    }

    /// Waits for a line with this in it that was not waited for before. Its two outputs have no common order.
    fn says(&mut self, text: &str) -> Verdict {
        loop {
            if let Some(place) = self.unread.iter().position(|line| line.contains(text)) {
                self.unread.remove(place);
                return Ok(());
            }
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                return Err(format!("`{text}` was not said; instead: {:?}", self.unread));
            };
            self.unread.push(line);
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // Both fail only if it has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
