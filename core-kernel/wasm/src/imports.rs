//! Imports: what a module asks for, against what it was given.

use alloc::sync::Arc;

use spindle_abi::guest::IMPORT_MODULE;
use spindle_abi::{FrameLayout, FramedFn};
use spindle_kerncore::nearest::nearest;
use wasmi::{Caller, Engine, ExternType, FuncType, ImportType, Linker, Module, ValType};

use crate::activity::Activity;
use crate::host::{Bound, Host};
use crate::native::Call;
use crate::plan::Plan;
use crate::report::{Report, Shown, Signature};

/// A procedure that a module may call.
#[derive(Clone, Copy, Debug)]
pub struct Import {
    /// Its name, for example `console.write_line`.
    pub name: &'static str,
    /// Its arguments and its result.
    pub layout: &'static FrameLayout,
    /// The procedure, which takes native frames of that layout (INV-WASM-4).
    pub call: FramedFn,
}

impl From<&spindle_abi::Export> for Import {
    fn from(export: &spindle_abi::Export) -> Self {
        Self { name: export.declaration.name, layout: export.layout, call: export.framed }
    }
}

/// Reports every import that was not given, or is of a type that no procedure has.
pub(crate) fn check(module: &Module, given: &[Import], report: &mut Report<'_>) {
    for import in module.imports() {
        if import.module() != IMPORT_MODULE {
            report.add(format_args!(
                "imports {} of {}: what can be imported is of module `{IMPORT_MODULE}`",
                Shown(import.name()),
                Shown(import.module())
            ));
        } else if find(given, &import).is_none() {
            report_unknown(import.name(), given, report);
        } else {
            check_type(&import, report);
        }
    }
}

fn find<'a>(given: &'a [Import], import: &ImportType<'_>) -> Option<&'a Import> {
    given.iter().find(|candidate| candidate.name == import.name())
}

fn report_unknown(name: &str, given: &[Import], report: &mut Report<'_>) {
    match nearest(name, given.iter().map(|import| import.name)) {
        Some(near) => {
            report.add(format_args!("imports {}, which it was not given; nearest is `{near}`", Shown(name)))
        }
        None => report.add(format_args!("imports {}, which it was not given", Shown(name))),
    }
}

fn check_type(import: &ImportType<'_>, report: &mut Report<'_>) {
    let name = Shown(import.name());
    match import.ty() {
        ExternType::Func(ty) if *ty == procedure_type() => {}
        ExternType::Func(ty) => report.add(format_args!(
            "imports {name} as {}: every procedure is {}",
            Signature(ty),
            Signature(&procedure_type())
        )),
        _ => report.add(format_args!("imports {name}, a procedure, as something else")),
    }
}

/// The type of every import: it takes the address of a frame.
fn procedure_type() -> FuncType {
    FuncType::new([ValType::I32], [])
}

/// Binds what a checked module imports; `via` is how each is called.
pub(crate) fn bind(
    engine: &Engine,
    module: &Module,
    given: &[Import],
    via: Call,
    activity: &Arc<Activity>,
    is_metered: bool,
) -> Result<Linker<Host>, wasmi::Error> {
    let mut linker = Linker::new(engine);
    // A module may import one procedure several times.
    linker.allow_shadowing(true);
    for import in module.imports().filter_map(|import| find(given, &import)) {
        let Import { name, layout, call } = *import;
        let bound =
            Bound { name, plan: Plan::new(layout), call, via, activity: activity.clone(), is_metered };
        let call = move |caller: Caller<'_, Host>, frame: u32| bound.call(caller, frame);
        linker.func_wrap(IMPORT_MODULE, name, call)?;
    }
    Ok(linker)
}
