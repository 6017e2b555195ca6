//! Frames, mappings, the kernel heap and who owns each byte.
#![no_std]
