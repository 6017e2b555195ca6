//! The report: what is wrong with a module, one line each.
//!
//! *Invariants*: `INV-WASM-5`: however long a module is, the report is short: at most [`MAX_LINES`] lines and one about the
//! rest, each of at most [`MAX_LINE_CHARACTERS`] characters, none of them a control character. Who keeps it need not
//! trust the module.

use core::fmt::{self, Write};

use wasmi::{FuncType, ValType};

/// The most lines that are passed on: whoever keeps them does so on memory that is not the module's.
pub(crate) const MAX_LINES: usize = 64;

/// Passes the first lines on, and counts all.
pub(crate) struct Report<'a> {
    line: &'a mut dyn FnMut(fmt::Arguments<'_>),
    count: usize,
}

impl<'a> Report<'a> {
    /// A report to `line`.
    pub(crate) fn new(line: &'a mut dyn FnMut(fmt::Arguments<'_>)) -> Self {
        Self { line, count: 0 }
    }

    /// Adds a line; what comes after the last that fits is only said to be there.
    pub(crate) fn add(&mut self, line: fmt::Arguments<'_>) {
        self.count += 1;
        match self.count {
            ..=MAX_LINES => (self.line)(format_args!("{}", Line(line))),
            count if count == MAX_LINES + 1 => (self.line)(format_args!("and more")),
            _ => {}
        }
    }

    /// How many lines there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }
}

/// The most characters of a line. Longest is an import of another module: two names, every character of them escaped.
const MAX_LINE_CHARACTERS: usize = 2_000;

/// A line that has words of a module or of the engine in it.
struct Line<'a>(fmt::Arguments<'a>);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An error is the end of what fits.
        let _ = Cut { f, left: MAX_LINE_CHARACTERS }.write_fmt(self.0);
        Ok(())
    }
}

/// Writes so many characters, with a blank for each control character.
struct Cut<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    left: usize,
}

impl Write for Cut<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for char in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.f.write_char(if char.is_control() { ' ' } else { char })?;
        }
        Ok(())
    }
}

/// The most characters of a name that a line shows.
const MAX_SHOWN: usize = 80;

/// A name out of a module: of any length, with any characters in it.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.char_indices().nth(MAX_SHOWN).map_or(self.0, |(end, _)| &self.0[..end]);
        f.write_char('`')?;
        write!(f, "{}", shown.escape_debug())?;
        f.write_str(if shown.len() < self.0.len() { "...`" } else { "`" })
    }
}

/// The type of a function as the text format writes it, for example `(i32, i32) -> (i32)`.
pub(crate) struct Signature<'a>(pub(crate) &'a FuncType);

impl fmt::Display for Signature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, self.0.params())?;
        f.write_str(" -> ")?;
        list(f, self.0.results())
    }
}

fn list(f: &mut fmt::Formatter<'_>, types: &[ValType]) -> fmt::Result {
    f.write_char('(')?;
    for (index, ty) in types.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(f, "{separator}{}", name(*ty))?;
    }
    f.write_char(')')
}

fn name(ty: ValType) -> &'static str {
    match ty {
        ValType::I32 => "i32",
        ValType::I64 => "i64",
        ValType::F32 => "f32",
        ValType::F64 => "f64",
        ValType::FuncRef => "funcref",
        ValType::ExternRef => "externref",
        _ => "v128",
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_LINE_CHARACTERS, MAX_LINES, Report, Shown, Signature};
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;
    use wasmi::{FuncType, ValType};

    #[test]
    fn lines_without_end_are_counted_and_not_kept() {
        let mut lines: Vec<String> = Vec::new();
        let mut line = |text: core::fmt::Arguments<'_>| lines.push(text.to_string());
        let mut report = Report::new(&mut line);
        (0..10 * MAX_LINES).for_each(|number| report.add(format_args!("{number}")));
        assert_eq!(report.count(), 10 * MAX_LINES);
        assert_eq!(lines.len(), MAX_LINES + 1);
        assert_eq!(lines[MAX_LINES - 1..], [(MAX_LINES - 1).to_string(), "and more".into()]);
    }

    #[test]
    fn a_line_is_short_and_stays_one_whatever_the_engine_repeats() {
        let mut lines: Vec<String> = Vec::new();
        let mut keep = |line: core::fmt::Arguments<'_>| lines.push(line.to_string());
        let name = "\x1b[2J\n".repeat(10_000);
        Report::new(&mut keep).add(format_args!("duplicate export name `{name}`"));
        assert!(lines[0].starts_with("duplicate export name ` [2J  [2J"));
        assert!(lines[0].len() <= MAX_LINE_CHARACTERS && !lines[0].contains(char::is_control));
    }

    #[test]
    fn a_name_stays_in_its_line() {
        assert_eq!(Shown("a\n\x1b[2J").to_string(), "`a\\n\\u{1b}[2J`");
        assert_eq!(Shown(&"x".repeat(500)).to_string(), alloc::format!("`{}...`", "x".repeat(80)));
    }

    #[test]
    fn a_signature_reads_as_in_the_text_format() {
        let ty = FuncType::new([ValType::I32, ValType::F64], [ValType::I64]);
        assert_eq!(Signature(&ty).to_string(), "(i32, f64) -> (i64)");
    }
}
