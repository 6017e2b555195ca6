//! What resolves, and what is said of what does not.

extern crate std;

use std::string::ToString;
use std::vec;
use std::vec::Vec;

use spindle_abi::{Declaration, Fingerprint};

use super::{Difference, Named, Unresolved, resolve};

const WRITE: Declaration = Declaration::new("console.write_line", "fn console.write_line(line: &str)");
const NOW: Declaration = Declaration::new("clock.now", "fn clock.now() -> u64");
const COMMAND: Declaration =
    Declaration::new("console.Command", "event console.Command(key word: &str) -> Status{code: u32}");

fn exports() -> Vec<Named<'static>> {
    [&WRITE, &NOW, &COMMAND].map(Named::from).to_vec()
}

fn wanted(name: &'static str, schema: &'static str) -> Named<'static> {
    Named::from(&Declaration::new(name, schema))
}

#[test]
fn every_import_finds_its_export() {
    assert_eq!(resolve([Named::from(&COMMAND), Named::from(&WRITE)], &exports()), Ok(vec![2, 0]));
    assert_eq!(resolve([], &exports()), Ok(vec![]));
}

#[test]
fn all_bad_imports_are_listed_in_order_and_the_good_are_not() {
    let misspelt = wanted("console.write_lime", "fn console.write_lime(line: &str)");
    let unknown = wanted("network.send", "fn network.send()");
    let bad = resolve([misspelt, Named::from(&NOW), unknown], &exports()).unwrap_err();
    let nearest = Some(Named::from(&WRITE));
    assert_eq!(
        bad,
        [
            Unresolved::Unknown { wanted: misspelt, nearest },
            Unresolved::Unknown { wanted: unknown, nearest: None }
        ]
    );
    assert!(bad[0].to_string().contains("the nearest is console.write_line"), "{}", bad[0]);
}

#[test]
fn a_line_about_an_import_is_short_whatever_its_schema() {
    let common = "\u{e9}".repeat(1000);
    let long = |end: &str| std::format!("fn console.write_line({common}){}", end.repeat(2000));
    let (wanted, offered) = (long("\u{20ac}"), long("x"));
    let named = |schema| Named { name: WRITE.name, fingerprint: Fingerprint([0; 16]), schema };
    let line = Unresolved::OtherSchema { wanted: named(&wanted), offered: named(&offered) }.to_string();
    assert!(line.len() < 512, "{} bytes: {line}", line.len());
    assert!(line.contains("after `...\u{e9}") && line.contains("\u{20ac}...`, the kernel `xx"), "{line}");
}

#[test]
fn another_signature_is_shown_as_a_difference() {
    let old = wanted("console.write_line", "fn console.write_line(line: &[u8])");
    let bad = resolve([old], &exports()).unwrap_err();
    assert_eq!(bad, [Unresolved::OtherSchema { wanted: old, offered: Named::from(&WRITE) }]);
    assert_eq!(
        bad[0].to_string(),
        "console.write_line: offered with another schema: after `fn console.write_line(line: &` \
         the extension has `[u8]`, the kernel `str`"
    );
}

#[test]
fn a_forged_fingerprint_is_told_although_the_texts_agree() {
    let forged = Named { fingerprint: NOW.fingerprint, ..Named::from(&WRITE) };
    let bad = resolve([forged], &exports()).unwrap_err();
    assert!(bad[0].to_string().contains(&NOW.fingerprint.to_string()));
}

#[test]
fn differences_do_not_cut_words() {
    let part = |a, b| Difference::between(a, b).map(|d| (d.before, d.wanted, d.offered));
    assert_eq!(part("f(a: u32)", "f(a: u64)"), Some(("f(a: ", "u32", "u64")));
    assert_eq!(part("f(a: u8)", "f(a: u8, b: u8)"), Some(("f(a: u8", "", ", b: u8")));
    assert_eq!(part("f() -> u8", "f()"), Some(("f()", " -> u8", "")));
    assert_eq!(part("aa", "aaa"), Some(("", "aa", "aaa")));
    assert_eq!(part("é", "è"), Some(("", "é", "è")));
    assert_eq!(part("f", "f"), None);
}
