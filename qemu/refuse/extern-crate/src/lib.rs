//! Names by which the SDK's macros would write what this crate says: `::spindle_sdk`, `::core`.
#![no_std]

extern crate self as spindle_sdk;
extern crate alloc as core;
extern crate spindle_sdk as real;

macro_rules! named {
    ($word:tt $name:ident) => { extern $word self as $name; };
}
named!(crate spindle_sdk);
