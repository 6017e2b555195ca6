//! A kernel at its prompt on a pseudo terminal, and this very program as the host that speaks to it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use super::super::terminal::pty::Pty;
use super::Verdict;
use super::raw::Raw;
use crate::failure::{Failure, Result};
use crate::folders::Folders;

/// The image is built already; cargo looks at it once more, and the firmware takes its time.
const BOOT: Duration = Duration::from_secs(120);
const ANSWER: Duration = Duration::from_secs(30);
const PROMPT: &str = "\nspindle> ";

/// A machine, and the folder in which cases keep their files.
pub(super) struct Machine {
    root: PathBuf,
    packages: PathBuf,
    sockets: PathBuf,
    scratch: PathBuf,
    console: Pty,
    has_ended: bool,
}

/// What the program said and how it ended.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) out: String,
    pub(super) errors: String,
    pub(super) succeeded: bool,
}

impl Machine {
    /// Boots to the prompt.
    pub(super) fn start(folders: &Folders) -> Result<Self> {
        let built = folders.built();
        let scratch = built.join("test-control");
        crate::folders::create(&scratch)?;
        Ok(Self {
            root: folders.root().to_owned(),
            packages: built.join("ext"),
            sockets: built.join("control"),
            scratch,
            console: boot(folders.root())?,
            has_ended: false,
        })
    }

    /// Boots anew, and says what it holds of memory.
    pub(super) fn restart(&mut self) -> Result<std::result::Result<String, String>> {
        self.console = boot(&self.root)?;
        self.has_ended = false;
        Ok(self.memory())
    }

    /// Its socket.
    pub(super) fn socket(&self) -> PathBuf {
        self.sockets.join(format!("{}.socket", self.console.session().as_raw_nonzero()))
    }

    /// The package of an extension.
    pub(super) fn package(&self, name: &str) -> PathBuf {
        self.packages.join(format!("{name}.ext"))
    }

    /// A file for a case, with these bytes.
    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> std::result::Result<PathBuf, String> {
        let path = self.scratch.join(name);
        std::fs::File::create(&path)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        Ok(path)
    }

    /// A connection that may say anything.
    pub(super) fn connect(&self) -> std::result::Result<Raw, String> {
        Raw::connect(&self.socket())
    }

    /// Runs `cargo xtask ctl` with these words.
    pub(super) fn ctl(&self, words: &[&str]) -> Said {
        Said::of(self.start_host(&["ctl"], words))
    }

    /// Runs `cargo xtask ext push` with these words.
    pub(super) fn push(&self, words: &[&str]) -> Said {
        Said::of(self.start_push(words))
    }

    /// Begins `cargo xtask ext push` with these words.
    pub(super) fn start_push(&self, words: &[&str]) -> std::io::Result<Child> {
        self.start_host(&["ext", "push"], words)
    }

    /// Runs this program for another machine than this one.
    pub(super) fn elsewhere(&self, socket: &str, task: &[&str], words: &[&str]) -> Said {
        Said::of(self.start_for(Path::new(socket), task, words))
    }

    fn start_host(&self, task: &[&str], words: &[&str]) -> std::io::Result<Child> {
        self.start_for(&self.socket(), task, words)
    }

    fn start_for(&self, socket: &Path, task: &[&str], words: &[&str]) -> std::io::Result<Child> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(task).arg("--socket").arg(socket).args(words).current_dir(&self.root);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
    }

    /// The keyboard and screen.
    pub(super) fn console(&mut self) -> &mut Pty {
        &mut self.console
    }

    /// Waits until something is shown.
    pub(super) fn shows(&mut self, text: &str) -> Verdict {
        self.console.wait_for(text, ANSWER)
    }

    /// Waits for the machine's end: whether it ended well.
    pub(super) fn ends(&mut self) -> Verdict {
        self.has_ended = true;
        let status = self.console.wait(ANSWER)?;
        if status.success() { Ok(()) } else { Err(format!("the session ended with {status}")) }
    }

    /// What the kernel's memory is used for.
    pub(super) fn memory(&self) -> std::result::Result<String, String> {
        let said = self.ctl(&["mem"]);
        if said.succeeded { Ok(said.out) } else { Err(format!("`mem` fails: {said:?}")) }
    }

    /// Whether the prompt answers, and no memory was kept.
    pub(super) fn is_as_before(&mut self, memory: &str) -> Verdict {
        if self.has_ended {
            return Ok(());
        }
        self.console.type_keys(b"log\r");
        self.shows("\nkept up to level")?;
        self.shows(PROMPT)?;
        let now = self.memory()?;
        if now == memory { Ok(()) } else { Err(format!("memory before:\n{memory}\nafter:\n{now}")) }
    }
}

impl Said {
    /// Waits for the end of a program.
    pub(super) fn of(started: std::io::Result<Child>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match started.and_then(Child::wait_with_output) {
            Ok(Output { status, stdout, stderr }) => {
                Self { out: text(&stdout), errors: text(&stderr), succeeded: status.success() }
            }
            Err(error) => Self { out: String::new(), errors: error.to_string(), succeeded: false },
        }
    }

    /// Whether it succeeded and printed this.
    pub(super) fn succeeds_with(&self, text: &str) -> Verdict {
        if self.succeeded && self.out.contains(text) { Ok(()) } else { Err(format!("no `{text}`: {self:?}")) }
    }

    /// Whether it failed and said this, wherever.
    pub(super) fn fails_with(&self, text: &str) -> Verdict {
        let is_said = self.out.contains(text) || self.errors.contains(text);
        if !self.succeeded && is_said { Ok(()) } else { Err(format!("no failure `{text}`: {self:?}")) }
    }
}

fn boot(root: &Path) -> Result<Pty> {
    let unable = |error| Failure::new("a pseudo terminal cannot be had").because(error);
    let this_program = std::env::current_exe().map_err(unable)?;
    let mut console = Pty::start(Command::new(this_program).arg("run").current_dir(root)).map_err(unable)?;
    let failed = |error| Failure::new("the kernel does not come to its prompt").because(error);
    console.wait_for(PROMPT, BOOT).map_err(failed)?;
    Ok(console)
}
