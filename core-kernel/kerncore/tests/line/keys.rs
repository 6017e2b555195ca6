//! Each key does what it says, and nothing else does anything.

use crate::terminal::{LINE_BYTES, Terminal};

const LEFT: &str = "\x1b[D";
const RIGHT: &str = "\x1b[C";

fn after(keys: &str) -> String {
    let mut terminal = Terminal::new();
    terminal.press(keys);
    assert_eq!(terminal.misunderstood(), 0, "the echo of {keys:?} is more than a VT100 knows");
    terminal.view()
}

#[test]
fn a_new_terminal_shows_the_prompt() {
    assert_eq!(after(""), "spindle> |");
}

#[test]
fn typing_shows_and_enters_a_line() {
    let mut terminal = Terminal::new();
    terminal.press("ext list");
    assert_eq!(terminal.view(), "spindle> ext list|");
    terminal.press("\r");
    assert_eq!(terminal.entered, ["ext list"]);
    assert_eq!(terminal.rows(), ["spindle> ext list", "spindle>"]);
}

#[test]
fn characters_are_inserted_anywhere() {
    assert_eq!(after(&format!("hllo{LEFT}{LEFT}{LEFT}e")), "spindle> he|llo");
    assert_eq!(after(&format!("hllo{LEFT}{LEFT}{LEFT}e{RIGHT}")), "spindle> hel|lo");
}

#[test]
fn home_and_end_in_every_dialect() {
    for home in ["\x01", "\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~"] {
        assert_eq!(after(&format!("abc{home}")), "spindle> |abc", "{home:?}");
        for end in ["\x05", "\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~"] {
            assert_eq!(after(&format!("abc{home}{end}")), "spindle> abc|", "{end:?}");
        }
    }
}

#[test]
fn arrows_in_both_modes() {
    assert_eq!(after("abc\x1bOD\x1bOD\x1bOC"), "spindle> ab|c");
    assert_eq!(after("abc\x02\x02\x06"), "spindle> ab|c");
}

#[test]
fn deleting_before_and_under_the_cursor() {
    assert_eq!(after("abc\x7f"), "spindle> ab|");
    assert_eq!(after("abc\x08"), "spindle> ab|");
    assert_eq!(after(&format!("abc{LEFT}\x7f")), "spindle> a|c");
    assert_eq!(after(&format!("abc{LEFT}\x1b[3~")), "spindle> ab|");
    assert_eq!(after("abc\x01\x04"), "spindle> |bc");
}

#[test]
fn killing_lines_and_words() {
    assert_eq!(after(&format!("abcd{LEFT}{LEFT}\x0b")), "spindle> ab|");
    assert_eq!(after(&format!("abcd{LEFT}{LEFT}\x15")), "spindle> |cd");
    assert_eq!(after("ext load  hello  \x17"), "spindle> ext load  |");
    assert_eq!(after("ext\x17\x17"), "spindle> |");
}

#[test]
fn nothing_to_do_rings_the_bell() {
    for keys in ["\x7f", "\x04", LEFT, RIGHT, "\x1b[A", "\x1b[B", "abc\x04", "\t"] {
        let mut terminal = Terminal::new();
        terminal.press(keys);
        assert_eq!(terminal.bells(), 1, "{keys:?}");
    }
}

#[test]
fn ctrl_c_gives_the_line_up() {
    let mut terminal = Terminal::new();
    terminal.press("abc\x03def\r");
    assert_eq!(terminal.cancelled, 1);
    assert_eq!(terminal.entered, ["def"]);
    assert_eq!(terminal.rows(), ["spindle> abc^C", "spindle> def", "spindle>"]);
}

#[test]
fn a_line_given_up_is_shown_to_its_end() {
    let mut terminal = Terminal::new();
    terminal.press("abc\x01\x03").press("x".repeat(50)).press("\x03");
    assert_eq!(terminal.rows(), ["spindle> abc^C", &format!("spindle> {}^C", "x".repeat(28)), "spindle>"]);
}

#[test]
fn ctrl_l_clears_the_screen_and_keeps_the_line() {
    let mut terminal = Terminal::new();
    terminal.press(format!("one\rtwo{LEFT}\x0c"));
    assert_eq!(terminal.rows(), ["spindle> two"]);
    assert_eq!(terminal.view(), "spindle> tw|o");
}

