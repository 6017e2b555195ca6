//! Modules that are refused: each with what is wrong and what would be right.

use crate::support::shapes::Nothing;
use crate::support::{LIMITS, load_bytes, load_text, module};
use spindle_abi::EventSpec;
use spindle_wasm::{Error, Fault, Limits, Refusal, Row, Trap};

const HANDLER: &str = "(func $handler (param i32 i32))";

fn one() -> [Row; 1] {
    [Nothing::FRAME.unwrap().into()]
}

/// The report on a module that is unfit.
fn unfit(text: &str) -> Vec<String> {
    let (error, report) = load_text(text, &one(), LIMITS).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::Unfit { problems: report.len() }), "{report:?}");
    report
}

/// The one line of that report.
fn complaint(text: &str) -> String {
    let [line] = unfit(text).try_into().expect("one line");
    line
}

#[test]
fn bytes_that_are_no_module_are_invalid() {
    for bytes in [&b""[..], b"\0asm", b"\0asm\x02\0\0\0", b"greetings", &[0xff; 64]] {
        let (error, report) = load_bytes(bytes, &one(), LIMITS).unwrap_err();
        assert!(matches!(error, Error::Refused(_)), "{error}");
        assert!(!report.is_empty(), "{bytes:?}");
    }
}

/// The fuzzer found it: the engine divided by the number of functions.
#[test]
fn a_code_section_of_bytes_without_functions_is_invalid() {
    let mut bytes = b"\0asm\x01\0\0\0\x0a\xb0\x09\0".to_vec();
    bytes.resize(1300, 0);
    let (error, report) = load_bytes(&bytes, &[], LIMITS).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::Invalid));
    assert_eq!(report, ["its code section has bytes but no functions"]);
}

#[test]
fn a_module_cut_short_at_any_byte_is_refused() {
    let whole = wat::parse_str(module("", true, HANDLER)).unwrap();
    load_bytes(&whole, &one(), LIMITS).unwrap();
    // Behind the code and the data there are only names, which nobody needs.
    let ends = whole.windows(6).position(|bytes| bytes == b"\x04name\x01" || bytes == b"\x04name\x02");
    let needed = ends.map_or(whole.len(), |name| name - 2);
    for end in 0..needed {
        let (error, _) = load_bytes(&whole[..end], &one(), LIMITS).expect_err("cut short");
        assert!(matches!(error, Error::Refused(_)), "at {end}: {error}");
    }
}

#[test]
fn a_module_with_any_byte_changed_does_no_harm() {
    let whole = wat::parse_str(module("", true, HANDLER)).unwrap();
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= change;
            let _ = load_bytes(&changed, &one(), LIMITS);
        }
    }
}

#[test]
fn code_that_does_not_validate_is_refused_with_its_place() {
    let text = module("", true, "(func $handler (param i32 i32) (result i32) (i64.const 1))");
    let (error, report) = load_text(&text, &one(), LIMITS).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::Invalid));
    assert!(report[0].contains("type mismatch") && report[0].contains("offset"), "{report:?}");
}

#[test]
fn more_locals_than_a_call_may_clear_are_refused() {
    let text = module("", true, &format!("{HANDLER} (func (local{}))", " i64".repeat(1001)));
    assert_eq!(complaint(&text), "function 3 of its code has 1001 locals and may have 1000");
    let text = module("", true, &format!("{HANDLER} (func (local{}))", " i64".repeat(1000)));
    assert!(load_text(&text, &one(), LIMITS).is_ok());
}

#[test]
fn an_import_that_was_not_given_is_named_with_the_nearest_that_was() {
    let import = r#"(import "spindle" "console.write_lin" (func (param i32)))"#;
    assert_eq!(
        complaint(&module(import, true, HANDLER)),
        "imports `console.write_lin`, which it was not given; nearest is `console.write_line`"
    );
    let import = r#"(import "spindle" "quite.another" (func (param i32)))"#;
    assert_eq!(complaint(&module(import, true, HANDLER)), "imports `quite.another`, which it was not given");
}

#[test]
fn an_import_of_another_module_is_refused() {
    let import = r#"(import "env" "abort" (func))"#;
    assert_eq!(
        complaint(&module(import, true, HANDLER)),
        "imports `abort` of `env`: what can be imported is of module `spindle`"
    );
}

