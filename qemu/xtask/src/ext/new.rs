//! A new extension: the template, under another name.

use std::fs;
use std::path::{Path, PathBuf};

use spindle_abi::package::MAX_NAME_BYTES;

use crate::failure::{Failure, Result};
use crate::folders::{self, Folders};

/// Names that cargo or the compiler has another use for.
const TAKEN: [&str; 46] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "proc-macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "use",
];

/// Makes `extensions/NAME`.
///
/// # Errors
/// If the name cannot be used, or the folder is there already.
pub(crate) fn new(folders: &Folders, name: &str) -> Result<()> {
    let lock = folders::read(&folders.root().join("Cargo.lock")).unwrap_or_default();
    let lock = String::from_utf8_lossy(&lock);
    let folder = folders.root().join("extensions").join(name);
    let is_there = folder.exists();
    // An extension that is there has its name in the lock file, and this says more.
    check(name, if is_there { "" } else { &lock })?;
    if is_there {
        return Err(
            Failure::new(format_args!("extensions/{name} is there already")).next("take another name")
        );
    }
    copy(&folders.root().join("ext-sdk/template"), &folder, name)?;
    println!("made extensions/{name}: its source is extensions/{name}/src/lib.rs");
    println!(" next: cargo xtask ext test {name}");
    println!("       cargo xtask ext build {name}   (or, as Wasm: cargo xtask ext build {name} --wasm)");
    Ok(())
}

fn check(name: &str, lock: &str) -> Result<()> {
    let refuse =
        |why: &str| Err(Failure::new(format_args!("an extension cannot be called `{name}`")).because(why));
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.bytes().all(fits) || !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return refuse("a name has lower-case letters, digits and `-`, and starts with a letter");
    }
    if name.len() > MAX_NAME_BYTES || name.ends_with('-') || name.contains("--") {
        return refuse("a name is at most 48 bytes long, and every `-` stands between two others");
    }
    if TAKEN.contains(&name) {
        return refuse("cargo or the compiler has another use for this name");
    }
    if lock.contains(&format!("name = \"{name}\"\n")) {
        return refuse("a crate of this name is part of the workspace or of what it depends on");
    }
    Ok(())
}

fn copy(template: &Path, folder: &Path, name: &str) -> Result<()> {
    folders::create(folder)?;
    let unreadable = |error| Failure::new("the template cannot be read").because(error);
    for entry in fs::read_dir(template).map_err(unreadable)? {
        let from = entry.map_err(unreadable)?.path();
        let to = folder.join(renamed_file(&from, name));
        if from.is_dir() {
            copy(&from, &to, name)?;
        } else {
            let text = fs::read_to_string(&from).map_err(unreadable)?;
            folders::write(&to, renamed(&text, name).as_bytes())?;
        }
    }
    Ok(())
}

fn renamed_file(from: &Path, name: &str) -> PathBuf {
    let file = from.file_name().unwrap_or_default().to_string_lossy();
    file.replace("hello", name).into()
}

/// The template's text with its names replaced: of the crate, of the handler, of the type, and of the rest.
fn renamed(text: &str, name: &str) -> String {
    let ident = name.replace('-', "_");
    let parts = name.split('-').map(|part| part[..1].to_uppercase() + &part[1..]);
    text.replace("use hello::", &format!("use {ident}::"))
        .replace("fn hello(", &format!("fn {ident}("))
        .replace("Hello", &parts.collect::<String>())
        .replace("hello", name)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{check, copy, renamed};

    #[test]
    fn names_that_cannot_be_a_crate_are_refused_with_the_reason() {
        let refused = |name: &str| check(name, "name = \"object\"\n").unwrap_err().to_string();
        assert!(check("my-counter2", "").is_ok());
        for name in ["", "Hello", "2x", "a_b", "../x", "a b", "-a"] {
            assert!(refused(name).contains("lower-case"), "{name}");
        }
        for name in ["a-", "a--b", &"x".repeat(49)] {
            assert!(refused(name).contains("48 bytes"), "{name}");
        }
        assert!(refused("core").contains("another use") && refused("match").contains("another use"));
        assert!(refused("object").contains("part of the workspace"));
    }

    #[test]
    fn identifiers_and_texts_get_the_form_that_each_needs() {
        let text = "use hello::Hello; fn hello() {} word = \"hello\"";
        assert_eq!(renamed(text, "my-clock"), "use my_clock::MyClock; fn my_clock() {} word = \"my-clock\"");
    }

    #[test]
    fn the_template_is_copied_whole_and_nothing_of_its_name_is_left() {
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ext-sdk/template");
        let made = tempfile::tempdir().unwrap();
        let folder = made.path().join("greeter");
        copy(&template, &folder, "greeter").unwrap();
        for file in ["Cargo.toml", "src/lib.rs", "tests/greeter.rs"] {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            assert!(text.contains("greeter") && !text.to_lowercase().contains("hello"), "{file}: {text}");
        }
    }

    /// The template is what `extensions/hello` is, less what only tests of the kernel need.
    #[test]
    fn the_template_is_the_first_extension() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let text = |file: &str| fs::read_to_string(root.join(file)).unwrap();
        let hello = text("extensions/hello/src/lib.rs");
        let lines = hello.lines().filter(|line| !line.contains("panic")).collect::<Vec<_>>();
        assert_eq!(lines.join("\n") + "\n", text("ext-sdk/template/src/lib.rs"));
        assert_eq!(text("extensions/hello/tests/hello.rs"), text("ext-sdk/template/tests/hello.rs"));
    }
}
