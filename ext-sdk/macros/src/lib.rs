//! The macros of Spindle: `interface!`, `#[extension]` and `derive(AbiPlain)`.
//!
//! *Concepts.* Each macro parses its input into a small model and then expands the model; a rule of the closed
//! grammar of what may cross (see [`interface!`]) that tokens can show is checked while parsing, with an error at the author's token; a
//! rule that needs types (an alias that hides a reference) becomes a trait bound of `spindle-abi`, spanned at
//! the same token.
//!
//! *Invariants.*
//! - `INV-MACRO-1`: no token of the input is placed inside an `unsafe` block: what the certifier forbids, a
//!   macro does not hand out.
//! - `INV-MACRO-2`: expansions name everything by absolute path and need no import of the author's.
#![forbid(unsafe_code)]

mod extension;
mod interface;
mod parse;
mod plain;
#[cfg(test)]
mod unsafe_blocks;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Declares one interface: procedures that extensions call, and events that they handle.
///
/// Expands, in the module it stands in, to
/// - per procedure: a safe function (a direct call into the kernel in a native extension, a call of an import with a
///   frame in a Wasm one, a call through `host` in tests), a constant with its
///   [`Declaration`](../spindle_abi/struct.Declaration.html), the name in capitals, and the frame (`write_line` has
///   `WriteLineCall`);
/// - `trait Procedures`, which the kernel (and testkit's fake) implements, `exports::<T>()` for the loader,
///   `host::install::<T>()` for tests;
/// - per event `E`: the unit struct `E` (an `EventSpec`), its frame `EFrame`, `trait EHandler` and `trait EGuard`.
///
/// What may cross is closed: `T`, `&T`, `&mut T`, `&[T]`, `&mut [T]` with plain `T`, and `&str`. Every lifetime
/// is elided, no reference is returned. Up to four arguments of an event may be marked `#[key]`.
///
/// Before an event may stand
/// - `#[chained]`: a raise ends at the first handler whose result, which implements `Answer`, says that it has dealt with it;
/// - `#[interrupt]`: it is raised in interrupt context, where the kernel's handlers run and others' are asynchronous.
///
/// A raise may be delivered later (`EventSpec::QUEUEABLE`) if every argument is passed by value, no gap lies between them, and
/// there is no result.
///
/// ```
/// mod greeter {
///     use spindle_abi::Status;
///
///     spindle_macros::interface! {
///         greeter {
///             /// Greets everybody in `names`, of which there are `count`.
///             fn greet(names: &[u8], count: u32) -> u32;
///             /// Raised for each guest, keyed by the `seat`.
///             #[chained]
///             event Arrived(#[key] seat: u16, name: &str) -> Status;
///         }
///     }
/// }
///
/// use spindle_abi::{EventSpec, Key};
///
/// assert!(greeter::Arrived::CHAINED && !greeter::Arrived::QUEUEABLE);
/// let frame = greeter::Arrived::frame(7, "ada");
/// assert_eq!(greeter::Arrived::key(&frame, 0), Key::Integer(7));
/// assert_eq!(greeter::GREET.schema, "fn greeter.greet(names: &[u8], count: u32) -> u32");
/// ```
#[proc_macro]
pub fn interface(input: TokenStream) -> TokenStream {
    let interface = parse_macro_input!(input as interface::Interface);
    interface::expand(&interface).into()
}

/// Turns an `impl` block into an extension: what its methods are marked as is installed when the extension is loaded.
///
/// The marks are [`macro@handler`], [`macro@guard`], [`macro@default_handler`], [`macro@result_handler`],
/// [`macro@imposed_guard`], [`macro@start`] and [`macro@stop`].
///
/// The type is the extension's state, shared by all its handlers (`Send + Sync`). It is made by the method
/// marked `#[start]` or else by `Default`, and dropped, after the method marked `#[stop]`, when the extension
/// is unloaded.
///
/// ```
/// use spindle_sdk::prelude::*;
/// # use spindle_sdk::println; // a doc test has std's macro too
///
/// #[derive(Default)]
/// struct Hello;
///
/// #[extension]
/// impl Hello {
///     #[handler(console::Command, word = "hello")]
///     fn hello(&self, _word: &str, name: &str) -> Status {
///         println!("hello, {name}");
///         Status::OK
///     }
/// }
/// ```
#[proc_macro_attribute]
pub fn extension(arguments: TokenStream, input: TokenStream) -> TokenStream {
    extension::attribute(arguments.into(), input.into()).into()
}

