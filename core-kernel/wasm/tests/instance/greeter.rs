//! The worked example of docs/reference/wasm-abi.md, exactly as it stands.

use crate::support::{HERE, LIMITS, load_text, notes};
use spindle_abi::{EventSpec, Status};
use spindle_interfaces::console::{Command, CommandFrame};
use spindle_wasm::{Instance, Row};

const GREETER: &str = include_str!("../../../../ext-sdk/foreign/greeter.wat");

const GREET: usize = 0;
const USAGE: usize = 1;
const HAS_NAME: usize = 2;

/// What a raise for the word `greet` comes to: the handler that the guard lets through, or else the next one.
fn greet(instance: &Instance, name: &str) -> (Status, Vec<String>) {
    let mut frame = Command::frame("greet", name);
    let handler = if has_name(instance, &frame) { GREET } else { USAGE };
    // SAFETY: the module was loaded with the layout of this event's frames.
    unsafe { instance.enter(HERE, handler, core::ptr::from_mut(&mut frame).cast()) }.unwrap();
    (Command::result(&frame), notes())
}

fn has_name(instance: &Instance, frame: &CommandFrame<'_>) -> bool {
    // SAFETY: as above, and nobody changes the frame meanwhile.
    unsafe { instance.ask(HERE, HAS_NAME, core::ptr::from_ref(frame).cast()) }.unwrap()
}

fn loaded() -> Box<Instance> {
    let layout = Command::FRAME.unwrap();
    let rows = [Row::Handler(layout), Row::Handler(layout), Row::Guard(layout)];
    let instance = load_text(GREETER, &rows, LIMITS).unwrap();
    assert_eq!(instance.start(HERE), Ok(Status::OK));
    instance
}

#[test]
fn it_greets() {
    let instance = loaded();
    assert_eq!(greet(&instance, "world"), (Status::OK, vec!["hello, world".to_owned()]));
    assert_eq!(greet(&instance, "Łukasz"), (Status::OK, vec!["hello, Łukasz".to_owned()]));
    assert_eq!(instance.stop(HERE), Ok(()));
}

#[test]
fn it_says_how_it_is_used() {
    let instance = loaded();
    let usage = (Status::FAILED, vec!["usage: greet NAME".to_owned()]);
    assert_eq!(greet(&instance, ""), usage);
    assert_eq!(greet(&instance, &"x".repeat(250)), usage);
    let longest = "x".repeat(249);
    assert_eq!(greet(&instance, &longest), (Status::OK, vec![format!("hello, {longest}")]));
}

#[test]
fn its_manifest_is_in_the_section_that_the_packer_reads() {
    let module = wat::parse_str(GREETER).unwrap();
    let manifest = "extension greeter 0.1.0 sdk none\nimport fn console.write_line(line: &str)\nhandler 0 ";
    let section = [b".note.spindle", manifest.as_bytes()].concat();
    assert!(module.windows(section.len()).any(|bytes| bytes == section));
    let declared = Command::DECLARATION.schema;
    let rows = ["handler 0 guard 2", "handler 1", "guard 2"].map(|row| format!("{row} {declared}\\n"));
    assert!(rows.iter().all(|row| GREETER.contains(row)));
}

#[test]
fn the_page_has_the_schemas_that_the_kernel_has() {
    use spindle_interfaces::{clock, console, runtime, trap};
    let page = include_str!("../../../../docs/reference/wasm-abi.md");
    let declared = [
        console::WRITE_LINE,
        clock::NOW,
        runtime::PANICKED,
        Command::DECLARATION,
        clock::Tick::DECLARATION,
        trap::SystemCall::DECLARATION,
    ];
    for declaration in declared {
        let line = format!("\n{}\n", declaration.schema);
        assert!(page.contains(&line), "docs/reference/wasm-abi.md lacks {line}");
    }
}
