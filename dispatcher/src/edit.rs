//! What a swap makes of one event's table, before anybody sees it.

use crate::binding::Binding;
use crate::event::EventCore;
use crate::key::Index;
use crate::order::place;
use crate::raw::owned::Owned;
use crate::raw::shared::Shared;
use crate::raw::step::Step;
use crate::reclaim::with_room;
use crate::swap::Imposition;
use crate::table::Table;
use crate::{BindingId, Bound, Guard, InstallError, Role, Swap};
use alloc::vec::Vec;

/// The new table of one event, and what is in it no more.
pub(crate) struct Edit {
    pub(crate) table: Owned<Table>,
    /// Bindings that leave, and whether they were uninstalled: else they are replaced by the same with other guards.
    pub(crate) gone: Vec<(Shared<Binding>, bool)>,
}

/// Applies what `swap` says about `event` to a copy of its table: removes, lifts, imposes, then adds.
///
/// O(bindings of the event); O(log of them) more for each addition that does not ask to be beside another.
pub(crate) fn edited(event: &'static EventCore, swap: &Swap) -> Result<Edit, InstallError> {
    let old = event.current();
    let mut editor = Editor::new(event, swap, old)?;
    for handler in &old.handlers {
        if let Some(kept) = editor.kept(handler)? {
            editor.handlers.push(kept);
        }
    }
    let mut default = old.default.as_ref().map(|binding| editor.kept(binding)).transpose()?.flatten();
    let mut result = old.result.as_ref().map(|binding| editor.kept(binding)).transpose()?.flatten();
    editor.check_all_found()?;
    for bound in swap.add.iter().filter(|bound| bound.event == event) {
        let singleton = match bound.binding.role {
            Role::Handler => {
                editor.add(bound.order, &bound.binding)?;
                continue;
            }
            Role::Default => &mut default,
            Role::Result => &mut result,
        };
        match singleton.replace(bound.binding.clone()) {
            None => {}
            Some(_) => return Err(InstallError::Occupied(bound.binding.role)),
        }
    }
    let Editor { handlers, imposed, gone, .. } = editor;
    if handlers.iter().filter(|handler| handler.is_intrinsic).count() > 1 {
        return Err(InstallError::Occupied(Role::Handler));
    }
    let index = Index::build(handlers.iter().map(|handler| handler.key.as_ref()))?;
    let mut steps = with_room(handlers.len())?;
    steps.extend(handlers.iter().map(|handler| Step::of(handler)));
    let table = Owned::try_new(Table { handlers, steps, index, default, result, imposed })?;
    Ok(Edit { table, gone })
}

struct Editor<'a> {
    event: &'static EventCore,
    swap: &'a Swap,
    /// What is to be removed and was not met yet, ascending.
    removals: Vec<BindingId>,
    removed: usize,
    handlers: Vec<Shared<Binding>>,
    imposed: Vec<Guard>,
    gone: Vec<(Shared<Binding>, bool)>,
}

impl<'a> Editor<'a> {
    fn new(event: &'static EventCore, swap: &'a Swap, old: &Table) -> Result<Self, InstallError> {
        let mut removals = with_room(swap.remove.len())?;
        removals.extend(swap.remove.iter().filter(|gone| gone.event == event).map(|gone| gone.id));
        removals.sort_unstable();
        // Exactly as much as the table will hold: it may stay for as long as the event.
        let stay = |handler: &&Shared<Binding>| removals.binary_search(&handler.callee.id()).is_err();
        let come = |bound: &&Bound| bound.event == event && bound.binding.role == Role::Handler;
        let handlers = old.handlers.iter().filter(stay).count() + swap.add.iter().filter(come).count();
        let mut editor = Self {
            event,
            swap,
            removals,
            removed: 0,
            handlers: with_room(handlers)?,
            imposed: Vec::new(),
            gone: with_room(old.handlers.len() + 2)?,
        };
        editor.check_guards(old)?;
        let kept = old.imposed.iter().filter(|guard| !swap.lifts(event, guard));
        let imposed = kept.chain(editor.for_all());
        let mut guards = with_room(imposed.clone().count())?;
        guards.extend(imposed.cloned());
        editor.imposed = guards;
        Ok(editor)
    }

