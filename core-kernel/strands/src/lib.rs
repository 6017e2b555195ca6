//! Strands: what a thread of control needs to raise events and be recovered.
#![no_std]
