//! Linker options that the kernel's correctness needs, whoever builds it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("none") {
        return;
    }
    // The boot loader maps the file's own pages. Without this option the last page of code would also be the
    // first page of data, so one frame would be executable at one address and writable at another.
    println!("cargo::rustc-link-arg-bins=-zseparate-loadable-segments");
    // The boot-time registries are found by the names of their sections alone.
    println!("cargo::rustc-link-arg-bins=-znostart-stop-gc");
}
