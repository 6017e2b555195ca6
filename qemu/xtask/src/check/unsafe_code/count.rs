//! Counts code lines and unsafe ones among them, by tokens.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::ops::AddAssign;

use proc_macro2::{Delimiter, LexError, Span, TokenStream, TokenTree};

/// Lines of code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) lines: usize,
    pub(super) unsafe_lines: usize,
}

impl Count {
    /// The part that is unsafe, in per cent.
    pub(super) fn percent(self) -> f64 {
        if self.lines == 0 { 0.0 } else { 100.0 * self.unsafe_lines as f64 / self.lines as f64 }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.unsafe_lines += other.unsafe_lines;
    }
}

/// Counts one file.
pub(super) fn count(source: &str) -> Result<Count, LexError> {
    let mut seen = Lines::default();
    seen.walk(source.parse()?, false);
    Ok(Count { lines: seen.code.len(), unsafe_lines: seen.unsafe_code.len() })
}

#[derive(Default)]
struct Lines {
    code: BTreeSet<usize>,
    unsafe_code: BTreeSet<usize>,
}

impl Lines {
    fn walk(&mut self, tokens: TokenStream, inside: bool) {
        let mut tokens = tokens.into_iter().peekable();
        let mut quotes = false;
        while let Some(token) = tokens.next() {
            if skip_doc_comment(&token, &mut tokens) {
                continue;
            }
            match &token {
                TokenTree::Group(group) => {
                    self.mark(group.span_open(), inside);
                    let quoted = std::mem::take(&mut quotes);
                    self.walk(if quoted { TokenStream::new() } else { group.stream() }, inside);
                    self.mark(group.span_close(), inside);
                }
                TokenTree::Ident(word) if word == "unsafe" => {
                    self.mark(word.span(), true);
                    if let Some(TokenTree::Group(block)) = tokens.next_if(is_block) {
                        self.walk(block.stream(), true);
                        self.mark(block.span_close(), true);
                    }
                }
                TokenTree::Punct(mark) if mark.as_char() == '!' && quotes => self.mark(mark.span(), inside),
                other => {
                    self.mark(other.span(), inside);
                    quotes = is_quoting_macro(other);
                }
            }
        }
    }

    fn mark(&mut self, span: Span, is_unsafe: bool) {
        let lines = span.start().line..=span.end().line;
        self.code.extend(lines.clone());
        if is_unsafe {
            self.unsafe_code.extend(lines);
        }
    }
}

fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn is_quoting_macro(token: &TokenTree) -> bool {
    ["quote", "quote_spanned", "parse_quote"].iter().any(|name| token.to_string() == *name)
}

/// The lexer turns a documentation comment into `#[doc = "..."]` or `#![doc = "..."]`: takes such an attribute whole.
fn skip_doc_comment(token: &TokenTree, rest: &mut Peekable<impl Iterator<Item = TokenTree>>) -> bool {
    if !is_mark(token, '#') {
        return false;
    }
    // The mark of an inner attribute is on the attribute's own line, so that losing it loses no line.
    let _ = rest.next_if(|token| is_mark(token, '!'));
    rest.next_if(|token| matches!(token, TokenTree::Group(group) if opens_with_doc(group.stream()))).is_some()
}

fn is_mark(token: &TokenTree, expected: char) -> bool {
    matches!(token, TokenTree::Punct(mark) if mark.as_char() == expected)
}

fn opens_with_doc(attribute: TokenStream) -> bool {
    matches!(attribute.into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc")
}

#[cfg(test)]
mod tests {
    use super::{Count, count};

    fn counted(source: &str) -> (usize, usize) {
        let Count { lines, unsafe_lines } = count(source).unwrap();
        (lines, unsafe_lines)
    }

    #[test]
    fn comments_and_blank_lines_are_no_code() {
        assert_eq!(
            counted("//! Head with unsafe.\n\n/// Says unsafe.\nfn f() {}\n// unsafe\n/* unsafe\n */\n"),
            (1, 0)
        );
    }

    #[test]
    fn a_block_counts_with_all_its_lines() {
        assert_eq!(counted("fn f() {\n    let x = 1;\n    unsafe {\n        g(x)\n    }\n}\n"), (6, 3));
        assert_eq!(counted("fn f() {\n    // SAFETY: why.\n    unsafe { g() }\n}\n"), (3, 1));
    }

    #[test]
    fn a_declaration_counts_with_its_first_line() {
        assert_eq!(counted("unsafe fn f() {\n    g();\n}\n"), (3, 1));
        assert_eq!(counted("unsafe impl Send for X {}\n#[unsafe(no_mangle)]\nfn f() {}\n"), (3, 2));
        assert_eq!(counted("unsafe extern \"C\" {\n    fn f();\n}\n"), (3, 1));
    }

    #[test]
    fn words_that_only_contain_it_and_lint_names_do_not_count() {
        assert_eq!(counted("#![forbid(unsafe_code)]\nfn f() { let not_unsafe = \"unsafe\"; }\n"), (2, 0));
    }

    #[test]
    fn what_a_macro_quotes_is_not_this_crate_s() {
        assert_eq!(counted("fn f() -> T {\n    quote! {\n        unsafe { g() }\n    }\n}\n").1, 0);
        assert_eq!(counted("fn f() { vec![unsafe { g() }]; }\n").1, 1);
    }
}
