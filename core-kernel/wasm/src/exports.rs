//! Exports: what every extension module has, and what its descriptor says.

use alloc::vec::Vec;

use spindle_abi::descriptor::ABI_VERSION;
use spindle_abi::guest::{DESCRIPTOR, Descriptor, MEMORY, TABLE, WINDOW, WINDOW_ALIGN, WINDOW_BYTES};
use wasmi::{
    ExternType, Func, Instance, Memory, Module, Mutability, Ref, RefType, Store, Table, TypedFunc, Val,
    ValType, WasmParams, WasmResults,
};

use crate::host::Host;
use crate::report::{Report, Signature};

/// `start`: takes where to write the closure, returns the code of a status.
pub(crate) type StartFn = TypedFunc<u32, u32>;
/// `stop`: takes the closure.
pub(crate) type StopFn = TypedFunc<u32, ()>;
/// A handler: takes the closure and the address of a frame.
pub(crate) type HandlerFn = TypedFunc<(u32, u32), ()>;

/// What an instance is entered by.
pub(crate) struct Exports {
    pub(crate) memory: Memory,
    pub(crate) window: u32,
    pub(crate) start: StartFn,
    pub(crate) stop: StopFn,
    pub(crate) handlers: Vec<HandlerFn>,
}

/// Reports what a module does not export, or exports as something else.
pub(crate) fn check(module: &Module, report: &mut Report<'_>) {
    expect(module, MEMORY, "a memory", |ty| matches!(ty, ExternType::Memory(_)), report);
    let is_table = |ty| matches!(ty, ExternType::Table(table) if table.element() == RefType::Func);
    expect(module, TABLE, "a table of functions", is_table, report);
    for global in [DESCRIPTOR, WINDOW] {
        expect(module, global, "an immutable global of type i32", is_address, report);
    }
}

fn is_address(ty: ExternType) -> bool {
    matches!(ty, ExternType::Global(global)
        if global.content() == ValType::I32 && global.mutability() == Mutability::Const)
}

fn expect(
    module: &Module,
    name: &str,
    what: &str,
    is_it: impl Fn(ExternType) -> bool,
    report: &mut Report<'_>,
) {
    match module.get_export(name) {
        Some(ty) if is_it(ty.clone()) => {}
        Some(_) => report.add(format_args!("exports `{name}`, but not as {what}")),
        None => report.add(format_args!("does not export `{name}`, {what}")),
    }
}

/// Reads the descriptor of an instance whose module was checked, and finds its functions.
///
/// `handlers` is how many the manifest names. `None` if something was reported.
pub(crate) fn resolve(
    store: &Store<Host>,
    instance: &Instance,
    handlers: usize,
    report: &mut Report<'_>,
) -> Option<Exports> {
    let memory = instance.get_memory(store, MEMORY)?;
    let functions = Functions { store, table: instance.get_table(store, TABLE)? };
    let bytes = memory.data(store);
    let window = address(store, instance, WINDOW)?;
    check_window(window, bytes.len(), report);
    let descriptor = descriptor(address(store, instance, DESCRIPTOR)?, bytes, handlers, report)?;
    let start = functions.find("start", descriptor.start, report);
    let stop = functions.find("stop", descriptor.stop, report);
    let indices = indices(&descriptor, bytes, report)?;
    let find = |(number, index)| functions.find_handler(number, index, report);
    let handlers: Vec<_> = indices.enumerate().filter_map(find).collect();
    let exports = Exports { memory, window, start: start?, stop: stop?, handlers };
    (report.count() == 0).then_some(exports)
}

fn address(store: &Store<Host>, instance: &Instance, name: &str) -> Option<u32> {
    match instance.get_global(store, name)?.get(store) {
        Val::I32(address) => Some(address.cast_unsigned()),
        _ => None,
    }
}

