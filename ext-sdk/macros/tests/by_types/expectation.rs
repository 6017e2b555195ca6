//! What a file expects of the compiler, and what the compiler found.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// The `//~ text` comments of a file, several on one line joined by `&&`: line and text.
pub(crate) struct Expectation(Vec<(u64, String)>);

/// One error: the line of its primary span, and all that it says.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    line: u64,
    text: String,
}

impl Expectation {
    pub(crate) fn read(path: &Path) -> Self {
        let source = fs::read_to_string(path).expect("the file can be read");
        let mut expected = Vec::new();
        for (line, text) in (1..).zip(source.lines()) {
            let Some((_, texts)) = text.split_once("//~ ") else { continue };
            expected.extend(texts.split(" && ").map(|text| (line, text.to_owned())));
        }
        assert!(!expected.is_empty(), "{} expects an error", path.display());
        Self(expected)
    }

    /// What is missing, and what should not be there.
    pub(crate) fn compare(self, file: &str, mut found: Vec<Found>) -> Vec<String> {
        // The compiler finds some errors twice, and its own output shows them once.
        found.sort();
        found.dedup();
        let mut differences = Vec::new();
        for (line, text) in self.0 {
            match found.iter().position(|error| error.line == line && error.text.contains(&text)) {
                Some(at) => drop(found.swap_remove(at)),
                None => differences.push(format!("{file}:{line}: no error here says {text:?}")),
            }
        }
        differences
            .extend(found.iter().map(|error| format!("{file}:{}: not expected: {}", error.line, error.text)));
        differences
    }
}

impl Found {
    /// The program that a message of cargo is about, and the error in it, if it is one with a place.
    pub(crate) fn read(message: &Value) -> Option<(String, Self)> {
        let error = message.get("message").filter(|error| error["level"] == "error")?;
        let spans = error["spans"].as_array()?;
        let place = spans.iter().find(|span| span["is_primary"] == true)?;
        let found = Self { line: place["line_start"].as_u64()?, text: everything_said(error, spans) };
        Some((message["target"]["name"].as_str()?.to_owned(), found))
    }
}

/// Message, labels and notes.
fn everything_said(error: &Value, spans: &[Value]) -> String {
    let notes = error["children"].as_array().into_iter().flatten().map(|note| &note["message"]);
    let labels = spans.iter().map(|span| &span["label"]);
    let texts = [&error["message"]].into_iter().chain(labels).chain(notes).filter_map(Value::as_str);
    texts.collect::<Vec<_>>().join("\n    ")
}
