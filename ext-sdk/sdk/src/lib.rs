//! What an extension author imports.
#![no_std]
