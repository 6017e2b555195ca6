//! Features, plain and under a condition.
#![no_std]
#![feature(core_intrinsics)]
#![cfg_attr(not(feature = "none"), allow(internal_features), feature(lang_items))]
#![allow(unused)]
