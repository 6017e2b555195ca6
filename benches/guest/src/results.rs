//! D5: answers, folded or of a default handler, closures, and guards that were imposed.

use crate::handlers::{for_each, raise, several, with_handlers};
use crate::harness::Samples;
use crate::{Bench, BenchError, Settings};
use core::hint::black_box;
use spindle_abi::EventSpec;
use spindle_dispatcher::{Guard, Handler, InstallError, KernelHandler};
use spindle_interfaces::bench::Value;
use spindle_strands::Event;

pub(crate) const FOLDS: &[Bench] =
    for_each!("D5/fold=", "", "raise with N answers folded", fold, [1, 2, 10, 100]);

pub(crate) const BENCHES: &[Bench] = &[
    Bench { id: "D5/plain", name: "raise with one answer", run: |settings| alone(settings, |_| Ok(echo())) },
    Bench {
        id: "D5/closure",
        name: "raise with one answer of a closure",
        run: |settings| alone(settings, |_| closure()),
    },
    Bench {
        id: "D5/default",
        name: "raise that only the default handler answers",
        run: |settings| alone(settings, |_| Ok(echo().as_default())),
    },
    Bench {
        id: "D5/imposed",
        name: "raise with one answer behind an imposed guard",
        run: |settings| imposed(settings, |guard| guard),
    },
    Bench {
        id: "D5/post",
        name: "raise with one answer and a post-guard",
        run: |settings| imposed(settings, Guard::post),
    },
];

static VALUE: Event<Value> = Event::new();

/// Answers 1.
struct Echo;

impl KernelHandler<Value> for Echo {
    fn handle(frame: &mut <Value as EventSpec>::Frame<'_>) {
        *<Value as EventSpec>::result(frame) = black_box(1);
    }
}

fn echo() -> Handler {
    Handler::kernel::<Value, Echo>()
}

fn closure() -> Result<Handler, InstallError> {
    Handler::closure::<Value>(|frame| *<Value as EventSpec>::result(frame) = black_box(1))
}

fn alone(
    settings: &Settings<'_>,
    handler: fn(usize) -> Result<Handler, InstallError>,
) -> Result<Samples, BenchError> {
    with_handlers(VALUE.core(), several(1, handler)?, |_| raise(settings, &VALUE, 1, || Value::frame(0)))
}

fn fold(settings: &Settings<'_>, count: usize) -> Result<Samples, BenchError> {
    let mut handlers = several(count, |_| Ok(echo()))?;
    let fold = Handler::fold::<Value>(|previous, next| previous.wrapping_add(next));
    handlers.push(fold.map_err(BenchError::Install)?);
    with_handlers(VALUE.core(), handlers, |_| raise(settings, &VALUE, count, || Value::frame(0)))
}

fn imposed(settings: &Settings<'_>, as_what: fn(Guard) -> Guard) -> Result<Samples, BenchError> {
    let guard = Guard::kernel::<Value>(|_| black_box(true)).map_err(BenchError::Install)?;
    with_handlers(VALUE.core(), several(1, |_| Ok(echo()))?, |installed| {
        // It goes with the handler.
        let _imposed = installed[0].impose(as_what(guard)).map_err(BenchError::Install)?;
        raise(settings, &VALUE, 1, || Value::frame(0))
    })
}
