//! One byte through a pipe of Linux to another thread, and one back: the cheapest way of the system to call somebody who waits.

use spindle_bench_host::{NANOSECONDS, Suite};
use std::io::{self, Read, Write};
use std::thread;
use std::time::Instant;

const ROUND_TRIPS: usize = 5_000;

pub(crate) fn run(suite: &Suite) {
    const ID: &str = "linux/L1/thread";
    if suite.wants(ID) {
        let mut samples = round_trips().expect("pipes work");
        suite.keep(
            ID,
            "pipe round trip of Linux, one byte, between two threads",
            NANOSECONDS,
            &mut samples,
            1,
        );
    }
}

fn round_trips() -> io::Result<Vec<u64>> {
    let (mut their_end, mut to) = io::pipe()?;
    let (mut from, mut their_answer) = io::pipe()?;
    let other = thread::spawn(move || {
        let mut byte = [0];
        while their_end.read(&mut byte)? == 1 {
            their_answer.write_all(&byte)?;
        }
        io::Result::Ok(())
    });
    let mut byte = [7];
    let mut once = |_| {
        let start = Instant::now();
        to.write_all(&byte)?;
        from.read_exact(&mut byte)?;
        Ok(start.elapsed().as_nanos() as u64)
    };
    let samples = (0..ROUND_TRIPS).map(&mut once).collect();
    // The other end sees that nothing more comes.
    drop(to);
    other.join().expect("sending back does not panic")?;
    samples
}
