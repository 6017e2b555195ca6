//! What a program would reach for instead, and what Linux takes for its shortest call.
//!
//! *Concepts*: a list of boxed closures behind a lock is what most programs write; `signals2` is what they would take from
//! crates.io: handlers with an order, results combined, connections that end by themselves, any thread.

use spindle_bench_host::Suite;
use std::hint::black_box;
use std::sync::RwLock;

type List = RwLock<Vec<Box<dyn Fn() + Send + Sync>>>;
type KeyedList = RwLock<Vec<Box<dyn Fn(u64) + Send + Sync>>>;

const HANDLERS: [usize; 5] = [0, 1, 2, 10, 100];
const KEYS: [u64; 4] = [1, 10, 100, 1_000];

pub(crate) fn run(suite: &mut Suite) {
    HANDLERS.iter().for_each(|handlers| locked_list(suite, *handlers));
    HANDLERS.iter().for_each(|handlers| signal(suite, *handlers));
    KEYS.iter().for_each(|keys| locked_keys(suite, *keys));
    suite.time("linux/P5/getppid", "null system call of Linux: getppid", rustix::process::getppid);
}

fn locked_list(suite: &mut Suite, handlers: usize) {
    let list = List::default();
    for _ in 0..handlers {
        list.write().expect("nobody panics with the lock").push(Box::new(|| black_box(())));
    }
    let name = "calls of N closures: `RwLock<Vec<Box<dyn Fn>>>`";
    suite.time(format!("beside/rwlock/handlers={handlers}"), name, || {
        black_box(&list).read().expect("nobody panics with the lock").iter().for_each(|handler| handler());
    });
}

/// Each closure looks itself whether it is meant, as there is nothing else that could.
fn locked_keys(suite: &mut Suite, keys: u64) {
    let list = KeyedList::default();
    for own in 0..keys {
        let handler = move |key| {
            if key == black_box(own) {
                black_box(());
            }
        };
        list.write().expect("nobody panics with the lock").push(Box::new(handler));
    }
    let name = "the same, N closures that look at a key, one of which takes it";
    suite.time(format!("beside/rwlock/keys={keys}"), name, || {
        let list = black_box(&list).read().expect("nobody panics with the lock");
        list.iter().for_each(|handler| handler(black_box(keys - 1)));
    });
}

fn signal(suite: &mut Suite, handlers: usize) {
    use signals2::{Connect0, Emit0, Signal};
    let signal: Signal<()> = Signal::new();
    for _ in 0..handlers {
        let _connection = signal.connect(|| black_box(()));
    }
    let name = "emission to N slots of the crate signals2";
    suite.time(format!("beside/signals2/handlers={handlers}"), name, || black_box(&signal).emit());
}
