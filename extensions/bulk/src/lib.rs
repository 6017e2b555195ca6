//! A large extension: 100 KB of code and constants, so that what loading costs by size can be measured.
#![no_std]

use spindle_sdk::prelude::*;

/// Nothing to remember.
#[derive(Default)]
pub struct Bulk;

/// The bulk: every word differs, so that nothing can be folded.
static TABLE: [u64; 12_000] = {
    let mut table = [0; 12_000];
    let mut at = 0;
    while at < table.len() {
        table[at] = (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        at += 1;
    }
    table
};

#[extension]
impl Bulk {
    /// `bulk N` prints word N of the table, so that the table is really there.
    #[handler(console::Command, word = "bulk")]
    fn bulk(&self, _word: &str, arguments: &str) -> Status {
        let word = arguments.parse().ok().and_then(|index: usize| TABLE.get(index));
        match word {
            Some(word) => {
                println!("{word:#018x}");
                Status::OK
            }
            None => {
                println!("usage: bulk N, with N below {}", TABLE.len());
                Status::FAILED
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bulk;
    use spindle_sdk::prelude::Status;
    use spindle_testkit::Testkit;

    #[test]
    fn words_come_from_the_table() {
        let mut kernel = Testkit::load::<Bulk>();
        assert_eq!(kernel.command("bulk 0"), Status::OK);
        assert_eq!(kernel.lines(), ["0x9e3779b97f4a7c15"]);
        assert_eq!(kernel.command("bulk 12000"), Status::FAILED);
    }
}