#[test]
fn an_import_of_the_wrong_type_is_refused() {
    let import = r#"(import "spindle" "console.write_line" (func (param i32 i32) (result i64)))"#;
    assert_eq!(
        complaint(&module(import, true, HANDLER)),
        "imports `console.write_line` as (i32, i32) -> (i64): every procedure is (i32) -> ()"
    );
    let import = r#"(import "spindle" "console.write_line" (global i32))"#;
    assert_eq!(
        complaint(&module(import, true, HANDLER)),
        "imports `console.write_line`, a procedure, as something else"
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let report = unfit(
        r#"(module
            (import "spindle" "shapes.nte" (func (param i32)))
            (import "wasi" "exit" (func (param i32)))
            (global (export "spindle_window") (mut i32) (i32.const 0))
            (func (export "memory")))"#,
    );
    assert_eq!(
        report,
        [
            "imports `shapes.nte`, which it was not given; nearest is `shapes.note`",
            "imports `exit` of `wasi`: what can be imported is of module `spindle`",
            "exports `memory`, but not as a memory",
            "does not export `__indirect_function_table`, a table of functions",
            "does not export `spindle_extension`, an immutable global of type i32",
            "exports `spindle_window`, but not as an immutable global of type i32",
        ]
    );
}

#[test]
fn names_out_of_a_module_cannot_break_the_report() {
    let import = r#"(import "spindle" "a\n\1b[2J" (func (param i32)))"#;
    assert_eq!(complaint(&module(import, true, HANDLER)), r"imports `a\n\u{1b}[2J`, which it was not given");
}

#[test]
fn a_name_that_the_engine_repeats_cannot_break_the_report_either() {
    let twice = r#"(module (func) (export "a\n\1b[2J" (func 0)) (export "a\n\1b[2J" (func 0)))"#;
    let module = wat::parse_str(twice).unwrap();
    let (error, report) = load_bytes(&module, &one(), LIMITS).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::Invalid));
    assert!(report[0].contains("duplicate export name"), "{report:?}");
    assert!(!report[0].contains(char::is_control), "{report:?}");
}

#[test]
fn a_thousand_imports_are_refused_in_few_lines() {
    let import = "(import \"spindle\" \"nothing\" (func (param i32)))";
    let module = wat::parse_str(format!("(module {})", import.repeat(1_000))).unwrap();
    let (error, report) = load_bytes(&module, &one(), LIMITS).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::Unfit { problems: 1_004 }));
    assert_eq!(report.len(), 65);
    assert_eq!(report.last().unwrap(), "and more");
}

#[test]
fn too_much_memory_is_refused_with_both_numbers() {
    let limits = Limits { memory_bytes: 1 << 16, ..LIMITS };
    let (error, _) = load_text(&module("", true, HANDLER), &one(), limits).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::Memory { wanted_bytes: 2 << 16, limit_bytes: 1 << 16 }));
    assert_eq!(
        error.to_string(),
        "the module wants 131072 bytes of memory from the start and may have 65536"
    );
    let huge = module("", true, HANDLER).replace("\"memory\") 2", "\"memory\") 65536");
    let (error, _) = load_text(&huge, &one(), LIMITS).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::Memory { wanted_bytes: 1 << 32, limit_bytes: 2 << 16 }));
}

#[test]
fn too_large_a_table_is_refused_with_both_numbers() {
    let limits = Limits { table_elements: 3, ..LIMITS };
    let (error, _) = load_text(&module("", true, HANDLER), &one(), limits).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::Table { wanted: 4, limit: 3 }));
    assert_eq!(error.to_string(), "the module wants a table of 4 entries and may have 3");
}

#[test]
fn a_second_table_is_refused() {
    let report = unfit(&module("", true, &format!("{HANDLER} (table 1 funcref)")));
    assert_eq!(report, ["it cannot be instantiated: tried to instantiate too many tables"]);
}

#[test]
fn a_second_memory_is_refused() {
    let text = module("", true, &format!("{HANDLER} (memory 1)"));
    let (error, report) = load_text(&text, &one(), LIMITS).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::Invalid), "{report:?}");
}

#[test]
fn segments_that_do_not_fit_are_refused() {
    let data = format!("{HANDLER} (data (i32.const 0x1ffff) \"two\")");
    assert!(complaint(&module("", true, &data)).starts_with("it cannot be instantiated: "));
    let elements = format!("{HANDLER} (elem (i32.const 3) $stop $stop)");
    assert!(complaint(&module("", true, &elements)).starts_with("it cannot be instantiated: "));
}

