//! Files whose names the compiler's list cannot tell from the names of several.
#![no_std]
