//! What the macros refuse: every rule, by a file that breaks it; and a file that uses everything there is.
//!
//! *Concepts.* A rule that tokens show is refused in the macro's own words: those are compared whole, by trybuild. A rule
//! that takes types is refused by the compiler, which words its errors anew now and then: there each `//~ text` asks for one error
//! on that line with that text in it, and no line without it may have one.
//!
//! *Interface.* After a change of our words: `TRYBUILD=overwrite cargo test -p spindle-macros --test refused`, and read the difference.

mod by_types;

#[test]
fn what_tokens_show_is_refused_in_our_own_words() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}

#[test]
fn what_types_show_is_refused_at_the_authors_token() {
    by_types::check("tests/refused_by_types");
}

#[test]
fn what_there_is_can_be_used_without_unsafe() {
    trybuild::TestCases::new().pass("tests/accepted/*.rs");
}
