//! One event and the reference, side by side: every operation is carried out on both, and what they come to is compared.

use crate::events::{Frame, Kind, Log, guard, handler};
use crate::operations::{Operation, Wish};
use crate::reference::{self, Binding, Group, Keys, Place, Test};
use crate::support::strand::{Contained, Current};
use crate::support::{GRACE, TEST, counters, leaked, raise_with, remove};
use spindle_dispatcher::{
    Delivery, Event, Handler, Imposed, Installed, KeyGuard, Order, Owner, Policy, Swap, deliver, lift,
    set_recording,
};
use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

const CAPACITY: u16 = 3;

/// An event and the reference, side by side.
pub(crate) struct Both<E: Kind> {
    event: &'static Event<E, Contained>,
    log: Log,
    reference: reference::Event,
    installed: HashMap<u64, Installed>,
    default: Option<Installed>,
    fold: Option<Installed>,
    imposed: Vec<(usize, Imposed)>,
    next: u64,
}

impl<E: Kind> Both<E> {
    pub(crate) fn new() -> Self {
        let delivery = Delivery::new(Policy::DropNewest, CAPACITY);
        let reference = reference::Event {
            returns: E::RETURNS,
            chained: E::CHAINED,
            capacity: CAPACITY.into(),
            ..Default::default()
        };
        Self {
            event: leaked(Event::new().of(&TEST).delivery(delivery)),
            log: leaked(Mutex::default()),
            reference,
            installed: HashMap::new(),
            default: None,
            fold: None,
            imposed: Vec::new(),
            next: 0,
        }
    }

