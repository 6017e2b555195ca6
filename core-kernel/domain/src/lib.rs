//! Domains: packages verified, mapped, linked, started, unloaded.
#![no_std]
