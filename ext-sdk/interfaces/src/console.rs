//! The console: the human's line in, and lines out.

use spindle_abi::Status;

spindle_macros::interface! {
    console {
        /// Writes one line to the console.
        ///
        /// A line break is added. `line` may hold line breaks itself; control characters are the
        /// caller's own business. Does not block on the reader; the cost is that of the serial line.
        fn write_line(line: &str);

        /// Raised for every line of the console, until somebody answers.
        ///
        /// `word` is the line's first word, `arguments` the rest of it without white space around it (empty if there is
        /// none). A handler prints what it has to say and answers [`Status::OK`], or prints why it could not (or a usage
        /// line) and answers [`Status::FAILED`]; with [`Status::UNHANDLED`] it passes the line on.
        ///
        /// The kernel's own commands come last. A handler that is `first` sees every line before them, and can veto it; any
        /// other one is bound to a `word` of its own. If nobody answers, the kernel says that the command is unknown.
        #[chained]
        event Command(#[key] word: &str, arguments: &str) -> Status;
    }
}
