//! The executable specification of a raise: a list of handlers, walked in order, nothing shared and nothing fast.
//!
//! What the dispatcher does by tables, indices, fast paths and crossings has to come to what this comes to.

use std::collections::VecDeque;

/// What a raise carries that decides anything: two key fields.
pub(crate) type Keys = [u64; 2];

/// A guard that looks at the first key field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Test {
    pub(crate) id: usize,
    pub(crate) post: bool,
    pub(crate) modulus: u64,
}

impl Test {
    pub(crate) fn holds(self, keys: Keys) -> bool {
        !keys[0].is_multiple_of(self.modulus)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    First,
    Ordinary,
    Last,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Front,
    Middle,
    End,
    Before(u64),
    After(u64),
}

/// A handler; it answers what it finds and its number, twice, and an odd number to pass the raise on.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) name: u64,
    pub(crate) owner: u32,
    pub(crate) group: Group,
    /// Field, and the range that it must be in.
    pub(crate) keys: Vec<(usize, u64, u64)>,
    pub(crate) guards: Vec<Test>,
    pub(crate) cancels: bool,
    pub(crate) asynchronous: bool,
    pub(crate) passes_on: bool,
    /// What waits for it.
    pub(crate) queue: VecDeque<Keys>,
    pub(crate) calls: u64,
    pub(crate) rejections: u64,
    pub(crate) drops: u64,
}

impl Binding {
    pub(crate) fn answer(&self, found: u64) -> u64 {
        found + 2 * self.name + u64::from(self.passes_on)
    }
}

/// An event.
#[derive(Debug, Default)]
pub(crate) struct Event {
    pub(crate) returns: bool,
    pub(crate) chained: bool,
    pub(crate) capacity: usize,
    pub(crate) handlers: Vec<Binding>,
    pub(crate) default: Option<Binding>,
    pub(crate) folds: bool,
    /// Guards on everybody's handlers but the kernel's.
    pub(crate) imposed: Vec<Test>,
}

/// How two answers are folded into one: so that order shows.
pub(crate) fn fold(previous: u64, next: u64) -> u64 {
    previous.wrapping_mul(31).wrapping_add(next) & !1
}

impl Event {
    /// Raises; returns who was called at once, and the answer, or that nobody gave the one that was wanted.
    pub(crate) fn raise(&mut self, keys: Keys, initial: u64) -> (Vec<u64>, Result<u64, ()>) {
        let (mut seen, mut standing, mut has_run) = (Vec::new(), None, false);
        for handler in &mut self.handlers {
            if !handler.keys.iter().all(|&(field, from, to)| (from..=to).contains(&keys[field])) {
                continue;
            }
            if !handler.guards.iter().filter(|test| !test.post).all(|test| test.holds(keys)) {
                handler.rejections += 1;
                continue;
            }
            if handler.asynchronous {
                match handler.queue.len() < self.capacity {
                    true => handler.queue.push_back(keys),
                    false => handler.drops += 1,
                }
            } else {
                seen.push(handler.name);
                handler.calls += 1;
                if !handler.guards.iter().filter(|test| test.post).all(|test| test.holds(keys)) {
                    handler.rejections += 1;
                    continue;
                }
                if self.chained && handler.passes_on {
                    continue;
                }
                let answer = handler.answer(initial);
                standing =
                    Some(standing.filter(|_| self.folds).map_or(answer, |so_far| fold(so_far, answer)));
            }
            has_run = true;
            if handler.cancels || self.chained {
                break;
            }
        }
        if let Some(default) = self.default.as_mut().filter(|_| !has_run) {
            seen.push(default.name);
            default.calls += 1;
            has_run = !(self.chained && default.passes_on);
            standing = has_run.then(|| default.answer(initial));
        }
        let is_answered = has_run || !(self.returns || self.chained);
        (seen, if is_answered { Ok(standing.unwrap_or(initial)) } else { Err(()) })
    }

    /// Puts a handler in its place, under the guards that are imposed on all.
    pub(crate) fn add(&mut self, mut new: Binding, place: Place) {
        let position =
            |name| self.handlers.iter().position(|handler| handler.name == name).expect("it is there");
        let end = |group| self.handlers.iter().filter(|handler| handler.group <= group).count();
        let (at, group) = match place {
            Place::Front => (0, Group::First),
            Place::Middle => (end(Group::Ordinary), Group::Ordinary),
            Place::End => (self.handlers.len(), Group::Last),
            Place::Before(name) => (position(name), self.handlers[position(name)].group),
            Place::After(name) => (position(name) + 1, self.handlers[position(name)].group),
        };
        new.group = group;
        if new.owner != 0 {
            new.guards.extend(&self.imposed);
        }
        self.handlers.insert(at, new);
    }
}
