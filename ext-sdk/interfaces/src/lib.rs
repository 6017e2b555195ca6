//! Every event and procedure of the kernel that an extension can name, declared once.
#![no_std]
