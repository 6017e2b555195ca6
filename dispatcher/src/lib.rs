//! Events, handlers and the dispatcher that links them.
#![no_std]
