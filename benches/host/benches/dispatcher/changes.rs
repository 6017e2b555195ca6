//! D3: installing, uninstalling and swapping, by how many handlers the event has already.

use spindle_bench_host::{Nothing, Suite, ThreadEvent, thread_event};
use spindle_dispatcher::host::HostGrace;
use spindle_dispatcher::{Installed, Swap, collect, uninstall};
use spindle_interfaces::bench::Null;

const INSTALLED: [usize; 5] = [0, 1, 10, 100, 1_000];
const AT_ONCE: [usize; 3] = [10, 100, 1_000];

pub(crate) fn run(suite: &mut Suite) {
    INSTALLED.iter().for_each(|count| one(suite, *count));
    AT_ONCE.iter().for_each(|count| many(suite, *count));
}

/// An event of threads: what is taken away is freed as on any system with several processors.
fn with_handlers(count: usize) -> &'static ThreadEvent<Null> {
    let event = thread_event::<Null>();
    let handlers = (0..count).map(|_| Nothing::handler::<Null>()).collect();
    let _installed = event.core().install_all(handlers).expect("a new event takes handlers");
    event
}

fn install(event: &'static ThreadEvent<Null>) -> Installed {
    event.install(Nothing::handler::<Null>()).expect("there is memory")
}

/// Uninstalls, and waits until it is freed.
fn take_away(installed: Installed) {
    let ticket = uninstall(installed).map_err(|(_, error)| error).expect("it is installed");
    ticket.wait(&HostGrace).expect("this is outside any raise");
}

fn one(suite: &mut Suite, count: usize) {
    let event = with_handlers(count);
    suite.time_each(format!("D3/install={count}"), "install on an event with N handlers", |watch| {
        let installed = install(event);
        watch.stop();
        take_away(installed);
    });
    suite.time_each(
        format!("D3/uninstall={count}"),
        "uninstall beside N handlers, and wait until it is freed",
        |watch| {
            let installed = install(event);
            collect(&HostGrace);
            watch.restart();
            take_away(installed);
            watch.stop();
        },
    );
    let mut current = Some(install(event));
    suite.time_each(
        format!("D3/swap={count}"),
        "swap of one handler for another beside N handlers",
        |watch| {
            let next = event.bind(Nothing::handler::<Null>()).expect("there is memory");
            let swap = Swap::new().remove(current.take().expect("there always is one")).add(next);
            let (mut added, ticket) = swap.commit().map_err(|(_, error)| error).expect("there is memory");
            watch.stop();
            ticket.wait(&HostGrace).expect("this is outside any raise");
            current = added.pop();
        },
    );
}

/// Bulk install on an event without handlers.
fn many(suite: &mut Suite, count: usize) {
    let event = thread_event::<Null>();
    let id = format!("D3/install_all={count}");
    let each = u32::try_from(count).expect("the list above has small numbers");
    suite.time_each_part(id, "install of N handlers at once on an event without, each", each, |watch| {
        let handlers = (0..count).map(|_| Nothing::handler::<Null>()).collect();
        watch.restart();
        let installed = event.core().install_all(handlers).expect("there is memory");
        watch.stop();
        let swap = installed.into_iter().fold(Swap::new(), Swap::remove);
        let (_, ticket) = swap.commit().map_err(|(_, error)| error).expect("they are installed");
        ticket.wait(&HostGrace).expect("this is outside any raise");
    });
}
