//! Calls through a frame: what a Wasm extension makes, and what the kernel enters for it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{Interface, Item, Outcome, frame, procedure, schema};

/// `write_line` gives `WriteLineCall`.
pub(crate) fn frame_name(item: &Item) -> Ident {
    let name = item.name.to_string();
    let words = name.split('_').map(|word| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        first.to_uppercase() + rest
    });
    format_ident!("{}Call", words.collect::<String>(), span = item.name.span())
}

/// The frame of a procedure, and where its fields lie.
pub(crate) fn frame_struct(interface: &Interface, item: &Item) -> TokenStream {
    let frame = frame_name(item);
    let documentation =
        format!("The arguments of one call of `{}`, then its result.", schema::full_name(interface, item));
    let fields = frame::fields(item);
    let names: Vec<_> = item.arguments.iter().map(|argument| &argument.name).collect();
    let parameters = item.arguments.iter().map(|argument| argument.parameter(Some(quote!('a))));
    let lowered = item.arguments.iter().map(|argument| argument.lower());
    let (result, layout) = (result(item), frame::layout(item));
    let check = frame::check(item, &frame, &quote!(#frame::LAYOUT));
    quote! {
        #[doc = #documentation]
        #[repr(C)]
        pub struct #frame<'a> {
            #(#fields)*
            result_slot: ::spindle_abi::raw::ResultSlot<#result>,
            call: ::core::marker::PhantomData<&'a ()>,
        }

        impl<'a> #frame<'a> {
            /// Where the fields lie.
            pub const LAYOUT: &'static ::spindle_abi::FrameLayout = &#layout;

            /// Packs the arguments of one call; there is no result yet.
            #[inline(always)]
            #[must_use = "a frame does nothing until it is passed to the procedure"]
            pub fn frame(#(#parameters),*) -> Self {
                let result_slot = ::spindle_abi::raw::ResultSlot::empty();
                Self { #(#names: #lowered,)* result_slot, call: ::core::marker::PhantomData }
            }
        }

        #check
    }
}

/// In a Wasm extension: a call of an import with a frame on the stack, and the record that names it.
pub(crate) fn wasm_call(interface: &Interface, item: &Item) -> TokenStream {
    let (documentation, name, frame) = (&item.documentation, &item.name, frame_name(item));
    let parameters = item.arguments.iter().map(|argument| argument.parameter(None));
    let arguments = item.arguments.iter().map(|argument| &argument.name);
    let (arrow, record) = (item.outcome.arrow(), procedure::record(item));
    let import_frame = import_frame(interface, item);
    let unreachable = matches!(item.outcome, Outcome::Never).then(|| {
        quote! {
            ;
            ::core::arch::wasm32::unreachable()
        }
    });
    quote! {
        #(#documentation)*
        #[cfg(target_arch = "wasm32")]
        #[inline(always)]
        pub fn #name(#(#parameters),*) #arrow {
            #record
            ::spindle_abi::raw::call_import(#frame::frame(#(#arguments),*))
            #unreachable
        }

        #import_frame
    }
}

/// What ties the frame to the import.
fn import_frame(interface: &Interface, item: &Item) -> TokenStream {
    let (frame, result, name) = (frame_name(item), result(item), schema::full_name(interface, item));
    quote! {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            #[link(wasm_import_module = "spindle")]
            unsafe extern "C" {
                #[link_name = #name]
                fn import(frame: *mut ());
            }

            // SAFETY: the kernel takes this frame, whose layout is checked beside it, and writes the result.
            unsafe impl ::spindle_abi::raw::ImportFrame for #frame<'_> {
                type Result = #result;
                const IMPORT: ::spindle_abi::FramedFn = import;

                #[inline(always)]
                fn slot(&self) -> &::spindle_abi::raw::ResultSlot<#result> {
                    &self.result_slot
                }
            }
        };
    }
}

/// What the result slot holds; of no size if nothing comes back.
pub(crate) fn result(item: &Item) -> TokenStream {
    match &item.outcome {
        Outcome::Plain(ty) => quote!(#ty),
        Outcome::Nothing | Outcome::Never => quote!(()),
    }
}

/// In the kernel: the procedure of `T`, entered with a frame.
pub(crate) fn entry(item: &Item) -> TokenStream {
    let (frame, name) = (frame_name(item), &item.name);
    let arguments = item.arguments.iter().map(|argument| argument.take());
    let call = quote!(T::#name(#(#arguments),*));
    let call = match &item.outcome {
        Outcome::Plain(_) => quote!(frame.result_slot = ::spindle_abi::raw::ResultSlot::new(#call);),
        Outcome::Nothing => quote!(#call;),
        Outcome::Never => call,
    };
    quote! {
        impl<T: Procedures> ::spindle_abi::raw::FramedCall<T> for #frame<'static> {
            type Frame<'a> = #frame<'a>;

            fn call(frame: &mut #frame<'_>) {
                #call
            }
        }
    }
}
