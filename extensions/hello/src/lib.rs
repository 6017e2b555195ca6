//! Adds the console command `hello NAME`.
#![no_std]
