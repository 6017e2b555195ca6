//! Bytes from a terminal, decoded to keys: UTF-8, control characters and VT100 escape sequences.
//!
//! ```text
//!            ESC              '['                 final byte
//!  Ground ────────> Escape ────────> Sequence ─────────────────> Ground
//!    │ ≥ 0x80         │ 'O'
//!    v                └────────────> Single ───── any byte ────> Ground
//!  Utf8 ── last byte of the character ─────────────────────────> Ground
//! ```
//!
//! A control character always ends what was begun and is then decoded for itself, so that no stray escape makes
//! the terminal deaf. Sequences that nothing here knows are swallowed whole.

/// What the human pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// A character to insert; never a control character.
    Character(char),
    /// Enter: carriage return, or a line feed that does not follow one.
    Enter,
    /// Tab.
    Tab,
    /// Backspace (0x08 or 0x7f).
    Backspace,
    /// The Delete key.
    Delete,
    /// Ctrl-D.
    EndOfInput,
    /// Left arrow or Ctrl-B.
    Left,
    /// Right arrow or Ctrl-F.
    Right,
    /// Up arrow or Ctrl-P.
    Up,
    /// Down arrow or Ctrl-N.
    Down,
    /// Home or Ctrl-A.
    Home,
    /// End or Ctrl-E.
    End,
    /// Ctrl-K.
    KillToEnd,
    /// Ctrl-U.
    KillToStart,
    /// Ctrl-W.
    KillWord,
    /// Ctrl-C.
    Cancel,
    /// Ctrl-L.
    ClearScreen,
}

const ESCAPE: u8 = 0x1b;

/// Turns bytes into keys, one byte at a time.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    state: State,
    after_carriage_return: bool,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Ground,
    /// The first bytes of one character.
    Utf8 {
        bytes: [u8; 4],
        length: usize,
    },
    /// After ESC.
    Escape,
    /// After `ESC O`: one byte follows.
    Single,
    /// After `ESC [`.
    Sequence(Parameter),
}

/// What stands between `ESC [` and the final byte, as far as it matters.
#[derive(Clone, Copy, Debug)]
enum Parameter {
    /// Nothing yet.
    None,
    /// One decimal number.
    Number(u16),
    /// Anything else: modifiers, private markers. No key here has them.
    Other,
}

impl Decoder {
    pub(super) const fn new() -> Self {
        Self { state: State::Ground, after_carriage_return: false }
    }

    /// Takes the next byte; the key that it completes, if it completes one.
    pub(super) fn push(&mut self, byte: u8) -> Option<Key> {
        let follows_return = core::mem::replace(&mut self.after_carriage_return, byte == b'\r');
        if byte == b'\n' && follows_return {
            return None;
        }
        if byte < 0x20 || byte == 0x7f {
            self.state = if byte == ESCAPE { State::Escape } else { State::Ground };
            return control(byte);
        }
        let (next, key) = match self.state {
            State::Ground => ground(byte),
            State::Utf8 { bytes, length } => continued(bytes, length, byte),
            State::Escape => (escaped(byte), None),
            State::Single => (State::Ground, final_byte(byte, Parameter::None)),
            State::Sequence(parameter) => sequence(parameter, byte),
        };
        self.state = next;
        key
    }
}

/// The key of a control character.
fn control(byte: u8) -> Option<Key> {
    Some(match byte {
        b'\r' | b'\n' => Key::Enter,
        b'\t' => Key::Tab,
        0x08 | 0x7f => Key::Backspace,
        b if b == ctrl(b'A') => Key::Home,
        b if b == ctrl(b'B') => Key::Left,
        b if b == ctrl(b'C') => Key::Cancel,
        b if b == ctrl(b'D') => Key::EndOfInput,
        b if b == ctrl(b'E') => Key::End,
        b if b == ctrl(b'F') => Key::Right,
        b if b == ctrl(b'K') => Key::KillToEnd,
        b if b == ctrl(b'L') => Key::ClearScreen,
        b if b == ctrl(b'N') => Key::Down,
        b if b == ctrl(b'P') => Key::Up,
        b if b == ctrl(b'U') => Key::KillToStart,
        b if b == ctrl(b'W') => Key::KillWord,
        _ => return None,
    })
}

const fn ctrl(letter: u8) -> u8 {
    letter & 0x1f
}

fn ground(byte: u8) -> (State, Option<Key>) {
    if byte.is_ascii() {
        (State::Ground, Some(Key::Character(char::from(byte))))
    } else {
        continued([0; 4], 0, byte)
    }
}

/// Adds a byte to a character begun; what is not UTF-8 is dropped, and the byte may begin anew.
///
/// The replacement character is dropped with it: it is what an earlier decoder made of such bytes.
fn continued(mut bytes: [u8; 4], length: usize, byte: u8) -> (State, Option<Key>) {
    bytes[length] = byte;
    let collected = &bytes[..=length];
    match core::str::from_utf8(collected) {
        Ok(text) => {
            let character = text.chars().next().filter(|&character| is_text(character));
            (State::Ground, character.map(Key::Character))
        }
        Err(error) if error.error_len().is_none() => (State::Utf8 { bytes, length: length + 1 }, None),
        Err(_) if length > 0 => ground(byte),
        Err(_) => (State::Ground, None),
    }
}

fn is_text(character: char) -> bool {
    !character.is_control() && character != char::REPLACEMENT_CHARACTER
}

fn escaped(byte: u8) -> State {
    match byte {
        b'[' => State::Sequence(Parameter::None),
        b'O' => State::Single,
        _ => State::Ground,
    }
}

/// One byte of a control sequence: parameters 0x30-0x3f, intermediates 0x20-0x2f, then one final byte.
fn sequence(parameter: Parameter, byte: u8) -> (State, Option<Key>) {
    match byte {
        b'0'..=b'9' => (State::Sequence(parameter.digit(byte)), None),
        // The Linux console sends `ESC [ [ A` for F1: the second bracket introduces one more byte.
        0x20..=0x3f | b'[' => (State::Sequence(Parameter::Other), None),
        _ => (State::Ground, final_byte(byte, parameter)),
    }
}

impl Parameter {
    fn digit(self, byte: u8) -> Self {
        let digit = u16::from(byte - b'0');
        match self {
            Self::None => Self::Number(digit),
            Self::Number(number) => Self::Number(number.saturating_mul(10).saturating_add(digit)),
            Self::Other => Self::Other,
        }
    }
}

fn final_byte(byte: u8, parameter: Parameter) -> Option<Key> {
    Some(match (byte, parameter) {
        (b'A', Parameter::None) => Key::Up,
        (b'B', Parameter::None) => Key::Down,
        (b'C', Parameter::None) => Key::Right,
        (b'D', Parameter::None) => Key::Left,
        (b'H', Parameter::None) | (b'~', Parameter::Number(1 | 7)) => Key::Home,
        (b'F', Parameter::None) | (b'~', Parameter::Number(4 | 8)) => Key::End,
        (b'~', Parameter::Number(3)) => Key::Delete,
        _ => return None,
    })
}
