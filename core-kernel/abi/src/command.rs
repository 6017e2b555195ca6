//! How a console line is divided: one function, used by the kernel's console and by testkit.

/// Divides a console line into its first word and what follows.
///
/// White space around the line and between the two parts is dropped; inside the arguments it is kept. An empty
/// line gives two empty strings.
///
/// ```
/// assert_eq!(spindle_abi::split_command("  hello  ada  lovelace "), ("hello", "ada  lovelace"));
/// ```
pub fn split_command(line: &str) -> (&str, &str) {
    let line = line.trim();
    match line.split_once(char::is_whitespace) {
        Some((word, arguments)) => (word, arguments.trim_start()),
        None => (line, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::split_command;

    #[test]
    fn a_word_alone_has_no_arguments() {
        assert_eq!(split_command("ticker\r\n"), ("ticker", ""));
    }

    #[test]
    fn an_empty_line_is_two_empty_strings() {
        assert_eq!(split_command(" \t "), ("", ""));
    }
}
