//! Tiers of crates: how much unsafe code each may have.

use super::count::Count;
use crate::check::workspace::Member;

/// In a small crate a share says little: so many lines are one small module wherever they are.
const SMALL_MODULE_LINES: usize = 25;

/// Crates that need more than their tier allows: how much (per cent of code lines), and why.
const EXCEPTIONS: &[(&str, f64, &str)] = &[
    ("spindle-arch", 11.0, "entry stubs, the crossing and loading of tables are assembly"),
    ("spindle-programs", 20.0, "system calls and forbidden instructions, in ring 3 where they harm nobody"),
    ("spindle-domain", 3.0, "native code and the engine are both entered by address"),
    (
        "spindle-dispatcher",
        5.0,
        "raises read arrays that no lock guards, through pointers that installs swap",
    ),
];

/// How a crate may use unsafe code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tier {
    /// It is what the crate is for.
    Hardware,
    /// One small module of it.
    OneModule,
    /// None at all.
    Forbidden,
    /// None at all, and the certifier looks too.
    Extension,
}

impl Tier {
    /// The tier of a member. A new crate has none of it until somebody decides otherwise here.
    pub(super) fn of(member: &Member) -> Self {
        match member.name.as_str() {
            "spindle-arch" | "spindle-mem" | "spindle-programs" => Self::Hardware,
            "spindle-abi"
            | "spindle-strands"
            | "spindle-domain"
            | "spindle-dispatcher"
            | "spindle-sdk"
            | "spindle-kernel"
            | "spindle-wasm"
            | "spindle-bench-linux" => Self::OneModule,
            _ if member.is_extension() => Self::Extension,
            _ => Self::Forbidden,
        }
    }

    /// Its number in tables.
    pub(super) fn number(self) -> u32 {
        match self {
            Self::Hardware => 0,
            Self::OneModule => 1,
            Self::Forbidden => 2,
            Self::Extension => 3,
        }
    }

    /// Whether the crate must tell the compiler to forbid it.
    pub(super) fn is_forbidden(self) -> bool {
        self == Self::Forbidden
    }

    /// The largest share of code lines, in per cent.
    fn limit(self) -> f64 {
        match self {
            Self::Hardware => 6.0,
            Self::OneModule => 2.0,
            Self::Forbidden | Self::Extension => 0.0,
        }
    }

    /// Whether so much is within the tier. A share is rounded as the limits are: they say "about".
    fn allows(self, count: Count, limit: f64) -> bool {
        let is_small = self == Self::OneModule && count.unsafe_lines <= SMALL_MODULE_LINES;
        count.unsafe_lines == 0 || is_small || (limit > 0.0 && count.percent().round() <= limit)
    }

    /// Says by how much `count` exceeds the tier.
    pub(super) fn complaint(self, name: &str, count: Count) -> Option<String> {
        let exception = EXCEPTIONS.iter().find(|(exempt, ..)| *exempt == name);
        let limit = exception.map_or(self.limit(), |(_, limit, _)| *limit);
        if self.allows(count, limit) {
            return None;
        }
        let (percent, number) = (count.percent(), self.number());
        let reason =
            exception.map_or(String::new(), |(.., reason)| format!(", by way of exception ({reason})"));
        Some(format!(
            "{name}: {percent:.1} % of its lines are unsafe; tier {number} allows {limit:.0} %{reason}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::Tier;
    use crate::check::unsafe_code::count::Count;

    fn fits(tier: Tier, name: &str, lines: usize, unsafe_lines: usize) -> bool {
        tier.complaint(name, Count { lines, unsafe_lines }).is_none()
    }

    #[test]
    fn each_tier_has_its_limit() {
        assert!(
            fits(Tier::Hardware, "spindle-drivers", 1000, 64)
                && !fits(Tier::Hardware, "spindle-drivers", 1000, 70)
        );
        assert!(fits(Tier::OneModule, "spindle-abi", 10_000, 240));
        assert!(!fits(Tier::OneModule, "spindle-abi", 10_000, 260));
    }

    #[test]
    fn a_small_module_is_small_in_lines_where_shares_say_nothing() {
        assert!(
            fits(Tier::OneModule, "spindle-strands", 100, 25)
                && !fits(Tier::OneModule, "spindle-strands", 100, 26)
        );
    }

    #[test]
    fn where_it_is_forbidden_one_line_is_too_much() {
        assert!(fits(Tier::Forbidden, "xtask", 10_000, 0) && !fits(Tier::Forbidden, "xtask", 10_000, 1));
        assert!(fits(Tier::Extension, "hello", 40, 0) && !fits(Tier::Extension, "hello", 40, 1));
    }

    #[test]
    fn an_exception_has_a_limit_too() {
        assert!(
            fits(Tier::Hardware, "spindle-arch", 1000, 110)
                && !fits(Tier::Hardware, "spindle-arch", 1000, 120)
        );
    }
}
