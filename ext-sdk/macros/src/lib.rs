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
/// - per event `E`: the unit struct `E` (an `EventSpec`), its frame `EFrame`, and `trait EHandler`.
///
/// What may cross is closed: `T`, `&T`, `&mut T`, `&[T]`, `&mut [T]` with plain `T`, and `&str`. Every lifetime
/// is elided, no reference is returned. Up to four arguments of an event may be marked `#[key]`.
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
///             event Arrived(#[key] seat: u16, name: &str) -> Status;
///         }
///     }
/// }
///
/// use spindle_abi::{EventSpec, Key};
///
/// let frame = greeter::Arrived::frame(7, "ada");
/// assert_eq!(greeter::Arrived::key(&frame, 0), Key::Integer(7));
/// assert_eq!(greeter::GREET.schema, "fn greeter.greet(names: &[u8], count: u32) -> u32");
/// ```
#[proc_macro]
pub fn interface(input: TokenStream) -> TokenStream {
    let interface = parse_macro_input!(input as interface::Interface);
    interface::expand(&interface).into()
}

/// Turns an `impl` block into an extension: its `#[handler]` methods are installed when the extension is
/// loaded.
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

/// Marks a method of an `#[extension]` block as the handler of an event: `#[handler(console::Command, word =
/// "hello")]`.
///
/// First the event, by the path of its interface; then at most one key of it and the value asked for. The
/// method takes `&self`, then the arguments of the event, and returns its result.
#[proc_macro_attribute]
pub fn handler(_arguments: TokenStream, input: TokenStream) -> TokenStream {
    extension::misplaced("handler", input.into()).into()
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
