//! Handlers: code on its way to an event, and what is asked for it.

use crate::raw::callee::Code;
use crate::raw::closure::{self, Closure};
use crate::{Guard, InstallError, KeyGuard, Order, Owner};
use spindle_abi::EventSpec;

/// What a callee is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It handles raises, in the order of the table.
    Handler,
    /// It handles raises that no handler ran for. One at most.
    Default,
    /// It makes one result of two. One at most.
    Result,
}

/// How code is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Kernel code: called directly; a fault in it is the kernel's own.
    Kernel,
    /// An extension's code: entered by a crossing and abandoned if it faults.
    Extension,
}

/// A handler that is part of the kernel, or of the program that uses the crate, and has no state but statics.
pub trait KernelHandler<E: EventSpec>: 'static {
    /// Handles one raise.
    fn handle(frame: &mut E::Frame<'_>);
}

/// Code about to be bound, in any [`Role`].
#[derive(Debug)]
#[must_use = "a handler does nothing until it is installed"]
pub struct Handler {
    pub(crate) code: Code,
    pub(crate) role: Role,
    pub(crate) key: Option<KeyGuard>,
    pub(crate) guard: Option<Guard>,
    pub(crate) order: Order,
    pub(crate) cancels: bool,
    pub(crate) asynchronous: bool,
    pub(crate) intrinsic: bool,
}

impl Handler {
    /// The kernel handler `H`. With nothing else on its event, raising costs an indirect call.
    pub fn kernel<E: EventSpec, H: KernelHandler<E>>() -> Self {
        let code = Code::kernel(closure::kernel::<E, H>(), E::DECLARATION, None);
        Self::new(Code { direct: Some(closure::direct::<E, H>()), ..code })
    }

    /// A handler of the kernel with state.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub fn closure<E: EventSpec>(
        handle: impl Fn(&mut E::Frame<'_>) + Send + Sync + 'static,
    ) -> Result<Self, InstallError> {
        let enter = closure::handler::<E, _>(&handle);
        Ok(Self::new(Code::kernel(enter, E::DECLARATION, Some(Closure::try_new(handle)?))))
    }

    /// A result handler of the kernel: given what the handlers so far came to and what the next one answered, it says what they come
    /// to together.
    ///
    /// # Errors
    /// [`InstallError::OutOfMemory`]
    pub fn fold<E: EventSpec>(
        fold: impl Fn(E::Result, E::Result) -> E::Result + Send + Sync + 'static,
    ) -> Result<Self, InstallError> {
        let enter = closure::fold::<E, _>(&fold);
        Ok(Self::new(Code::kernel(enter, E::DECLARATION, Some(Closure::try_new(fold)?))).as_result())
    }

    pub(crate) fn new(code: Code) -> Self {
        Self {
            code,
            role: Role::Handler,
            key: None,
            guard: None,
            order: Order::Ordinary,
            cancels: false,
            asynchronous: false,
            intrinsic: false,
        }
    }

    /// The same, called only if `guard` holds as well.
    pub fn with_key(self, guard: KeyGuard) -> Self {
        Self { key: Some(guard), ..self }
    }

    /// The same, called only if `guard` holds: one of its own; others may be imposed. Replaces one given before.
    pub fn with_guard(self, guard: Guard) -> Self {
        Self { guard: Some(guard), ..self }
    }

    /// The same at another place among the event's handlers.
    pub fn ordered(self, order: Order) -> Self {
        Self { order, ..self }
    }

    /// The same; once it ran, the rest are not called.
    pub fn cancelling(self) -> Self {
        Self { cancels: true, ..self }
    }

    /// The same, called later by the executor; the raiser goes on at once.
    pub fn asynchronous(self) -> Self {
        Self { asynchronous: true, ..self }
    }

    /// The event's default handler.
    pub fn as_default(self) -> Self {
        Self { role: Role::Default, ..self }
    }

    /// The event's result handler.
    pub fn as_result(self) -> Self {
        Self { role: Role::Result, ..self }
    }

    /// The event's own handler, which [`EventCore::intrinsic`](crate::EventCore::intrinsic) finds. One at most.
    pub fn intrinsic(self) -> Self {
        Self { intrinsic: true, ..self }
    }

    /// Whose it is.
    pub fn owner(&self) -> Owner {
        self.code.owner
    }

    /// What it is for.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Its key guard, if it has one.
    pub fn key(&self) -> Option<&KeyGuard> {
        self.key.as_ref()
    }

    /// Whether it has a guard of its own that is code.
    pub fn is_guarded(&self) -> bool {
        self.guard.is_some()
    }

    /// Where it asks to be.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Whether it keeps those behind it from being called.
    pub fn is_cancelling(&self) -> bool {
        self.cancels
    }

    /// Whether it is called later.
    pub fn is_asynchronous(&self) -> bool {
        self.asynchronous
    }
}
