//! Compares what was printed with what a page shows.

/// `...` inside a line: any text. Alone on a line: any lines, none too.
const ANYTHING: &str = "...";

/// Compares; says the first difference otherwise.
pub(super) fn compare(expected: &[String], printed: &[String]) -> Result<(), String> {
    if lines_match(expected, printed) {
        return Ok(());
    }
    let same = expected
        .iter()
        .zip(printed)
        .take_while(|(left, right)| *left != ANYTHING && line_matches(left, right));
    let place = same.count();
    let line =
        |lines: &[String]| lines.get(place).map_or("(nothing more)".to_owned(), |line| format!("`{line}`"));
    Err(format!("the page shows {}\nthe kernel printed {}", line(expected), line(printed)))
}

fn lines_match(expected: &[String], printed: &[String]) -> bool {
    match expected.split_first() {
        None => printed.is_empty(),
        Some((first, rest)) if first.trim() == ANYTHING => {
            (0..=printed.len()).any(|skipped| lines_match(rest, &printed[skipped..]))
        }
        Some((first, rest)) => printed
            .split_first()
            .is_some_and(|(line, more)| line_matches(first, line) && lines_match(rest, more)),
    }
}

fn line_matches(expected: &str, printed: &str) -> bool {
    let (expected, mut printed) = (expected.trim_end(), printed.trim_end());
    let mut pieces = expected.split(ANYTHING);
    let Some(mut rest) = pieces.next().and_then(|first| printed.strip_prefix(first)) else { return false };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some((_, after)) = rest.split_once(piece) else { return false };
        printed = after;
        rest = printed;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::compare;

    fn fits(expected: &[&str], printed: &[&str]) -> bool {
        let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        compare(&owned(expected), &owned(printed)).is_ok()
    }

    #[test]
    fn without_wildcards_every_line_counts() {
        assert!(fits(&["a", "b"], &["a", "b"]));
        assert!(fits(&["a"], &["a   "]));
        assert!(!fits(&["a"], &["a", "b"]));
        assert!(!fits(&["a", "b"], &["a"]));
        assert!(!fits(&[], &["a"]));
        assert!(!fits(&["a"], &["ab"]));
    }

    #[test]
    fn a_wildcard_in_a_line_is_any_text() {
        assert!(fits(&["loaded hello in ... us"], &["loaded hello in 812 us"]));
        assert!(fits(&["... to ... done"], &["1 to 2 to 3 done"]));
        assert!(fits(&["..."], &["anything"]));
        assert!(!fits(&["loaded hello in ... us"], &["loaded hello in 812 ms"]));
        assert!(!fits(&["P1 ... ns"], &["P2 1.0 ns"]));
    }

    #[test]
    fn a_wildcard_line_is_any_lines() {
        assert!(fits(&["a", "...", "z"], &["a", "b", "c", "z"]));
        assert!(fits(&["a", "...", "z"], &["a", "z"]));
        assert!(!fits(&["a", "...", "z"], &["a", "b"]));
    }

    #[test]
    fn the_end_of_a_line_is_not_matched_twice() {
        assert!(!fits(&["ab...ba"], &["aba"]));
    }

    #[test]
    fn the_difference_is_shown() {
        let owned = |text: &str| vec![text.to_owned()];
        let text = compare(&owned("hello"), &owned("bye")).unwrap_err();
        assert!(text.contains("shows `hello`") && text.contains("printed `bye`"));
    }
}