    /// The guards that the swap imposes on this event.
    fn impositions(&self) -> impl Iterator<Item = &'a Imposition> + Clone + use<'a> {
        let event = self.event;
        self.swap.impose.iter().filter(move |imposition| imposition.event == event)
    }

    fn for_all(&self) -> impl Iterator<Item = &'a Guard> + Clone + use<'a> {
        self.impositions().filter(|imposition| imposition.on.is_none()).map(|imposition| &imposition.guard)
    }

    /// Every guard to be imposed is one of this event, on a handler that is there; every one to be lifted is there.
    fn check_guards(&self, old: &Table) -> Result<(), InstallError> {
        for imposition in self.impositions() {
            imposition.guard.check(self.event)?;
            let Some(on) = imposition.on else { continue };
            match old.find(on) {
                Some(binding) if binding.role == Role::Handler => {}
                Some(binding) => return Err(InstallError::NotInRole(binding.role)),
                None => return Err(InstallError::NotInstalled),
            }
        }
        let mut lifted = self.swap.lift.iter().filter(|imposed| imposed.event == self.event);
        let is_there = |id| {
            old.imposed.iter().any(|guard| guard.check.id == id)
                || old.bindings().any(|binding| binding.has_guard(id))
        };
        match lifted.all(|imposed| is_there(imposed.guard)) {
            true => Ok(()),
            false => Err(InstallError::NotInstalled),
        }
    }

    /// What becomes of a binding that is there: nothing, itself, or the same with other guards.
    fn kept(&mut self, binding: &Shared<Binding>) -> Result<Option<Shared<Binding>>, InstallError> {
        let id = binding.callee.id();
        if self.removals.binary_search(&id).is_ok() {
            self.removed += 1;
            self.gone.push((binding.clone(), true));
            return Ok(None);
        }
        let more = self.impositions().filter(|imposition| match imposition.on {
            Some(on) => on == id,
            None => self.is_subject(binding, &imposition.guard),
        });
        let more = more.map(|imposition| &imposition.guard);
        let is_lifted = binding.guards.iter().any(|guard| self.swap.lifts(self.event, guard));
        if !is_lifted && more.clone().next().is_none() {
            return Ok(Some(binding.clone()));
        }
        let guards = binding.guards_with(|guard| self.swap.lifts(self.event, guard), more)?;
        let changed = binding.with(binding.group, guards)?;
        self.gone.push((binding.clone(), false));
        Ok(Some(changed))
    }

    /// Whether a guard that is imposed on all is imposed on this one.
    fn is_subject(&self, binding: &Binding, guard: &Guard) -> bool {
        let owner = binding.callee.owner();
        binding.role == Role::Handler && owner != guard.owner() && owner != self.event.owner()
    }

    /// Puts a new handler in its place, under the guards that are imposed on all.
    fn add(&mut self, order: crate::Order, binding: &Shared<Binding>) -> Result<(), InstallError> {
        let describe = |handler: &Shared<Binding>| (handler.callee.id(), handler.group);
        let (position, group) = place(&self.handlers, order, describe)?;
        let imposed = self.imposed.iter().filter(|guard| self.is_subject(binding, guard));
        let binding = match group == binding.group && imposed.clone().next().is_none() {
            true => binding.clone(),
            false => binding.with(group, binding.guards_with(|_| false, imposed)?)?,
        };
        self.handlers.insert(position, binding);
        Ok(())
    }

    fn check_all_found(&self) -> Result<(), InstallError> {
        if self.removed == self.removals.len() { Ok(()) } else { Err(InstallError::NotInstalled) }
    }
}