/// Marks a method of an `#[extension]` block as a handler of an event: `#[handler(console::Command, word =
/// "hello")]`.
///
/// First the event, by the path of its interface; then, in any order:
/// - `KEY = VALUE` or `KEY = FROM..=TO` for up to four of its keys: it is called only if all hold. This is looked at
///   before any guard, and costs no call, however many handlers ask;
/// - `guard = METHOD`: it is called only if that [`macro@guard`] says so;
/// - `first` or `last`: its place among the handlers that are there when it is installed. (Before or behind a certain one is for
///   the kernel's API alone: an extension has no name for another's handlers.);
/// - `cancel`: those behind it are not called once it has run;
/// - `asynchronous`: it is called later, and the raise does not wait for it; only for events whose arguments outlive a raise.
///
/// The method takes `&self`, then the arguments of the event, and returns its result.
///
/// ```
/// use spindle_sdk::prelude::*;
///
/// #[derive(Default)]
/// struct Knocker;
///
/// #[extension]
/// impl Knocker {
///     #[handler(console::Command, word = "knock", first, cancel, guard = is_polite)]
///     fn knock(&self, _word: &str, _arguments: &str) -> Status {
///         Status::OK
///     }
///
///     #[guard]
///     fn is_polite(&self, _word: &str, arguments: &str) -> bool {
///         arguments == "please"
///     }
/// }
/// ```
#[proc_macro_attribute]
pub fn handler(_arguments: TokenStream, input: TokenStream) -> TokenStream {
    extension::misplaced("handler", input.into()).into()
}

/// Marks a method of an `#[extension]` block as a guard, for handlers to name (`guard = METHOD`).
///
/// It takes `&self` and the arguments of the handlers' event, what is behind `&mut` by shared reference, and returns `bool`: whether
/// the raise is for those handlers. One guard may serve several handlers of one event. It should change nothing that a
/// raise could notice: how often it is asked is not promised.
#[proc_macro_attribute]
pub fn guard(_arguments: TokenStream, input: TokenStream) -> TokenStream {
    extension::misplaced("guard", input.into()).into()
}

/// Marks a method of an `#[extension]` block as the default handler of an event: `#[default_handler(console::Command)]`.
///
/// It is called for raises that no handler has handled. An event has one at a time.
#[proc_macro_attribute]
pub fn default_handler(_arguments: TokenStream, input: TokenStream) -> TokenStream {
    extension::misplaced("default_handler", input.into()).into()
}

/// Marks a method of an `#[extension]` block as the result handler of an event: `#[result_handler(console::Command)]`.
///
/// `fn worse(&self, previous: R, next: R) -> R`, with `R` the event's result, makes one result of what the handlers so far came to
/// and what the next one answered. It is called once less than handlers ran. An event has one at a time.
#[proc_macro_attribute]
pub fn result_handler(_arguments: TokenStream, input: TokenStream) -> TokenStream {
    extension::misplaced("result_handler", input.into()).into()
}

/// Marks a method of an `#[extension]` block as a guard on everybody else's handlers of an event:
/// `#[imposed_guard(console::Command)]`.
///
/// It is written as a [`macro@guard`], and asked after the handlers' own. Whether an extension may impose one, the event's
/// authorizer says.
#[proc_macro_attribute]
pub fn imposed_guard(_arguments: TokenStream, input: TokenStream) -> TokenStream {
    extension::misplaced("imposed_guard", input.into()).into()
}

/// Marks the method of an `#[extension]` block that makes the state: `fn start() -> Result<Self, Status>`.
#[proc_macro_attribute]
pub fn start(_arguments: TokenStream, input: TokenStream) -> TokenStream {
    extension::misplaced("start", input.into()).into()
}

/// Marks the method of an `#[extension]` block that runs before the state is dropped: `fn stop(&self)`.
#[proc_macro_attribute]
pub fn stop(_arguments: TokenStream, input: TokenStream) -> TokenStream {
    extension::misplaced("stop", input.into()).into()
}

/// Implements `AbiPlain`: values of the type may cross a domain boundary.
///
/// For a struct with `#[repr(C)]` or `#[repr(transparent)]`, all of whose fields are plain, without padding;
/// and for an enum without data with `#[repr(u8)]` or another integer. No generics.
///
/// ```
/// use spindle_macros::{AbiBits, AbiPlain};
///
/// #[repr(C)]
/// #[derive(Clone, Copy, AbiPlain, AbiBits)]
/// struct Address {
///     octets: [u8; 4],
///     port: u16,
/// }
///
/// #[repr(u8)]
/// #[derive(Clone, Copy, AbiPlain)]
/// enum Protocol {
///     Tcp = 6,
///     Udp = 17,
/// }
/// ```
#[proc_macro_derive(AbiPlain)]
pub fn derive_abi_plain(input: TokenStream) -> TokenStream {
    let plain = parse_macro_input!(input as plain::Plain);
    plain::expand_plain(&plain).into()
}

/// Implements `AbiBits` for a struct that derives `AbiPlain`: values of the type may also cross behind `&mut`.
///
/// Every field must be `AbiBits`: integers, floats, and arrays and structs of them.
#[proc_macro_derive(AbiBits)]
pub fn derive_abi_bits(input: TokenStream) -> TokenStream {
    let plain = parse_macro_input!(input as plain::Plain);
    plain::expand_bits(&plain).into()
}
