//! Ways to die, one per boot, so that the host can read what the kernel says of them.

use spindle_arch::exceptions::provoke;

/// Dies as `way` names it: `panic` or one of `provoke::WAYS`.
///
/// # Panics
/// That is what it is for; also if there is no such way.
pub(crate) fn die(way: &str) -> ! {
    match provoke::WAYS.iter().find(|(name, _)| *name == way) {
        Some((_, provoke)) => provoke(),
        None if way == "panic" => panic!("asked to panic"),
        None => panic!("no way to die is called `{way}`"),
    }
}
