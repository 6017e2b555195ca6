//! Where a path in a source leads: inside the folder, or out of it.

use std::path::{Component, Path, PathBuf};

use proc_macro2::{Literal, TokenStream, TokenTree};

/// The text of a plain string literal; `None` for any other literal, and for escapes.
pub(super) fn text(literal: &Literal) -> Option<String> {
    let literal = literal.to_string();
    let text = match literal.strip_prefix('r') {
        Some(raw) => raw.trim_matches('#').strip_prefix('"')?.strip_suffix('"')?,
        None => literal.strip_prefix('"')?.strip_suffix('"').filter(|text| !text.contains('\\'))?,
    };
    Some(text.to_owned())
}

/// The text of arguments that are one plain string literal (a comma may follow).
pub(super) fn argument(arguments: TokenStream) -> Option<String> {
    let mut arguments = arguments.into_iter();
    let Some(TokenTree::Literal(literal)) = arguments.next() else { return None };
    match (arguments.next(), arguments.next()) {
        (None, _) => text(&literal),
        (Some(TokenTree::Punct(comma)), None) if comma.as_char() == ',' => text(&literal),
        _ => None,
    }
}

/// Whether `path`, written in `file`, stays inside `folder`. Decided by the text alone: links are refused elsewhere.
pub(super) fn stays_inside(folder: &Path, file: &Path, path: &str) -> bool {
    let path = Path::new(path);
    let start = file.parent().unwrap_or(folder);
    path.is_relative() && normal(&start.join(path)).starts_with(folder)
}

fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(normal.pop()),
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{argument, stays_inside};

    #[test]
    fn only_a_plain_literal_names_a_file() {
        let argument = |source: &str| argument(source.parse().unwrap());
        assert_eq!(argument("\"a.rs\""), Some("a.rs".to_owned()));
        assert_eq!(argument("r#\"a.rs\"#,"), Some("a.rs".to_owned()));
        assert_eq!(argument("concat!(\"a\", \".rs\")"), None);
        assert_eq!(argument("\"\\x2e./a.rs\""), None);
        assert_eq!(argument("\"a.rs\" \"b.rs\""), None);
        assert_eq!(argument("b\"a.rs\""), None);
        assert_eq!(argument(""), None);
    }

    #[test]
    fn a_path_may_not_climb_out() {
        let inside = |path| stays_inside(Path::new("/e/x"), Path::new("/e/x/src/lib.rs"), path);
        assert!(inside("data.txt") && inside("../README.md") && inside("a/../../b"));
        assert!(!inside("../../y/src/lib.rs") && !inside("/e/x/src/lib.rs") && !inside("../../xy/a"));
    }
}
