//! The vocabulary that kernel, extensions and tools share: ids, errors, fingerprints, package format.
#![no_std]
