//! The scan of one source: every token, in macro input and attributes too.
//!
//! The lexer is `proc_macro2`'s, which reads what the compiler's reads; what it cannot read is refused.

use std::path::Path;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::{Refusals, Rule, include};

/// Words that place assembly. As words, not only as calls: a macro can be called by another name.
const ASSEMBLY: [&str; 3] = ["asm", "global_asm", "naked_asm"];
/// Words that only speak to the linker or replace a part of the language.
const LINKER: [&str; 8] = [
    "no_mangle",
    "export_name",
    "link_section",
    "link_name",
    "link_ordinal",
    "global_allocator",
    "alloc_error_handler",
    "panic_handler",
];
/// Crates of the compiler's that may be named by `extern crate`.
const LIBRARY: [&str; 4] = ["core", "alloc", "std", "proc_macro"];
/// Macros that read files.
const INCLUDE: [&str; 3] = ["include", "include_str", "include_bytes"];

/// Scans one file of the extension in `folder`.
pub(super) fn scan_file(folder: &Path, file: &Path, refusals: &mut Refusals) {
    let refuse = |refusals: &mut Refusals, line, what| refusals.add(Rule::Unreadable, file, line, what);
    let text = match std::fs::read(file).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => return refuse(refusals, 1, "not UTF-8".into()),
        Err(error) => return refuse(refusals, 1, error.to_string()),
    };
    if let Some(what) = passed_over(&text) {
        return refuse(refusals, 1, what);
    }
    match text.parse::<TokenStream>() {
        Ok(tokens) => Scan { folder, file, refusals }.tokens(tokens),
        Err(error) => refuse(refusals, error.span().start().line, "not Rust".into()),
    }
}

/// What this lexer reads and the compiler's does not: a first line for a Unix shell, in which a comment could begin that
/// hides from one what the other compiles.
fn passed_over(text: &str) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_shebang = text.starts_with("#!") && !text.starts_with("#![");
    is_shebang.then(|| "a first line `#!`, which the compiler passes over".to_owned())
}

struct Scan<'a> {
    folder: &'a Path,
    file: &'a Path,
    refusals: &'a mut Refusals,
}

impl Scan<'_> {
    fn refuse(&mut self, rule: Rule, ident: &Ident, what: String) {
        self.refusals.add(rule, self.file, ident.span().start().line, what);
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let rest = &tokens[index + 1..];
            match token {
                TokenTree::Ident(ident) => self.word(ident, rest),
                TokenTree::Punct(punct) if punct.as_char() == '#' => self.attribute(rest),
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
        }
    }

    fn word(&mut self, ident: &Ident, rest: &[TokenTree]) {
        let word = ident.to_string();
        match word.trim_start_matches("r#") {
            "unsafe" => self.refuse(Rule::Unsafe, ident, "the word `unsafe`".into()),
            "extern" => self.external(ident, rest),
            word if ASSEMBLY.contains(&word) => {
                self.refuse(Rule::Assembly, ident, format!("the word `{word}`"))
            }
            word if LINKER.contains(&word) => {
                self.refuse(Rule::LinkerAttribute, ident, format!("the word `{word}`"));
            }
            word if INCLUDE.contains(&word) => self.include(word, ident, rest),
            _ => {}
        }
    }

    /// What follows `extern`: a procedure with a calling convention, or a crate of the compiler's by its own name.
    fn external(&mut self, ident: &Ident, rest: &[TokenTree]) {
        let is_word =
            |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(ident) if ident == word);
        match rest {
            [krate, TokenTree::Ident(name), TokenTree::Punct(end), ..]
                if is_word(krate, "crate")
                    && end.as_char() == ';'
                    && LIBRARY.iter().any(|known| name == known) => {}
            [krate, ..] if is_word(krate, "crate") => {
                self.refuse(Rule::ExternCrate, ident, "a crate by a name of this crate's choice".into());
            }
            [TokenTree::Literal(_), word, ..] | [word, ..] if is_word(word, "fn") => {}
            _ => self.refuse(Rule::ForeignBlock, ident, "a block of foreign declarations".into()),
        }
    }

    fn include(&mut self, word: &str, ident: &Ident, rest: &[TokenTree]) {
        let arguments = match rest {
            [TokenTree::Punct(bang), TokenTree::Group(group), ..] if bang.as_char() == '!' => {
                Some(group.stream())
            }
            _ => None,
        };
        match arguments.map(include::argument) {
            None => self.refuse(Rule::Include, ident, format!("`{word}` without its arguments")),
            Some(None) => {
                self.refuse(Rule::Include, ident, format!("`{word}!` of something but one plain string"))
            }
            Some(Some(path)) if !include::stays_inside(self.folder, self.file, &path) => {
                self.refuse(Rule::Include, ident, format!("`{word}!` of `{path}`, which leads outside"));
            }
            Some(Some(_)) => {}
        }
    }

    /// What follows `#`: `[...]` or `![...]`. The words inside are looked at as any others, besides.
    fn attribute(&mut self, rest: &[TokenTree]) {
        let group = match rest {
            [TokenTree::Group(group), ..] => group,
            [TokenTree::Punct(bang), TokenTree::Group(group), ..] if bang.as_char() == '!' => group,
            _ => return,
        };
        if group.delimiter() == Delimiter::Bracket {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            self.meta(&tokens);
        }
    }

    fn meta(&mut self, tokens: &[TokenTree]) {
        let Some((TokenTree::Ident(name), rest)) = tokens.split_first() else { return };
        match (name.to_string().trim_start_matches("r#"), rest) {
            ("cfg_attr", [TokenTree::Group(arguments), ..]) => self.conditional(arguments),
            ("feature", [TokenTree::Group(features), ..]) => {
                self.refuse(Rule::Feature, name, format!("`feature({})`", features.stream()));
            }
            ("link", [TokenTree::Group(_), ..]) => {
                self.refuse(Rule::LinkerAttribute, name, "the attribute `link`".into());
            }
            ("path", [TokenTree::Punct(_), value, ..]) => self.path(name, value),
            _ => {}
        }
    }

    /// `cfg_attr(condition, attribute, ...)`
    fn conditional(&mut self, arguments: &Group) {
        let arguments: Vec<TokenTree> = arguments.stream().into_iter().collect();
        let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',');
        for attribute in arguments.split(is_comma).skip(1) {
            self.meta(attribute);
        }
    }

    fn path(&mut self, name: &Ident, value: &TokenTree) {
        let path = match value {
            TokenTree::Literal(literal) => include::text(literal),
            _ => None,
        };
        match path {
            Some(path) if include::stays_inside(self.folder, self.file, &path) => {}
            Some(path) => {
                self.refuse(Rule::Path, name, format!("`#[path]` to `{path}`, which leads outside"))
            }
            None => self.refuse(Rule::Path, name, "`#[path]` to something but one plain string".into()),
        }
    }
}
