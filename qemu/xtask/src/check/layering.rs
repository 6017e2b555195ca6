//! Which crate may depend on which: arrows point one way.
//!
//! ```text
//!  abi <- kerncore <- arch <- mem <- strands <- domain <- {bench-guest, kernel-tests} <- kernel
//!            ^                          |
//!            +------ dispatcher <-------+          abi <- interfaces <- sdk <- extensions
//! ```

use super::workspace::{Dependency, Member, Workspace};

/// What each crate may use of ours besides `spindle-abi`, the vocabulary of all but the macros.
const MAY_USE: &[(&str, &[&str])] = &[
    ("spindle-abi", &[]),
    ("spindle-kerncore", &[]),
    ("spindle-arch", &["kerncore"]),
    ("spindle-mem", &["kerncore", "arch"]),
    ("spindle-dispatcher", &["kerncore"]),
    ("spindle-wasm", &["kerncore"]),
    ("spindle-strands", &["kerncore", "arch", "mem", "dispatcher"]),
    ("spindle-domain", &["kerncore", "arch", "mem", "dispatcher", "strands", "wasm", "interfaces"]),
    (
        "spindle-bench-guest",
        &["kerncore", "arch", "mem", "dispatcher", "strands", "domain", "wasm", "interfaces", "bench-method"],
    ),
    ("spindle-kernel-tests", &["kerncore", "arch", "mem", "dispatcher", "strands", "domain", "interfaces"]),
    (
        "spindle-kernel",
        &[
            "kerncore",
            "arch",
            "mem",
            "dispatcher",
            "strands",
            "domain",
            "interfaces",
            "bench-guest",
            "kernel-tests",
        ],
    ),
    (
        "spindle-bench-host",
        &["kerncore", "arch", "dispatcher", "strands", "wasm", "interfaces", "bench-method"],
    ),
    ("spindle-bench-linux", &["bench-method"]),
    ("spindle-bench-method", &[]),
    ("spindle-macros", &[]),
    ("spindle-interfaces", &["macros"]),
    ("spindle-sdk", &["interfaces", "macros"]),
    ("spindle-testkit", &["interfaces", "sdk", "dispatcher"]),
    ("spindle-programs", &["bench-method"]),
    ("spindle-fuzz", &["kerncore", "wasm"]),
    ("spindle-runner", &["kerncore"]),
    ("xtask", &["kerncore", "runner", "wasm"]),
];

/// What an extension may use; what it is tested with comes on top.
const EXTENSION_MAY_USE: &[&str] = &["sdk"];
const EXTENSION_IS_TESTED_WITH: &[&str] = &["testkit", "interfaces"];

/// Every dependency that the table does not allow.
pub(super) fn complaints(workspace: &Workspace) -> Vec<String> {
    workspace.members.iter().flat_map(of_member).collect()
}

fn of_member(member: &Member) -> Vec<String> {
    let ours = member.dependencies.iter().filter(|dependency| dependency.path.is_some());
    if member.is_extension() {
        let bad = ours.filter(|dependency| !extension_may_use(dependency));
        return bad
            .map(|dependency| {
                format!(
                    "extension {} depends on {}: the SDK is all it may name",
                    member.name, dependency.name
                )
            })
            .collect();
    }
    let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == member.name) else {
        return vec![format!(
            "{} has no place in the layers yet: give it one in qemu/xtask/src/check/layering.rs",
            member.name
        )];
    };
    let bad = ours.filter(|dependency| !may_use_it(member, may_use, dependency));
    bad.map(|dependency| format!("{} depends on {}, against the arrows", member.name, dependency.name))
        .collect()
}

fn may_use_it(member: &Member, may_use: &[&str], dependency: &Dependency) -> bool {
    let is_abi = dependency.name == "spindle-abi" && member.name != "spindle-macros";
    // A crate's own name is its tests switching features on.
    let is_itself = dependency.name == member.name && dependency.kind.as_deref() == Some("dev");
    is_abi || is_itself || names(may_use, &dependency.name) || is_harmless_in_tests(dependency)
}

/// Tests of a macro crate need what its expansions name.
fn is_harmless_in_tests(dependency: &Dependency) -> bool {
    let of_the_sdk = ["abi", "interfaces", "sdk", "testkit", "macros"];
    dependency.kind.as_deref() == Some("dev") && names(&of_the_sdk, &dependency.name)
}

fn extension_may_use(dependency: &Dependency) -> bool {
    let in_tests =
        dependency.kind.as_deref() == Some("dev") && names(EXTENSION_IS_TESTED_WITH, &dependency.name);
    let is_interface = dependency.path.as_deref().is_some_and(|path| path.ends_with("interface"));
    in_tests || is_interface || names(EXTENSION_MAY_USE, &dependency.name)
}

fn names(short: &[&str], name: &str) -> bool {
    let short_of_it = name.strip_prefix("spindle-").unwrap_or(name);
    short.contains(&short_of_it)
}

#[cfg(test)]
mod tests {
    use super::complaints;
    use crate::check::workspace::{Dependency, Member, Workspace};

    fn found(name: &str, folder: &str, dependencies: &[(&str, Option<&str>)]) -> usize {
        let dependency = |(name, kind): &(&str, Option<&str>)| Dependency {
            name: (*name).to_owned(),
            kind: kind.map(str::to_owned),
            path: Some(format!("/w/somewhere/{name}").into()),
        };
        let dependencies = dependencies.iter().map(dependency).collect();
        let manifest_path = format!("/w/{folder}/Cargo.toml").into();
        complaints(&Workspace {
            members: vec![Member { name: name.to_owned(), manifest_path, dependencies }],
        })
        .len()
    }

    #[test]
    fn an_arrow_the_right_way_is_allowed() {
        assert_eq!(
            found("spindle-mem", "core-kernel/mem", &[("spindle-arch", None), ("spindle-abi", None)]),
            0
        );
        assert_eq!(found("spindle-abi", "core-kernel/abi", &[]), 0);
    }

    #[test]
    fn an_arrow_the_wrong_way_is_not() {
        assert_eq!(found("spindle-abi", "core-kernel/abi", &[("spindle-kerncore", None)]), 1);
        assert_eq!(found("spindle-arch", "core-kernel/arch", &[("spindle-mem", None)]), 1);
        assert_eq!(found("spindle-dispatcher", "dispatcher", &[("spindle-arch", None)]), 1);
        assert_eq!(found("spindle-arch", "core-kernel/arch", &[("spindle-mem", Some("dev"))]), 1);
    }

    #[test]
    fn an_extension_sees_the_sdk_and_the_kernel_never() {
        let extension = |dependencies| found("hello", "extensions/hello", dependencies);
        assert_eq!(extension(&[("spindle-sdk", None), ("spindle-testkit", Some("dev"))]), 0);
        assert_eq!(extension(&[("spindle-testkit", None)]), 1);
        assert_eq!(extension(&[("spindle-kerncore", Some("dev"))]), 1);
        assert_eq!(extension(&[("ticker", None)]), 1);
    }

    #[test]
    fn a_crate_that_nobody_placed_is_reported() {
        assert_eq!(found("spindle-new", "core-kernel/new", &[]), 1);
    }
}