/// The module of the tests with something replaced.
fn altered(from: &str, to: &str) -> String {
    let text = module("", true, HANDLER);
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn a_descriptor_outside_the_memory_is_refused() {
    let text = altered(
        "\"spindle_extension\") i32 (i32.const 16)",
        "\"spindle_extension\") i32 (i32.const 0x1fff0)",
    );
    assert_eq!(complaint(&text), "its descriptor at 0x1fff0 is not in its memory of 131072 bytes");
    let text =
        altered("\"spindle_extension\") i32 (i32.const 16)", "\"spindle_extension\") i32 (i32.const -1)");
    assert_eq!(complaint(&text), "its descriptor at 0xffffffff is not in its memory of 131072 bytes");
}

#[test]
fn a_descriptor_of_another_version_is_refused() {
    let text = altered("\"\\01\\00\\00\\00\\01", "\"\\02\\00\\00\\00\\01");
    assert_eq!(complaint(&text), "its descriptor is of version 2, and this kernel takes version 1");
}

#[test]
fn a_handler_that_is_missing_is_refused() {
    let text = module("", false, "");
    assert_eq!(complaint(&text), "its descriptor has 0 handlers and its manifest 1");
    let text = altered("\\24\\00\\00\\00", "\\ff\\ff\\01\\00");
    assert_eq!(complaint(&text), "the indices of its handlers at 0x1ffff are not in its memory");
    let text = altered("\\02\\00\\00\\00\")", "\\03\\00\\00\\00\")");
    assert_eq!(complaint(&text), "handler 0 is entry 3 of its table, which is empty");
    let text = altered("\\02\\00\\00\\00\")", "\\04\\00\\00\\00\")");
    assert_eq!(complaint(&text), "handler 0 is entry 4 of its table, which has 4");
}

#[test]
fn functions_of_the_wrong_type_are_refused_together() {
    let text = altered("$start $stop $handler", "$stop $handler $start");
    assert_eq!(
        unfit(&text),
        [
            "`start` is a function (i32) -> (), and must be (i32) -> (i32)",
            "`stop` is a function (i32, i32) -> (), and must be (i32) -> ()",
            "handler 0 is a function (i32) -> (i32), and must be (i32, i32) -> ()",
        ]
    );
}

#[test]
fn a_window_that_does_not_fit_is_refused() {
    let at = |address: &str| {
        altered(
            "\"spindle_window\") i32 (i32.const 0x10000)",
            &format!("\"spindle_window\") i32 (i32.const {address})"),
        )
    };
    assert_eq!(complaint(&at("0x8")), "`spindle_window` is 0x8, which is no multiple of 16");
    assert_eq!(
        complaint(&at("0x10010")),
        "`spindle_window` is 0x10010: 65536 bytes from there are not in its memory of 131072 bytes"
    );
    assert_eq!(
        complaint(&at("-16")),
        "`spindle_window` is 0xfffffff0: 65536 bytes from there are not in its memory of 131072 bytes"
    );
}

#[test]
fn a_start_function_that_traps_is_its_fault() {
    let text = module("", true, &format!("{HANDLER} (func $init (unreachable)) (start $init)"));
    let (error, _) = load_text(&text, &one(), LIMITS).unwrap_err();
    assert_eq!(error, Error::Fault(Fault::Trap(Trap::Unreachable)));
}

#[test]
fn a_start_function_that_never_ends_runs_out_of_fuel() {
    let text = module("", true, &format!("{HANDLER} (func $init (loop $ever (br $ever))) (start $init)"));
    let (error, _) = load_text(&text, &one(), LIMITS).unwrap_err();
    assert_eq!(error, Error::Fault(Fault::OutOfFuel));
}

#[test]
fn a_start_function_may_call_imports() {
    let import = r#"(import "spindle" "shapes.note" (func $note (param i32)))"#;
    let text =
        module(import, true, &format!("{HANDLER} (func $init (call $note (i32.const 20))) (start $init)"));
    load_text(&text, &one(), LIMITS).unwrap();
    // 20: the descriptor's number of handlers, then entry 0.
    assert_eq!(crate::support::notes(), ["1"]);
}
