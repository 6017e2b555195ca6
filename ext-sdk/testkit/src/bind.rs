//! Binding an extension's rows to an event of the fake kernel, through the dispatcher that the real one has.

use std::sync::Arc;

use spindle_abi::raw::keep;
use spindle_abi::{self as abi, Asked, EventSpec, Options, Role, Terms};
use spindle_dispatcher::host::HostStrand;
use spindle_dispatcher::{Event, Guard, Handler, InstallError, Installed, KeyGuard, Order};
use spindle_sdk::Extension;

use crate::instance::Instance;
use crate::later;

type Row<E> = &'static abi::Handler<E>;

/// Installs all rows of `E` that are for `Raised`, in their order.
///
/// # Errors
/// What the real kernel would refuse to load the extension for.
pub(crate) fn rows<E: Extension, Raised: EventSpec>(
    instance: &Arc<Instance<E>>,
    event: &'static Event<Raised, HostStrand>,
) -> Result<Vec<Installed>, InstallError> {
    let mut installed = Vec::new();
    for row in E::HANDLERS.iter().filter(|row| row.is_of::<Raised>()) {
        let handler = match row.entry().role {
            Role::Handler(options) => handler::<E, Raised>(instance, row, &options)?,
            Role::DefaultHandler => synchronous::<E, Raised>(instance, row)?.as_default(),
            Role::ResultHandler => result::<E, Raised>(instance, row)?,
            Role::Guard | Role::ImposedGuard => continue,
        };
        installed.push(event.install(handler)?);
    }
    Ok(installed)
}

/// The guards that the extension imposes on others' handlers of `Raised`.
///
/// # Errors
/// [`InstallError::OutOfMemory`]
pub(crate) fn imposed<E: Extension, Raised: EventSpec>(
    instance: &Arc<Instance<E>>,
) -> Result<Vec<Guard>, InstallError> {
    let is_imposed = |row: &Row<E>| row.is_of::<Raised>() && row.entry().role == Role::ImposedGuard;
    E::HANDLERS.iter().filter(is_imposed).map(|row| guard::<E, Raised>(instance, row)).collect()
}

fn handler<E: Extension, Raised: EventSpec>(
    instance: &Arc<Instance<E>>,
    row: Row<E>,
    options: &Options<'static>,
) -> Result<Handler, InstallError> {
    let mut handler = match options.asynchronous {
        true => asynchronous::<E, Raised>(instance, row)?,
        false if Raised::INTERRUPT => {
            return Err(InstallError::SynchronousInInterrupt(Raised::DECLARATION.name));
        }
        false => synchronous::<E, Raised>(instance, row)?,
    };
    if let Some(key) = key_guard(&options.terms)? {
        handler = handler.with_key(key);
    }
    if let Some(at) = options.guard {
        handler = handler.with_guard(guard::<E, Raised>(instance, &E::HANDLERS[at])?);
    }
    if options.cancels {
        handler = handler.cancelling();
    }
    Ok(handler.ordered(match options.order {
        abi::Order::Ordinary => Order::Ordinary,
        abi::Order::First => Order::First,
        abi::Order::Last => Order::Last,
    }))
}

fn synchronous<E: Extension, Raised: EventSpec>(
    instance: &Arc<Instance<E>>,
    row: Row<E>,
) -> Result<Handler, InstallError> {
    let instance = Arc::clone(instance);
    Handler::closure::<Raised>(move |frame| instance.handle::<Raised>(row, frame))
}

/// A handler that only notes what it was called with: [`later::run`] calls the extension.
fn asynchronous<E: Extension, Raised: EventSpec>(
    instance: &Arc<Instance<E>>,
    row: Row<E>,
) -> Result<Handler, InstallError> {
    if !Raised::QUEUEABLE {
        return Err(InstallError::NotAsynchronous(Raised::DECLARATION.name));
    }
    let instance = Arc::clone(instance);
    Handler::closure::<Raised>(move |frame| {
        let Some(mut frame) = keep::<Raised>(frame) else { return };
        let instance = Arc::clone(&instance);
        later::push(move || instance.handle::<Raised>(row, &mut frame));
    })
}

fn result<E: Extension, Raised: EventSpec>(
    instance: &Arc<Instance<E>>,
    row: Row<E>,
) -> Result<Handler, InstallError> {
    let instance = Arc::clone(instance);
    Handler::fold::<Raised>(move |previous, next| {
        let combined = instance.enter(|state| row.combine::<Raised>(state, previous, next));
        combined.map_or(next, |result| result.expect("it is a result handler of this event"))
    })
}

/// A guard of an extension that has faulted holds for nothing.
fn guard<E: Extension, Raised: EventSpec>(
    instance: &Arc<Instance<E>>,
    row: Row<E>,
) -> Result<Guard, InstallError> {
    let instance = Arc::clone(instance);
    Guard::kernel::<Raised>(move |frame| {
        let holds = instance.enter(|state| row.ask::<Raised>(state, frame));
        holds.is_some_and(|holds| holds.expect("it is a guard of this event"))
    })
}

/// The terms as the dispatcher takes them; `None` if there are none.
fn key_guard(terms: &Terms<'_>) -> Result<Option<KeyGuard>, InstallError> {
    let mut all: Option<KeyGuard> = None;
    for term in terms.as_slice() {
        let one = match term.asked {
            Asked::Equal(key) => KeyGuard::new(term.field, key)?,
            Asked::Range { from, to } => KeyGuard::range(term.field, from, to)?,
        };
        all = Some(match all {
            Some(all) => all.and(one)?,
            None => one,
        });
    }
    Ok(all)
}
