//! The children that must not outlive this process.
//!
//! *Invariants*: INV-RUN-1: a child is in the list from its start until it was waited for, so that whoever ends the
//! process (a signal, a failed test) can end them all with [`stop_all`]. Each leads a process group, so that what it
//! has started ends with it.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::Error;

static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// Gives the terminal back and kills every child that is running now. For signal handlers' threads; the waits that are under way return.
pub fn stop_all() {
    crate::terminal::give_back();
    let running = RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for pid in running.iter() {
        // A child that has ended meanwhile is not an error: it is what is wanted.
        let _ = kill_process_group(*pid, Signal::KILL);
    }
}

/// A child that dies with its owner.
pub(crate) struct OwnedChild {
    child: Child,
    pid: Pid,
}

impl OwnedChild {
    pub(crate) fn start(command: &mut Command) -> Result<Self, Error> {
        let mut running = RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let started = command.stdout(Stdio::piped()).process_group(0).spawn();
        let child =
            started.map_err(|cause| Error::NotStarted { program: command.get_program().into(), cause })?;
        let pid = Pid::from_child(&child);
        running.push(pid);
        Ok(Self { child, pid })
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits until `deadline`; `None` if the child was still running then.
    pub(crate) fn wait_until(&mut self, deadline: Instant) -> Result<Option<ExitStatus>, Error> {
        loop {
            if let Some(status) = self.child.try_wait().map_err(Error::Lost)? {
                return Ok(Some(status));
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills the child and what it has started. It must not have been waited for.
    pub(crate) fn kill(&self) {
        // Fails only if they have just ended by themselves.
        let _ = kill_process_group(self.pid, Signal::KILL);
    }

    pub(crate) fn wait(&mut self) -> Result<ExitStatus, Error> {
        self.child.wait().map_err(Error::Lost)
    }
}

impl Drop for OwnedChild {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            self.kill();
            // Fails only if it was waited for, which is what is wanted.
            let _ = self.child.wait();
        }
        RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner).retain(|pid| *pid != self.pid);
    }
}
