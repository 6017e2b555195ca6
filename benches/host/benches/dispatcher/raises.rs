//! D1, D5 and Z5: raises with several handlers, with arguments, with results; and watched.

use spindle_abi::EventSpec;
use spindle_bench_host::{Nothing, Suite, event, strand, thread_event};
use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Guard, Handler, set_recording, set_times};
use spindle_interfaces::bench::{Five, Null, One, Ten, Value};
use spindle_strands::{Event, null_handler};
use std::hint::black_box;

const HANDLERS: [usize; 7] = [0, 1, 2, 5, 10, 50, 100];

pub(crate) fn run(suite: &mut Suite) {
    let with_handlers = "raise with N handlers";
    for count in HANDLERS {
        null(suite, format!("D1/handlers={count}"), with_handlers, Nothing::handler::<Null>, count);
    }
    for count in &HANDLERS[1..] {
        null(suite, format!("D1/handlers={count}/native"), with_handlers, null_handler, *count);
    }
    HANDLERS.iter().for_each(|count| on_a_thread(suite, *count));
    arguments(suite);
    results(suite);
    watched(suite);
}

fn null(suite: &mut Suite, id: String, name: &'static str, handler: fn() -> Handler, count: usize) {
    let strand = strand();
    let event = installed::<Null>(handler, count);
    suite.time(id, name, || event.raise(&strand, &mut Null::frame()));
}

/// An event with so many handlers.
fn installed<E: EventSpec>(handler: fn() -> Handler, count: usize) -> &'static Event<E> {
    let event = event::<E>();
    let handlers = (0..count).map(|_| handler()).collect();
    let _installed = event.core().install_all(handlers).expect("a new event takes handlers");
    event
}

fn on_a_thread(suite: &mut Suite, count: usize) {
    let event = thread_event::<Null>();
    let handlers = (0..count).map(|_| Nothing::handler::<Null>()).collect();
    let _installed = event.core().install_all(handlers).expect("a new event takes handlers");
    HostStrand::with_current(|strand| {
        suite.time(format!("D1/handlers={count}/thread"), "raise with N handlers", || {
            event.raise(strand, &mut Null::frame())
        });
    });
}

fn arguments(suite: &mut Suite) {
    let strand = strand();
    let name = "raise with one handler and N arguments";
    let one = installed::<One>(Nothing::handler::<One>, 1);
    suite.time("D1/args=1", name, || one.raise(&strand, &mut One::frame(1)));
    let five = installed::<Five>(Nothing::handler::<Five>, 1);
    suite.time("D1/args=5", name, || five.raise(&strand, &mut Five::frame(1, 2, 3, 4, 5)));
    let ten = installed::<Ten>(Nothing::handler::<Ten>, 1);
    suite.time("D1/args=10", name, || ten.raise(&strand, &mut Ten::frame(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)));
}

/// Answers what it was asked.
struct Echo;

impl spindle_dispatcher::KernelHandler<Value> for Echo {
    fn handle(frame: &mut <Value as EventSpec>::Frame<'_>) {
        *<Value as EventSpec>::result(frame) = black_box(1);
    }
}

fn results(suite: &mut Suite) {
    const FITS: &str = "the handler is of this event";
    let closure = || {
        Handler::closure::<Value>(|frame| *<Value as EventSpec>::result(frame) = black_box(1)).expect(FITS)
    };
    let cases: [(&str, &'static str, Vec<Handler>); 6] = [
        ("D5/plain", "raise with one answer", vec![Handler::kernel::<Value, Echo>()]),
        ("D5/closure", "raise with one answer of a closure", vec![closure()]),
        ("D5/default", "raise that only the default handler answers", vec![closure().as_default()]),
        ("D5/fold=1", "raise with N answers folded", folded(1)),
        ("D5/fold=10", "raise with N answers folded", folded(10)),
        ("D5/fold=100", "raise with N answers folded", folded(100)),
    ];
    for (id, name, handlers) in cases {
        answered(suite, id, name, handlers, None);
    }
    let holds = || Guard::kernel::<Value>(|_| black_box(true)).expect(FITS);
    let echo = || vec![Handler::kernel::<Value, Echo>()];
    answered(suite, "D5/imposed", "raise with one answer behind an imposed guard", echo(), Some(holds()));
    answered(suite, "D5/post", "raise with one answer and a post-guard", echo(), Some(holds().post()));
}

fn folded(count: usize) -> Vec<Handler> {
    let fold = Handler::fold::<Value>(|previous, next| previous + next).expect("there is memory");
    (0..count).map(|_| Handler::kernel::<Value, Echo>()).chain([fold]).collect()
}

fn answered(suite: &mut Suite, id: &str, name: &'static str, handlers: Vec<Handler>, imposed: Option<Guard>) {
    let (strand, event) = (strand(), event::<Value>());
    let installed = event.core().install_all(handlers).expect("a new event takes handlers");
    if let Some(guard) = imposed {
        let _imposed = installed[0].impose(guard).expect("it is a handler");
    }
    suite.time(id, name, || {
        let mut frame = Value::frame(7);
        event.raise(&strand, &mut frame).map(|()| Value::result(&frame))
    });
}

fn watched(suite: &mut Suite) {
    for (what, name, switch) in [
        ("times=on", "raise while the times of calls are taken", set_times as fn(bool)),
        ("recorder=on", "raise while raises are recorded", set_recording),
    ] {
        switch(true);
        null(suite, format!("Z5/{what}/P4/kernel"), name, Nothing::handler::<Null>, 1);
        null(suite, format!("Z5/{what}/P4/native"), name, null_handler, 1);
        null(suite, format!("Z5/{what}/D1/handlers=10"), name, Nothing::handler::<Null>, 10);
        switch(false);
    }
}
