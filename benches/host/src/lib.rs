//! The same measurements on the host, by criterion.
