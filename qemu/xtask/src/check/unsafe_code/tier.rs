//! The tiers of STYLE: how much unsafe code a crate may have.

use super::count::Count;
use crate::check::workspace::Member;

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
            "spindle-arch" | "spindle-mem" => Self::Hardware,
            "spindle-abi" | "spindle-strands" | "spindle-domain" | "spindle-dispatcher" | "spindle-sdk"
            | "spindle-kernel" => Self::OneModule,
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

    /// The largest share of code lines.
    fn limit(self) -> f64 {
        match self {
            Self::Hardware => 0.06,
            Self::OneModule => 0.02,
            Self::Forbidden | Self::Extension => 0.0,
        }
    }

    /// Says by how much `count` exceeds the tier.
    pub(super) fn complaint(self, member: &Member, count: Count) -> Option<String> {
        let (share, limit) = (count.share(), self.limit());
        (share > limit).then(|| {
            let (share, limit, name) = (100.0 * share, 100.0 * limit, &member.name);
            format!(
                "{name}: {share:.1} % of its lines are unsafe; tier {} allows {limit:.0} %",
                self.number()
            )
        })
    }
}
