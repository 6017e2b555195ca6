//! Random operations on an event leave it as they leave a list of handlers.
mod support;

use proptest::prelude::*;
use spindle_abi::Key;
use spindle_dispatcher::{Installed, KeyGuard, Swap, uninstall};
use support::{GRACE, event, extension, kernel, raise};

#[derive(Clone, Debug)]
enum Operation {
    /// Installs a handler that signs with the number of the step, guarded by a port if there is one.
    Install {
        of_the_kernel: bool,
        port: Option<u64>,
    },
    /// Uninstalls the handler at this place, counted round.
    Uninstall(usize),
    /// Replaces the handler at this place by one without a guard, which then comes last.
    Replace(usize),
    Raise(u64),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let port = prop::option::of(0..3_u64);
    let one = prop_oneof![
        3 => (any::<bool>(), port).prop_map(|(of_the_kernel, port)| Operation::Install { of_the_kernel, port }),
        1 => any::<usize>().prop_map(Operation::Uninstall),
        1 => any::<usize>().prop_map(Operation::Replace),
        4 => (0..4_u64).prop_map(Operation::Raise),
    ];
    prop::collection::vec(one, 1..40)
}

/// The reference: what is installed, its name, its guard.
struct Bound {
    installed: Installed,
    name: u64,
    port: Option<u64>,
}

/// What kernel handlers sign with: they have no closure that could tell them apart.
const KERNEL: u64 = u64::MAX;

proptest! {
    #[test]
    fn an_event_behaves_as_a_list(operations in operations()) {
        let event = event();
        let mut model: Vec<Bound> = Vec::new();
        for (step, operation) in (1..).zip(operations) {
            match operation {
                Operation::Install { of_the_kernel, port } => {
                    let handler = if of_the_kernel { kernel::<KERNEL>() } else { extension(step) };
                    let handler = match port {
                        Some(port) => handler.with_key(KeyGuard::new(1, Key::Integer(port)).unwrap()),
                        None => handler,
                    };
                    let name = if of_the_kernel { KERNEL } else { step };
                    model.push(Bound { installed: event.install(handler).unwrap(), name, port });
                }
                Operation::Uninstall(place) if !model.is_empty() => {
                    let gone = model.remove(place % model.len());
                    uninstall(gone.installed).unwrap().wait(&GRACE).unwrap();
                }
                Operation::Replace(place) if !model.is_empty() => {
                    let gone = model.remove(place % model.len());
                    let swap = Swap::new().remove(gone.installed).add(event.bind(extension(step)).unwrap());
                    let (mut installed, ticket) = swap.commit().unwrap();
                    ticket.wait(&GRACE).unwrap();
                    let installed = installed.remove(0);
                    model.push(Bound { installed, name: step, port: None });
                }
                Operation::Raise(port) => {
                    let called = model.iter().filter(|bound| bound.port.is_none_or(|wanted| wanted == port));
                    let names: Vec<u64> = called.map(|bound| bound.name).collect();
                    let expected = if names.is_empty() { Ok(vec![]) } else { Ok(names) };
                    prop_assert_eq!(raise(event, "", port), expected);
                }
                Operation::Uninstall(_) | Operation::Replace(_) => {}
            }
        }
    }
}
