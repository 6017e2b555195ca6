//! The nearest name is the one that a human meant.

use proptest::prelude::*;
use spindle_kerncore::nearest::{distance, nearest};

/// The textbook recursion for the optimal string alignment distance.
fn reference(left: &[char], right: &[char]) -> usize {
    let (&[.., l], &[.., r]) = (left, right) else { return left.len().max(right.len()) };
    let (left_rest, right_rest) = (&left[..left.len() - 1], &right[..right.len() - 1]);
    let mut least = (reference(left_rest, right_rest) + usize::from(l != r))
        .min(reference(left_rest, right) + 1)
        .min(reference(left, right_rest) + 1);
    if let (&[.., l2, _], &[.., r2, _]) = (left, right)
        && (l, l2) == (r2, r)
    {
        least = least.min(reference(&left[..left.len() - 2], &right[..right.len() - 2]) + 1);
    }
    least
}

#[test]
fn mistyped_names_find_their_neighbour() {
    let commands =
        ["help", "ext load", "ext unload", "ext list", "event list", "domain list", "mem", "uptime"];
    for (typed, meant) in [
        ("hlep", "help"),
        ("ext laod", "ext load"),
        ("evnt list", "event list"),
        ("uptme", "uptime"),
        ("men", "mem"),
    ] {
        assert_eq!(nearest(typed, commands), Some(meant), "{typed}");
    }
}

#[test]
fn what_is_near_to_nothing_finds_nothing() {
    assert_eq!(nearest("quaternion", ["help", "mem", "ext load"]), None);
    assert_eq!(nearest("xy", ["ab", "cd"]), None);
    assert_eq!(nearest("a", ["b"]), None, "nothing in common is not near, however short");
    assert_eq!(nearest("", ["help"]), None);
    assert_eq!(nearest("help", []), None);
}

#[test]
fn names_beyond_the_bound_are_measured_by_their_length() {
    let long = "a".repeat(1000);
    assert_eq!(distance(&long, &long), 1000 - 127);
    assert_eq!(distance(&long, ""), 1000);
    assert_eq!(distance("", &long), 1000);
}

proptest! {
    #[test]
    fn agrees_with_the_textbook(left in "[abü]{0,6}", right in "[abü]{0,6}") {
        let (left_characters, right_characters): (Vec<_>, Vec<_>) = (left.chars().collect(), right.chars().collect());
        prop_assert_eq!(distance(&left, &right), reference(&left_characters, &right_characters));
    }
}
