//! D6: what raising costs while another thread changes the same event 10 000 times a second.
//!
//! *Concepts*: quiet and changing windows take turns, so that whatever else the machine does is in both. A window's figure is the
//! raiser's own processor time, the writer's fences included, which interrupt it.

use spindle_bench_host::{NANOSECONDS, Nothing, Suite, ThreadEvent, thread_event, thread_time_ns};
use spindle_dispatcher::host::{HostGrace, HostStrand};
use spindle_dispatcher::uninstall;
use spindle_interfaces::bench::Null;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Handlers that are there all the time.
const HANDLERS: usize = 10;
const WINDOWS: usize = 60;
const RAISES: u32 = 600_000;
/// 10 000 installs and as many uninstalls a second.
const PERIOD: Duration = Duration::from_micros(100);

static IS_CHANGING: AtomicBool = AtomicBool::new(false);
static IS_OVER: AtomicBool = AtomicBool::new(false);
static CHANGES: AtomicU64 = AtomicU64::new(0);

pub(crate) fn run(suite: &Suite) {
    if !suite.wants("D6/raise") {
        return;
    }
    let event = thread_event::<Null>();
    let handlers = (0..HANDLERS).map(|_| Nothing::handler::<Null>()).collect();
    let _installed = event.core().install_all(handlers).expect("a new event takes handlers");
    let writer = thread::spawn(move || write(event));
    let (mut quiet, mut changing) = (Vec::new(), Vec::new());
    let (mut passed, mut changes) = (Duration::ZERO, 0);
    for _ in 0..WINDOWS {
        quiet.push(window(event));
        IS_CHANGING.store(true, Ordering::Release);
        writer.thread().unpark();
        let (start, before) = (Instant::now(), CHANGES.load(Ordering::Relaxed));
        changing.push(window(event));
        passed += start.elapsed();
        changes += CHANGES.load(Ordering::Relaxed) - before;
        IS_CHANGING.store(false, Ordering::Release);
    }
    IS_OVER.store(true, Ordering::Release);
    writer.thread().unpark();
    writer.join().expect("the writer does not panic");
    let a_second = (changes as f64 / passed.as_secs_f64()) as u64;
    suite.keep("D6/raise/quiet", "raise with 10 handlers", NANOSECONDS, &mut quiet, RAISES);
    let name = "the same while another thread installs and uninstalls";
    suite.keep("D6/raise/changing", name, NANOSECONDS, &mut changing, RAISES);
    let name = "installs, and as many uninstalls, in a second of that";
    suite.keep("D6/changes", name, spindle_bench_method::Unit::Times, &mut [a_second], 1);
}

fn window(event: &'static ThreadEvent<Null>) -> u64 {
    HostStrand::with_current(|strand| {
        let start = thread_time_ns();
        for _ in 0..RAISES {
            event.raise(strand, &mut Null::frame()).expect("there are handlers");
        }
        thread_time_ns() - start
    })
}

/// Installs and uninstalls in time, and frees what it took away, while that is wanted.
fn write(event: &'static ThreadEvent<Null>) {
    let mut next = Instant::now();
    while !IS_OVER.load(Ordering::Acquire) {
        if !IS_CHANGING.load(Ordering::Acquire) {
            thread::park();
            next = Instant::now();
            continue;
        }
        let installed = event.install(Nothing::handler::<Null>()).expect("there is memory");
        let ticket = uninstall(installed).map_err(|(_, error)| error).expect("it is installed");
        ticket.wait(&HostGrace).expect("this is outside any raise");
        CHANGES.fetch_add(1, Ordering::Relaxed);
        next += PERIOD;
        while Instant::now() < next && IS_CHANGING.load(Ordering::Relaxed) {
            std::hint::spin_loop();
        }
    }
}
