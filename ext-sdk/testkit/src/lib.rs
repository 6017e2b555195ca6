//! A fake kernel: extension tests run on the host without booting.
