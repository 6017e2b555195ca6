//! Procedures: the native extension's call, the kernel's entry, and the way between them on the host.
//!
//! *Not here.* What passes a frame (`call`): a Wasm extension's call, and the kernel's entry for it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Interface, Item, call, schema};

/// Everything that the procedures of an interface expand to; nothing if it has none.
pub(crate) fn expand(interface: &Interface) -> TokenStream {
    if interface.procedures.is_empty() {
        return TokenStream::new();
    }
    let declarations = interface.procedures.iter().map(|item| declaration(interface, item));
    let calls = interface.procedures.iter().map(|item| native_call(interface, item));
    let frames = interface.procedures.iter().map(|item| call::frame_struct(interface, item));
    let wasm_calls = interface.procedures.iter().map(|item| call::wasm_call(interface, item));
    let host_calls = interface.procedures.iter().map(host_call);
    let procedures = procedures_trait(interface);
    let exports = exports(interface);
    let host = host_table(interface);
    quote! {
        #(#declarations)*
        #(#frames)*
        #(#calls)*
        #(#wasm_calls)*
        #(#host_calls)*
        #procedures
        #exports
        #host
    }
}

fn declaration(interface: &Interface, item: &Item) -> TokenStream {
    let (constant, declaration) = (schema::constant(item), schema::declaration("fn", interface, item));
    let documentation = format!("The declaration of `{}`.", schema::full_name(interface, item));
    quote! {
        #[doc = #documentation]
        pub const #constant: &::spindle_abi::Declaration = #declaration;
    }
}

/// In an extension: a direct call to an undefined symbol, which the loader patches, and the record that names
/// it.
fn native_call(interface: &Interface, item: &Item) -> TokenStream {
    let (documentation, name, record) = (&item.documentation, &item.name, record(item));
    let symbol = format!("spindle.{}", schema::full_name(interface, item));
    let parameters = item.arguments.iter().map(|argument| argument.parameter(None));
    let lowered = item.arguments.iter().map(|argument| {
        let (name, ty) = (&argument.name, argument.lowered(quote!('_)));
        quote!(#name: #ty)
    });
    let arguments = item.arguments.iter().map(|argument| argument.lower());
    let arrow = item.outcome.arrow();
    quote! {
        #(#documentation)*
        #[cfg(all(target_os = "none", not(feature = "kernel")))]
        #[inline(always)]
        pub fn #name(#(#parameters),*) #arrow {
            #record
            unsafe extern "C" {
                #[link_name = #symbol]
                safe fn import(#(#lowered),*) #arrow;
            }
            import(#(#arguments),*)
        }
    }
}

/// The record that names a procedure to the packer.
pub(crate) fn record(item: &Item) -> TokenStream {
    let constant = schema::constant(item);
    quote! {
        const RECORD: ::spindle_abi::record::Record<'static> =
            ::spindle_abi::record::Record::Import { declaration: #constant };
        #[used]
        #[unsafe(link_section = ".note.spindle")]
        static BYTES: [u8; RECORD.length()] = RECORD.bytes();
    }
}

/// On the host: a call through the table that testkit installed.
fn host_call(item: &Item) -> TokenStream {
    let (documentation, name) = (&item.documentation, &item.name);
    let parameters = item.arguments.iter().map(|argument| argument.parameter(None));
    let arguments = item.arguments.iter().map(|argument| &argument.name);
    let arrow = item.outcome.arrow();
    quote! {
        #(#documentation)*
        #[cfg(not(any(target_os = "none", target_arch = "wasm32")))]
        pub fn #name(#(#parameters),*) #arrow {
            (host::table().#name)(#(#arguments),*)
        }
    }
}

fn procedures_trait(interface: &Interface) -> TokenStream {
    let documentation =
        format!("What implements the procedures of `{}`: the kernel, or a fake.", interface.name);
    let procedures = interface.procedures.iter().map(|item| {
        let (documentation, name, arrow) = (&item.documentation, &item.name, item.outcome.arrow());
        let parameters = item.arguments.iter().map(|argument| argument.parameter(None));
        quote!(#(#documentation)* fn #name(#(#parameters),*) #arrow;)
    });
    quote! {
        #[doc = #documentation]
        pub trait Procedures: 'static {
            #(#procedures)*
        }
    }
}

/// In the kernel: entry points with the same calling convention as `native_call`, each probing the stack first.
fn exports(interface: &Interface) -> TokenStream {
    let count = interface.procedures.len();
    let entries = interface.procedures.iter().map(entry);
    let framed_entries = interface.procedures.iter().map(call::entry);
    let exports = interface.procedures.iter().map(|item| {
        let (name, constant, frame) = (&item.name, schema::constant(item), call::frame_name(item));
        quote! {
            ::spindle_abi::Export {
                declaration: #constant,
                entry: ::spindle_abi::CodePointer::new(#name::<T> as *const ()),
                layout: #frame::LAYOUT,
                framed: ::spindle_abi::raw::framed::<T, #frame<'static>>(),
            }
        }
    });
    quote! {
        #(#framed_entries)*

        /// The procedures of `T`, for the loader to link extensions to.
        pub const fn exports<T: Procedures>() -> [::spindle_abi::Export; #count] {
            #(#entries)*
            [#(#exports),*]
        }
    }
}

fn entry(item: &Item) -> TokenStream {
    let (name, arrow) = (&item.name, item.outcome.arrow());
    let lowered = item.arguments.iter().map(|argument| {
        let (name, ty) = (&argument.name, argument.lowered(quote!('_)));
        let mutable = argument.is_lifted_by_borrow().then(|| quote!(mut));
        quote!(#mutable #name: #ty)
    });
    let arguments = item.arguments.iter().map(|argument| {
        let name = &argument.name;
        argument.lift(&quote!(#name))
    });
    quote! {
        extern "C" fn #name<T: Procedures>(#(#lowered),*) #arrow {
            ::spindle_abi::raw::stack_probe();
            T::#name(#(#arguments),*)
        }
    }
}

/// On the host: the table, set once for the process.
fn host_table(interface: &Interface) -> TokenStream {
    let names: Vec<_> = interface.procedures.iter().map(|item| &item.name).collect();
    let types = interface.procedures.iter().map(|item| {
        let arguments = item.arguments.iter().map(|argument| argument.typed(None));
        let arrow = item.outcome.arrow();
        quote!(fn(#(#arguments),*) #arrow)
    });
    quote! {
        /// How the procedures reach a fake kernel on the host.
        #[cfg(not(any(target_os = "none", target_arch = "wasm32")))]
        pub mod host {
            extern crate std;
            #[allow(unused_imports, reason = "the types that the interface names")]
            use super::*;

            pub(super) struct Table { #(pub(super) #names: #types),* }

            static TABLE: std::sync::OnceLock<Table> = std::sync::OnceLock::new();

            /// Makes the procedures call those of `T`. The first call of the process decides.
            pub fn install<T: super::Procedures>() {
                TABLE.get_or_init(|| Table { #(#names: T::#names),* });
            }

            pub(super) fn table() -> &'static Table {
                TABLE.get().expect("no kernel here: load the extension with `spindle_testkit::Testkit` first")
            }
        }
    }
}