fn check_window(window: u32, memory_bytes: usize, report: &mut Report<'_>) {
    if !(window as usize).is_multiple_of(WINDOW_ALIGN) {
        report.add(format_args!("`{WINDOW}` is {window:#x}, which is no multiple of {WINDOW_ALIGN}"));
    }
    if window as usize + WINDOW_BYTES > memory_bytes {
        report.add(format_args!(
            "`{WINDOW}` is {window:#x}: {WINDOW_BYTES} bytes from there are not in its memory of {memory_bytes} bytes"
        ));
    }
}

fn descriptor(at: u32, memory: &[u8], handlers: usize, report: &mut Report<'_>) -> Option<Descriptor> {
    let Some(bytes) = memory.get(at as usize..).and_then(<[u8]>::first_chunk) else {
        report.add(format_args!("its descriptor at {at:#x} is not in its memory of {} bytes", memory.len()));
        return None;
    };
    let descriptor = Descriptor::read(bytes);
    if descriptor.abi_version != ABI_VERSION {
        report.add(format_args!(
            "its descriptor is of version {}, and this kernel takes version {ABI_VERSION}",
            descriptor.abi_version
        ));
        return None;
    }
    if descriptor.handler_count as usize != handlers {
        report.add(format_args!(
            "its descriptor has {} handlers and its manifest {handlers}",
            descriptor.handler_count
        ));
        return None;
    }
    Some(descriptor)
}

/// The table indices of the handlers.
fn indices<'a>(
    descriptor: &Descriptor,
    memory: &'a [u8],
    report: &mut Report<'_>,
) -> Option<impl Iterator<Item = u32> + use<'a>> {
    let (at, count) = (descriptor.handlers, descriptor.handler_count as usize);
    let Some(bytes) = memory.get(at as usize..).and_then(|bytes| bytes.get(..4 * count)) else {
        report.add(format_args!("the indices of its handlers at {at:#x} are not in its memory"));
        return None;
    };
    let (indices, _) = bytes.as_chunks();
    Some(indices.iter().map(|index| u32::from_le_bytes(*index)))
}

/// Functions by their place in the table.
struct Functions<'a> {
    store: &'a Store<Host>,
    table: Table,
}

impl Functions<'_> {
    fn find_handler(&self, number: usize, index: u32, report: &mut Report<'_>) -> Option<HandlerFn> {
        self.find_called(format_args!("handler {number}"), index, report)
    }

    fn find<P: WasmParams, R: WasmResults>(
        &self,
        what: &str,
        index: u32,
        report: &mut Report<'_>,
    ) -> Option<TypedFunc<P, R>> {
        self.find_called(format_args!("`{what}`"), index, report)
    }

    fn find_called<P: WasmParams, R: WasmResults>(
        &self,
        what: core::fmt::Arguments<'_>,
        index: u32,
        report: &mut Report<'_>,
    ) -> Option<TypedFunc<P, R>> {
        let Some(entry) = self.table.get(self.store, index.into()) else {
            let size = self.table.size(self.store);
            report.add(format_args!("{what} is entry {index} of its table, which has {size}"));
            return None;
        };
        let Ref::Func(function) = entry else { return None };
        let Some(function) = function.val() else {
            report.add(format_args!("{what} is entry {index} of its table, which is empty"));
            return None;
        };
        self.typed(what, *function, report)
    }

    fn typed<P: WasmParams, R: WasmResults>(
        &self,
        what: core::fmt::Arguments<'_>,
        function: Func,
        report: &mut Report<'_>,
    ) -> Option<TypedFunc<P, R>> {
        let typed = function.typed(self.store).ok();
        if typed.is_none() {
            let (found, expected) = (function.ty(self.store), signature::<P, R>());
            report.add(format_args!(
                "{what} is a function {}, and must be {}",
                Signature(&found),
                Signature(&expected)
            ));
        }
        typed
    }
}

fn signature<P: WasmParams, R: WasmResults>() -> wasmi::FuncType {
    wasmi::FuncType::new(P::types(), R::types())
}
