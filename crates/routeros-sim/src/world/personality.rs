//! Which RouterOS release a device pretends to be, and what follows from it.

/// A RouterOS release whose visible differences the simulator knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Personality {
    /// 6.42: the last generation with the challenge login (routeros.md §1.8).
    V6_42,
    /// 6.49: plain login, old date format.
    V6_49,
    /// 7.12: ISO dates, no `!empty`, no `max-sessions` attribute in `/ip/service`.
    V7_12,
    /// 7.20: sends `!empty` before the `!done` of a print without rows (since 7.18, routeros.md §1.3).
    V7_20,
}

/// How dates are written (routeros.md §1.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// `mar/02/2025 11:30:44`: v6 and early v7.
    Months,
    /// `2025-03-02 11:30:44`: newer v7.
    Iso,
}

/// How durations are written (routeros.md §1.10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UptimeStyle {
    /// `1d2h15m30s`
    #[default]
    Words,
    /// `1d02:15:30`
    Colon,
}

impl Personality {
    /// All of them, oldest first.
    pub const ALL: [Self; 4] = [Self::V6_42, Self::V6_49, Self::V7_12, Self::V7_20];

    /// As in the `version` attribute of `/system/resource`.
    #[must_use]
    pub const fn version(self) -> &'static str {
        match self {
            Self::V6_42 => "6.42.12 (long-term)",
            Self::V6_49 => "6.49.18 (long-term)",
            Self::V7_12 => "7.12.2 (stable)",
            Self::V7_20 => "7.20.4 (stable)",
        }
    }

    /// The release date of the build, seconds since 1970.
    pub(crate) const fn built(self) -> i64 {
        match self {
            Self::V6_42 => 1_549_611_720,
            Self::V6_49 => 1_740_731_400,
            Self::V7_12 => 1_703_059_200,
            Self::V7_20 => 1_761_725_000,
        }
    }

    /// Whether `!empty` precedes the `!done` of a print without rows (routeros.md §1.3).
    #[must_use]
    pub const fn sends_empty(self) -> bool {
        matches!(self, Self::V7_20)
    }

    /// Whether `/login` answers with a challenge (routeros.md §1.8).
    #[must_use]
    pub const fn challenges(self) -> bool {
        matches!(self, Self::V6_42)
    }

    /// Whether `/ip/service` shows `max-sessions` (since 7.16, routeros.md §1.8).
    #[must_use]
    pub const fn shows_max_sessions(self) -> bool {
        matches!(self, Self::V7_20)
    }

    pub(crate) const fn is_v7(self) -> bool {
        matches!(self, Self::V7_12 | Self::V7_20)
    }

    /// The date format this release uses.
    #[must_use]
    pub const fn date_style(self) -> DateStyle {
        if self.is_v7() { DateStyle::Iso } else { DateStyle::Months }
    }
}