#[test]
fn unknown_escapes_are_swallowed_whole() {
    let unknown = [
        "\x1b[15~",
        "\x1b[1;5D",
        "\x1b[?25h",
        "\x1b[[A",
        "\x1bx",
        "\x1bOP",
        "\x1b[200~",
        "\x1b[99999999~",
        "\x1b[Z",
    ];
    for escape in unknown {
        assert_eq!(after(&format!("a{escape}b")), "spindle> ab|", "{escape:?}");
    }
}

#[test]
fn an_escape_begun_does_not_make_the_editor_deaf() {
    let mut terminal = Terminal::new();
    terminal.press("ab\x1b\rcd\x1b[12\ref\x1bO\r");
    assert_eq!(terminal.entered, ["ab", "cd", "ef"]);
    assert_eq!(after("ab\x1b\x1b[D"), "spindle> a|b");
}

#[test]
fn other_control_characters_do_nothing() {
    assert_eq!(after("a\x00\x07\x11\x13\x1a\x1c\x1fb"), "spindle> ab|");
}

#[test]
fn every_end_of_line_ends_one_line() {
    let mut terminal = Terminal::new();
    terminal.press("one\rtwo\nthree\r\nfour\n\rfive\r\r\n");
    assert_eq!(terminal.entered, ["one", "two", "three", "four", "", "five", ""]);
}

#[test]
fn many_lines_pasted_at_once_are_all_entered() {
    let lines: Vec<String> = (0..200).map(|number| format!("line {number}")).collect();
    let mut terminal = Terminal::new();
    terminal.press(lines.join("\r\n")).press("\r\n");
    assert_eq!(terminal.entered, lines);
}

#[test]
fn characters_of_several_bytes_are_one_to_the_human() {
    assert_eq!(after("Grüße"), "spindle> Grüße|");
    assert_eq!(after(&format!("Grüße{LEFT}{LEFT}\x7f")), "spindle> Gr|ße");
    assert_eq!(after("a日本\x7f"), "spindle> a日|");
    assert_eq!(after(&format!("日本{LEFT}x")), "spindle> 日x|本");
    assert_eq!(after("🦀"), "spindle> 🦀|");
}

#[test]
fn what_is_not_utf8_is_dropped() {
    let bytes: [&[u8]; 6] = [b"\xff", b"\xc3", b"\xe6\x97", b"\x80", b"\xf8\x88", b"\xed\xa0\x80"];
    for broken in bytes {
        let mut terminal = Terminal::new();
        terminal.press(b"a").press(broken).press(b"b");
        assert_eq!(terminal.line(), "ab", "{broken:x?}");
    }
    let mut terminal = Terminal::new();
    terminal.press(b"\xc3\xc3\xbc");
    assert_eq!(terminal.line(), "ü", "a character that follows a broken one is kept");
    terminal.press("\u{85}");
    assert_eq!(terminal.line(), "ü", "control characters of two bytes are dropped too");
    terminal.press("\u{fffd}");
    assert_eq!(terminal.line(), "ü", "so is what another decoder put in the place of broken bytes");
}

#[test]
fn a_full_line_rings_and_takes_no_more() {
    let mut terminal = Terminal::new();
    terminal.press("x".repeat(LINE_BYTES));
    assert_eq!(terminal.bells(), 0);
    terminal.press("yy");
    assert_eq!(terminal.bells(), 2);
    terminal.press("\r");
    assert_eq!(terminal.entered, ["x".repeat(LINE_BYTES)]);
}

#[test]
fn a_long_line_scrolls_in_its_row() {
    let mut terminal = Terminal::new();
    terminal.press("0123456789".repeat(4));
    assert_eq!(terminal.rows().len(), 1, "a long line takes one row");
    assert_eq!(terminal.view(), "spindle> 012345678901234567890123456789|");
    terminal.press("\x01");
    assert_eq!(terminal.view(), "spindle> |012345678901234567890123456789");
    terminal.press("\x05\x7f");
    assert_eq!(terminal.view(), "spindle> 901234567890123456789012345678|");
}

#[test]
fn wide_characters_scroll_too() {
    let mut terminal = Terminal::new();
    terminal.press("日".repeat(20));
    assert_eq!(terminal.rows(), [format!("spindle> {}", "日".repeat(15))]);
    assert_eq!(terminal.column(), 39);
}

#[test]
fn a_message_appears_above_the_line() {
    let mut terminal = Terminal::new();
    terminal.press(format!("half a li{LEFT}"));
    terminal.interrupt("[info] tick");
    assert_eq!(terminal.rows(), ["[info] tick", "spindle> half a li"]);
    assert_eq!(terminal.view(), "spindle> half a l|i");
}
