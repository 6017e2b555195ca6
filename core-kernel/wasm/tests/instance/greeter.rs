//! The worked example of docs/reference/wasm-abi.md, exactly as it stands.

use crate::support::{HERE, LIMITS, enter, load_text, notes};
use spindle_abi::{EventSpec, Status};
use spindle_interfaces::console::Command;
use spindle_wasm::Instance;

const GREETER: &str = include_str!("../../../../ext-sdk/foreign/greeter.wat");

fn greet(instance: &Instance, name: &str) -> (Status, Vec<String>) {
    let mut frame = Command::frame("greet", name);
    enter::<Command>(instance, &mut frame).unwrap();
    (Command::result(&frame), notes())
}

fn loaded() -> Box<Instance> {
    let instance = load_text(GREETER, &[Command::FRAME.unwrap().into()], LIMITS).unwrap();
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
}

#[test]
fn its_manifest_is_in_the_section_that_the_packer_reads() {
    let module = wat::parse_str(GREETER).unwrap();
    let manifest = "extension greeter 0.1.0 sdk none\nimport fn console.write_line(line: &str)\nhandler 0 ";
    let section = [b".note.spindle", manifest.as_bytes()].concat();
    assert!(module.windows(section.len()).any(|bytes| bytes == section));
    let declared = Command::DECLARATION.schema;
    assert!(GREETER.contains(&format!("handler 0 {declared}\\n")));
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
