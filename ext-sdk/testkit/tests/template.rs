//! What `cargo xtask ext new` copies is the extension `hello`, but for the feature that makes `hello` panic.

const SOURCE_OF_THE_FEATURE: &str = r#"        #[cfg(feature = "panic")]
        assert!(name != "panic", "hello was built to panic");
"#;

#[test]
fn the_template_and_hello_are_one_text() {
    let hello = include_str!("../../../extensions/hello/src/lib.rs");
    assert_eq!(include_str!("../../template/src/lib.rs"), hello.replacen(SOURCE_OF_THE_FEATURE, "", 1));
    let (manifest, _) =
        include_str!("../../../extensions/hello/Cargo.toml").split_once("\n[features]").unwrap();
    assert_eq!(include_str!("../../template/Cargo.toml"), manifest);
    let tests = include_str!("../../../extensions/hello/tests/hello.rs");
    assert_eq!(include_str!("../../template/tests/hello.rs"), tests);
}