    fn next(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// The wish as both sides take it.
    fn make(&mut self, wish: &Wish) -> (Binding, Place, Handler) {
        let name = self.next();
        let test = wish.guard.map(|(post, modulus)| Test { id: self.next() as usize, post, modulus });
        let binding = Binding {
            name,
            owner: wish.owner,
            group: Group::Ordinary,
            keys: wish.keys.clone(),
            guards: test.into_iter().collect(),
            cancels: wish.cancels,
            asynchronous: wish.asynchronous && E::QUEUEABLE,
            passes_on: wish.passes_on,
            queue: VecDeque::new(),
            calls: 0,
            rejections: 0,
            drops: 0,
        };
        let handlers = &self.reference.handlers;
        let beside = (!handlers.is_empty()).then(|| handlers[wish.beside % handlers.len()].name);
        let (place, order) = match (wish.place, beside) {
            (0, _) => (Place::Front, Order::First),
            (1, _) => (Place::End, Order::Last),
            (2, Some(name)) => (Place::Before(name), Order::Before(self.installed[&name].id())),
            (3, Some(name)) => (Place::After(name), Order::After(self.installed[&name].id())),
            _ => (Place::Middle, Order::Ordinary),
        };
        let mut made = handler::<E>(&binding).ordered(order);
        for test in &binding.guards {
            made = made.with_guard(guard::<E>(Owner(wish.owner), *test));
        }
        let terms = wish.keys.iter().map(|&(field, from, to)| KeyGuard::range(field, from, to).unwrap());
        if let Some(key) = terms.reduce(|one, other| one.and(other).unwrap()) {
            made = made.with_key(key);
        }
        made = if binding.cancels { made.cancelling() } else { made };
        made = if binding.asynchronous { made.asynchronous() } else { made };
        (binding, place, made)
    }

    fn install(&mut self, wish: &Wish) {
        let (binding, place, handler) = self.make(wish);
        self.installed.insert(binding.name, self.event.install(handler).unwrap());
        self.reference.add(binding, place);
    }

    fn install_two(&mut self, wishes: [&Wish; 2]) {
        let made = wishes.map(|wish| self.make(wish));
        let mut handlers = Vec::new();
        let mut names = Vec::new();
        for (binding, place, handler) in made {
            names.push(binding.name);
            self.reference.add(binding, place);
            handlers.push(handler);
        }
        let installed = self.event.core().install_all(handlers).unwrap();
        self.installed.extend(names.into_iter().zip(installed));
    }

    /// Takes the handler at `place` out of the reference, once what is counted of it was compared.
    fn take(&mut self, place: usize) -> Option<Installed> {
        let count = self.reference.handlers.len();
        let gone = (count > 0).then(|| self.reference.handlers.remove(place % count))?;
        let installed = self.installed.remove(&gone.name).unwrap();
        let counters = counters(self.event, installed.id());
        let counted = (counters.calls, counters.rejections, counters.drops);
        assert_eq!(counted, (gone.calls, gone.rejections, gone.drops), "counted of {gone:?}");
        Some(installed)
    }

    fn replace(&mut self, place: usize, wish: &Wish) {
        let Some(gone) = self.take(place) else { return };
        let (binding, place, handler) = self.make(wish);
        let swap = Swap::new().remove(gone).add(self.event.bind(handler).unwrap());
        let (mut installed, ticket) = swap.commit().unwrap();
        ticket.wait(&GRACE).unwrap();
        self.installed.insert(binding.name, installed.remove(0));
        self.reference.add(binding, place);
    }

    /// Takes the default handler away, or makes `wish` it.
    fn set_default(&mut self, wish: &Wish) {
        if let Some(default) = self.default.take() {
            remove(default);
            self.reference.default = None;
        } else {
            let bare = Wish {
                keys: Vec::new(),
                guard: None,
                place: 9,
                cancels: false,
                asynchronous: false,
                ..wish.clone()
            };
            let (binding, _, handler) = self.make(&bare);
            self.default = Some(self.event.install(handler.as_default()).unwrap());
            self.reference.default = Some(binding);
        }
    }

    /// Takes the fold away, or puts it in.
    fn set_fold(&mut self) {
        if let Some(fold) = self.fold.take() {
            remove(fold);
        } else if let Some(fold) = E::fold() {
            self.fold = Some(self.event.install(fold).unwrap());
        }
        self.reference.folds = self.fold.is_some();
    }

    fn impose(&mut self, on: usize, post: bool, modulus: u64) {
        let test = Test { id: self.next() as usize, post, modulus };
        let count = self.reference.handlers.len();
        if count > 0 {
            let on = &mut self.reference.handlers[on % count];
            on.guards.push(test);
            let imposed = self.installed[&on.name].impose(guard::<E>(Owner::KERNEL, test)).unwrap();
            self.imposed.push((test.id, imposed));
        }
    }

    fn impose_on_all(&mut self, post: bool, modulus: u64) {
        let test = Test { id: self.next() as usize, post, modulus };
        let imposed = self.event.core().impose_on_all(guard::<E>(Owner::KERNEL, test)).unwrap();
        self.imposed.push((test.id, imposed));
        self.reference.imposed.push(test);
        let theirs = self.reference.handlers.iter_mut().filter(|handler| handler.owner != 0);
        theirs.for_each(|handler| handler.guards.push(test));
    }

    fn lift(&mut self, place: usize) {
        if self.imposed.is_empty() {
            return;
        }
        let (id, imposed) = self.imposed.remove(place % self.imposed.len());
        let on = self.reference.handlers.iter().flat_map(|handler| &handler.guards);
        let is_there = on.chain(&self.reference.imposed).any(|test| test.id == id);
        assert_eq!(lift(imposed).is_ok(), is_there, "what is imposed goes with the binding");
        self.reference.imposed.retain(|test| test.id != id);
        self.reference.handlers.iter_mut().for_each(|handler| handler.guards.retain(|test| test.id != id));
    }

    fn raise(&mut self, keys: Keys, initial: u64) {
        let mut frame = Frame { keys, log: self.log, number: initial, nothing: () };
        let raised = raise_with(self.event, &mut frame);
        let (seen, expected) = self.reference.raise(keys, initial);
        let logged: Vec<u64> =
            std::mem::take(&mut *self.log.lock().unwrap()).into_iter().map(|(name, _)| name).collect();
        assert_eq!((logged, raised.is_ok()), (seen, expected.is_ok()), "{keys:?}");
        if E::RETURNS {
            assert_eq!(frame.number, expected.unwrap_or(initial), "{keys:?} from {initial}");
        }
    }

    /// Delivers everything; each handler gets what waits for it, in order.
    fn deliver(&mut self) {
        Contained::with(|strand| deliver(strand, usize::MAX));
        let logged = std::mem::take(&mut *self.log.lock().unwrap());
        let waited: usize = self.reference.handlers.iter().map(|handler| handler.queue.len()).sum();
        assert_eq!(logged.len(), waited);
        for handler in &mut self.reference.handlers {
            let theirs: Vec<Keys> =
                logged.iter().filter(|(name, _)| *name == handler.name).map(|(_, keys)| *keys).collect();
            handler.calls += theirs.len() as u64;
            assert_eq!(theirs, Vec::from(std::mem::take(&mut handler.queue)));
        }
    }

    pub(crate) fn carry_out(&mut self, operation: &Operation) {
        match operation {
            Operation::Install(wish) => self.install(wish),
            Operation::InstallTwo(one, other) => self.install_two([one, other]),
            Operation::Uninstall(place) => self.take(*place).into_iter().for_each(remove),
            Operation::Replace(place, wish) => self.replace(*place, wish),
            Operation::Default(wish) => self.set_default(wish),
            Operation::Fold => self.set_fold(),
            Operation::Impose(on, post, modulus) => self.impose(*on, *post, *modulus),
            Operation::ImposeOnAll(post, modulus) => self.impose_on_all(*post, *modulus),
            Operation::Lift(place) => self.lift(*place),
            Operation::Watch(on) => set_recording(*on),
            Operation::Raise(keys, initial) => self.raise(*keys, *initial),
            Operation::Deliver => self.deliver(),
        }
    }

    /// Compares what is left, and leaves nothing behind.
    pub(crate) fn end(mut self) {
        self.deliver();
        while let Some(installed) = self.take(0) {
            remove(installed);
        }
        self.default.into_iter().chain(self.fold).for_each(remove);
        set_recording(false);
    }
}
