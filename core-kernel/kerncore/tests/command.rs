//! Commands as data: parsing, usage lines, completion, and what a mistyped line is taken for.

use spindle_abi::split_command;
use spindle_kerncore::command::{
    Arguments, Arity, Found, Grammar, MAX_ARGUMENTS, Opt, Parameter, UsageError, complete, find, nearest,
};

fn names(_before: &str, found: &mut dyn FnMut(&str)) {
    ["hello", "ticker"].into_iter().for_each(found);
}

fn commands(before: &str, found: &mut dyn FnMut(&str)) {
    complete(COMMANDS.iter().map(AsRef::as_ref), before, found);
}

struct Command(Grammar);

impl AsRef<Grammar> for Command {
    fn as_ref(&self) -> &Grammar {
        &self.0
    }
}

const fn command(
    name: &'static [&'static str],
    parameters: &'static [Parameter],
    options: &'static [Opt],
) -> Command {
    Command(Grammar { name, parameters, options, summary: "" })
}

static COMMANDS: &[Command] = &[
    command(&["help"], &[Parameter { name: "COMMAND", arity: Arity::Rest, words: commands }], &[]),
    command(&["ext", "load"], &[Parameter::required("NAME", names)], &[]),
    command(&["ext", "list"], &[], &[Opt::JSON]),
    command(&["mem"], &[], &[Opt::JSON]),
    command(&["mem", "map"], &[], &[]),
    command(
        &["bench"],
        &[Parameter::optional("FILTER", |_, _| {})],
        &[Opt { name: "--samples", value: Some("N") }, Opt::JSON],
    ),
];

/// The title and the rest of the line that is found.
fn found(line: &str) -> Option<(String, &str)> {
    let (word, arguments) = split_command(line);
    match find(COMMANDS, word, arguments) {
        Found::Command(Command(grammar)) => {
            Some((grammar.title().to_string(), grammar.rest(word, arguments)?.trim()))
        }
        _ => None,
    }
}

fn parse(line: &'static str) -> Result<Arguments<'static>, UsageError<'static>> {
    let (word, arguments) = split_command(line);
    match find(COMMANDS, word, arguments) {
        Found::Command(Command(grammar)) => {
            grammar.parse(grammar.rest(word, arguments).expect("it begins so"))
        }
        other => panic!("{line} names no command: {}", matches!(other, Found::Incomplete)),
    }
}

fn seek(line: &str) -> Found<'static, Command> {
    let (word, arguments) = split_command(line);
    find(COMMANDS, word, arguments)
}

fn completed(before: &str) -> Vec<String> {
    let mut words = Vec::new();
    commands(before, &mut |word| words.push(word.to_owned()));
    words.sort();
    words.dedup();
    words
}

#[test]
fn the_longest_name_that_the_line_begins_with_is_found() {
    assert_eq!(found("mem --json"), Some(("mem".into(), "--json")));
    assert_eq!(found(" mem   map  x y"), Some(("mem map".into(), "x y")));
    assert_eq!(found("ext\tload hello"), Some(("ext load".into(), "hello")));
    assert_eq!(found("memory"), None);
    assert_eq!(found(""), None);
}

#[test]
fn a_known_first_word_is_told_from_an_unknown_one() {
    for incomplete in ["ext", "ext lod hello", "ext  "] {
        assert!(matches!(seek(incomplete), Found::Incomplete), "{incomplete}");
    }
    for unknown in ["hello ada", "extload", "", "   "] {
        assert!(matches!(seek(unknown), Found::Unknown), "{unknown}");
    }
}

#[test]
fn arguments_and_options_stand_in_any_order() {
    for line in
        ["bench P4 --samples 100 --json", "bench --json --samples 100 P4", "bench --samples 100 P4 --json"]
    {
        let arguments = parse(line).expect("the line fits");
        assert_eq!(arguments.word(0), Some("P4"), "{line}");
        assert_eq!(arguments.value("--samples"), Some("100"), "{line}");
        assert!(arguments.json(), "{line}");
    }
    let arguments = parse("bench").expect("all of it is optional");
    assert_eq!((arguments.word(0), arguments.value("--samples"), arguments.json()), (None, None, false));
}

#[test]
fn what_does_not_fit_is_named() {
    let refused = |line| parse(line).expect_err("the line does not fit");
    assert_eq!(refused("ext load"), UsageError::Missing("NAME"));
    assert_eq!(refused("ext load hello ada"), UsageError::Unexpected("ada"));
    assert_eq!(refused("ext list all"), UsageError::Unexpected("all"));
    assert_eq!(refused("ext list --jsn"), UsageError::UnknownOption("--jsn"));
    assert_eq!(refused("mem --json --json"), UsageError::Repeated("--json"));
    assert_eq!(refused("bench --samples"), UsageError::MissingValue("--samples"));
    assert_eq!(UsageError::Missing("NAME").to_string(), "NAME is missing");
}

#[test]
fn a_rest_parameter_takes_words_up_to_the_bound() {
    assert_eq!(parse("help ext load").expect("fits").words(), ["ext", "load"]);
    assert_eq!(parse("help 1 2 3 4 5 6 7 8").expect("fits").words().len(), MAX_ARGUMENTS);
    assert_eq!(parse("help 1 2 3 4 5 6 7 8 9").expect_err("too many"), UsageError::Unexpected("9"));
}

#[test]
fn usage_lines_show_everything_that_a_command_takes() {
    let usage: Vec<String> = COMMANDS.iter().map(|command| command.0.to_string()).collect();
    let expected = [
        "help [COMMAND...]",
        "ext load NAME",
        "ext list [--json]",
        "mem [--json]",
        "mem map",
        "bench [FILTER] [--samples N] [--json]",
    ];
    assert_eq!(usage, expected);
}

#[test]
fn completion_follows_names_parameters_and_options() {
    assert_eq!(completed(""), ["bench", "ext", "help", "mem"]);
    assert_eq!(completed("ext "), ["list", "load"]);
    assert_eq!(completed("ext load h"), ["hello", "ticker"], "the editor leaves out what does not begin so");
    assert_eq!(completed("ext load hello "), [""; 0]);
    assert_eq!(completed("ext list -"), ["--json"]);
    assert_eq!(completed("bench --samples "), [""; 0], "a value is not a parameter");
    assert_eq!(completed("bench --samples 5 -"), ["--json", "--samples"]);
    assert_eq!(completed("help ext "), ["list", "load"]);
    assert_eq!(completed("mem "), ["map"]);
    assert_eq!(completed("hello "), [""; 0]);
}

#[test]
fn a_mistyped_line_is_near_to_the_command_that_was_meant() {
    let meant = |line| nearest(COMMANDS, line).map(|command| command.0.title().to_string());
    assert_eq!(meant("hlep"), Some("help".into()));
    assert_eq!(meant("ext laod hello"), Some("ext load".into()));
    assert_eq!(meant("etx list --json"), Some("ext list".into()));
    assert_eq!(meant("benhc P4"), Some("bench".into()));
    assert_eq!(meant("quaternion product"), None);
    assert_eq!(meant(""), None);
}
