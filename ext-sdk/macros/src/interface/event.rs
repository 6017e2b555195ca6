//! Events: the unit struct, its frame, and the typed handler trait.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::{Interface, Item, Outcome, frame, guard, schema};

/// Everything that one event expands to.
pub(crate) fn expand(interface: &Interface, item: &Item) -> TokenStream {
    let event = event(interface, item);
    let frame = frame_struct(interface, item);
    let spec = spec(interface, item);
    let handler = handler(interface, item);
    let guard = guard::expand(interface, item);
    quote!(#event #frame #spec #handler #guard)
}

fn frame_name(item: &Item) -> Ident {
    format_ident!("{}Frame", item.name)
}

fn handler_name(item: &Item) -> Ident {
    format_ident!("{}Handler", item.name)
}

fn event(interface: &Interface, item: &Item) -> TokenStream {
    let (documentation, name, frame) = (&item.documentation, &item.name, frame_name(item));
    let signature = format!("```text\n{}\n```", signature(interface, item));
    let names: Vec<_> = item.arguments.iter().map(|argument| &argument.name).collect();
    let parameters = item.arguments.iter().map(|argument| argument.parameter(Some(quote!('a))));
    let lowered = item.arguments.iter().map(|argument| argument.lower());
    let slot = default_slot(item);
    let result = result(item);
    let handler = handler_name(item);
    let guards = guard::constructors(item);
    let many = item.allow_many();
    quote! {
        #(#documentation)*
        ///
        #[doc = #signature]
        #[derive(Clone, Copy, Debug)]
        pub struct #name;

        impl #name {
            /// Packs the arguments of one raise; the result slot holds the default.
            #[inline(always)]
            #many
            #[must_use = "a frame does nothing until it is raised"]
            pub fn frame<'a>(#(#parameters),*) -> #frame<'a> {
                #frame { #(#names: #lowered,)* result_slot: #slot, raise: ::core::marker::PhantomData }
            }

            #result

            /// Makes a handler with body `H`.
            pub const fn handler<State: 'static, H: #handler<State> + 'static>(
                options: ::spindle_abi::Options<'static>,
            ) -> ::spindle_abi::Handler<State> {
                ::spindle_abi::Handler::new::<Self, ::spindle_abi::handler::Body<H>>(options)
            }

            /// Makes the default handler with body `H`, for raises that no handler handles.
            pub const fn default_handler<State: 'static, H: #handler<State> + 'static>() -> ::spindle_abi::Handler<State> {
                ::spindle_abi::Handler::as_default::<Self, ::spindle_abi::handler::Body<H>>()
            }

            #guards
        }
    }
}

/// The result slot's first value, for a handler that never answers.
fn default_slot(item: &Item) -> TokenStream {
    match &item.outcome {
        Outcome::Plain(ty) => quote_spanned!(ty.span()=> <#ty as ::core::default::Default>::default()),
        Outcome::Nothing | Outcome::Never => quote!(()),
    }
}

/// The type of the result slot; `()`, which takes no room, if there is no result.
fn result_type(item: &Item) -> TokenStream {
    match &item.outcome {
        Outcome::Plain(ty) => quote!(#ty),
        Outcome::Nothing | Outcome::Never => quote!(()),
    }
}

fn result(item: &Item) -> Option<TokenStream> {
    let Outcome::Plain(ty) = &item.outcome else { return None };
    let frame = frame_name(item);
    Some(quote! {
        /// What the last handler to finish answered; the default if none did.
        #[inline(always)]
        pub fn result(frame: &#frame<'_>) -> #ty {
            frame.result_slot
        }
    })
}

/// The declaration as its author wrote it, for the page about the event.
fn signature(interface: &Interface, item: &Item) -> String {
    let arguments: Vec<_> = item
        .arguments
        .iter()
        .map(|argument| {
            let key = if argument.is_key { "#[key] " } else { "" };
            let (before, after) = argument.shape.schema_text();
            let plain = argument.shape.plain().map(|ty| quote!(#ty).to_string()).unwrap_or_default();
            format!("{key}{}: {before}{plain}{after}", argument.name)
        })
        .collect();
    let outcome = match &item.outcome {
        Outcome::Plain(ty) => format!(" -> {}", quote!(#ty)),
        Outcome::Nothing | Outcome::Never => String::new(),
    };
    let mark = |mark: Option<Span>, text| mark.map_or("", |_| text);
    let marks =
        [mark(item.marks.chained, "#[chained] "), mark(item.marks.interrupt, "#[interrupt] ")].concat();
    format!("{marks}event {}({}){outcome}", schema::full_name(interface, item), arguments.join(", "))
}

fn frame_struct(interface: &Interface, item: &Item) -> TokenStream {
    let frame = frame_name(item);
    let documentation =
        format!("The arguments of one raise of `{}`, then its result.", schema::full_name(interface, item));
    let fields = frame::fields(item);
    let result = result_type(item);
    quote! {
        #[doc = #documentation]
        #[repr(C)]
        pub struct #frame<'a> {
            #(#fields)*
            result_slot: #result,
            raise: ::core::marker::PhantomData<&'a ()>,
        }
    }
}

fn spec(interface: &Interface, item: &Item) -> TokenStream {
    let (name, frame, declaration) =
        (&item.name, frame_name(item), schema::declaration("event", interface, item));
    let fields = item.keys().map(|argument| {
        let (name, ty) = (argument.name.to_string(), argument.lowered(quote!('static)));
        quote_spanned! {argument.span()=>
            ::spindle_abi::KeyField { name: #name, kind: <#ty as ::spindle_abi::key::KeyArgument>::KIND }
        }
    });
    let (returns, result) = (matches!(item.outcome, Outcome::Plain(_)), result_type(item));
    let (chained, interrupt) = (item.marks.chained.is_some(), item.marks.interrupt.is_some());
    let is_handled = is_handled(item);
    let key = read_key(item);
    let layout = frame::layout(item);
    let given = quote!(<#name as ::spindle_abi::EventSpec>::FRAME.expect("it is given below"));
    let check = frame::check(item, &frame, &given);
    quote! {
        #check

        // SAFETY: the declaration is named after this event, and its frame is made and checked here; its
        // layout, which is checked, says whether a copy of its bytes is one of it.
        unsafe impl ::spindle_abi::EventSpec for #name {
            const DECLARATION: &'static ::spindle_abi::Declaration = #declaration;
            const KEYS: &'static [::spindle_abi::KeyField] = &[#(#fields),*];
            const FRAME: ::core::option::Option<&'static ::spindle_abi::FrameLayout> =
                ::core::option::Option::Some(&#layout);
            const RETURNS: bool = #returns;
            const CHAINED: bool = #chained;
            const INTERRUPT: bool = #interrupt;
            const QUEUEABLE: bool = #given.is_queueable();
            type Frame<'a> = #frame<'a>;
            type Result = #result;

            #[inline(always)]
            fn result<'a>(frame: &'a mut #frame<'_>) -> &'a mut #result {
                &mut frame.result_slot
            }

            #is_handled

            #[inline(always)]
            fn key<'a>(frame: &'a #frame<'_>, field: usize) -> ::spindle_abi::Key<'a> {
                #key
            }
        }
    }
}

/// What a chained event asks of its result.
fn is_handled(item: &Item) -> Option<TokenStream> {
    item.marks.chained?;
    let Outcome::Plain(ty) = &item.outcome else { return None };
    let ask = quote_spanned!(ty.span()=> <#ty as ::spindle_abi::Answer>::is_handled(result));
    Some(quote! {
        #[inline(always)]
        fn is_handled(result: &#ty) -> bool {
            #ask
        }
    })
}

fn read_key(item: &Item) -> TokenStream {
    let mut reads: Vec<_> = item
        .keys()
        .map(|argument| {
            let (name, ty) = (&argument.name, argument.lowered(quote!('_)));
            quote_spanned!(argument.span()=> <#ty as ::spindle_abi::key::KeyArgument>::key(&frame.#name))
        })
        .collect();
    let Some(last) = reads.pop() else {
        return quote! {
            let _ = (frame, field);
            ::spindle_abi::Key::Integer(0)
        };
    };
    let indices = 0..reads.len();
    quote! {
        match field {
            #(#indices => #reads,)*
            _ => #last,
        }
    }
}

fn handler(interface: &Interface, item: &Item) -> TokenStream {
    let (name, frame, handler) = (&item.name, frame_name(item), handler_name(item));
    let documentation =
        format!("What handles `{}`, with a `State` of its own.", schema::full_name(interface, item));
    let parameters = item.arguments.iter().map(|argument| argument.parameter(None));
    let arguments = item.arguments.iter().map(|argument| argument.take());
    let arrow = item.outcome.arrow();
    let many = item.allow_many();
    let call = quote!(H::handle(state, #(#arguments),*));
    let call = match &item.outcome {
        Outcome::Plain(_) => quote!(frame.result_slot = #call;),
        Outcome::Nothing | Outcome::Never => quote!(#call;),
    };
    quote! {
        #[doc = #documentation]
        pub trait #handler<State> {
            /// Handles one raise.
            #many
            fn handle(state: &State, #(#parameters),*) #arrow;
        }

        // SAFETY: it writes the result alone; the arguments are copied or borrowed out of the frame.
        unsafe impl<State, H: #handler<State>> ::spindle_abi::Invoke<#name, State> for ::spindle_abi::handler::Body<H> {
            #[inline(always)]
            #[allow(unused_variables, reason = "an event without arguments and result has an empty frame")]
            fn invoke(state: &State, frame: &mut #frame<'_>) {
                #call
            }
        }
    }
}
