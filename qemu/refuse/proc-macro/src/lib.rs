//! Macros of its own.
extern crate proc_macro;
