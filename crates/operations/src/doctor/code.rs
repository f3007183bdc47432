//! The kinds of findings: their stable names, how bad each is, and why it matters. docs/reference/findings.md is this table.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Figures or limits are wrong, or missing, at this moment.
    Error,
    /// They may be wrong, or soon will.
    Warning,
    /// Only what people read beside them is.
    Note,
}

impl Severity {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says of each what it is and why it matters")]
pub enum FindingCode {
    DirectionSwapped,
    NotRunning,
    DuplicateDevice,
    StaleRouter,
    NotCountable,
    MissingRights,
    ForeignQueue,
    PortalHandOver,
    DatabaseLag,
    SmallDisk,
    FastTrack,
    BypassedDevice,
    CookieLetsIn,
    UnmatchedLogin,
    ApiSessions,
    VersionQuirk,
    WrongClock,
    OtherZone,
}

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingKind {
    /// Which.
    pub code: FindingCode,
    /// The stable name in the API.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What was looked for.
    pub looked_for: &'static str,
    /// Why it matters.
    pub why: &'static str,
}

const fn kind(
    code: FindingCode,
    name: &'static str,
    severity: Severity,
    looked_for: &'static str,
    why: &'static str,
) -> FindingKind {
    FindingKind { code, name, severity, looked_for, why }
}

use FindingCode as C;
use Severity::{Error, Note, Warning};

/// Every kind, the worst first.
pub const FINDING_KINDS: [FindingKind; 18] = [
    kind(
        C::DirectionSwapped,
        "direction_swapped",
        Error,
        "an interface enrolled for a subscriber that received 100 MB or more from them and four times what it sent them",
        "An interface that faces a subscriber receives their upload. One that faces the other way, as an uplink does, shows upload as download: \
         the bill has both swapped, and may be everybody's.",
    ),
    kind(
        C::NotRunning,
        "not_running",
        Error,
        "a server that reads the routers",
        "What moves meanwhile is counted only as far as the routers' counters still hold it later, and limits and vouchers are not looked after.",
    ),
    kind(
        C::DuplicateDevice,
        "duplicate_device",
        Error,
        "an entry whose device another entry counts",
        "A device is counted once, whatever its entries are called. What is bound, limited or sold on this entry does not happen.",
    ),
    kind(
        C::StaleRouter,
        "stale_router",
        Error,
        "a router that is switched off, cannot be reached, refuses the login or has not been read for a while",
        "What moves meanwhile is counted only as far as the router's counters still hold it when it comes back, and limits are not looked after.",
    ),
    kind(
        C::NotCountable,
        "not_countable",
        Error,
        "sessions that nothing can be counted of, or a device that tells no number of its own",
        "What such a router's users move is in no total.",
    ),
    kind(
        C::MissingRights,
        "missing_rights",
        Error,
        "a right that the router's user lacks: `read`, or `write` where limits, holds or vouchers are wanted",
        "What the router refuses is not done: limits do not stand, nobody is cut off, vouchers let nobody in.",
    ),
    kind(
        C::ForeignQueue,
        "foreign_queue",
        Error,
        "a queue of somebody else that takes the traffic before a queue of ours",
        "Simple queues are tried in their order and the first that fits takes the packet, so that ours limits nothing.",
    ),
    kind(
        C::PortalHandOver,
        "portal_hand_over",
        Error,
        "a hotspot that does not let devices reach the portal before they log in, while there are vouchers",
        "Whoever bought a voucher cannot enter it there.",
    ),
    kind(
        C::DatabaseLag,
        "database_lag",
        Error,
        "readings that wait for the database, or a database that takes more than two seconds to answer",
        "Readings wait in memory, which is bounded: routers pause when it is full. Nothing is lost while their counters run on, but totals and limits are late.",
    ),
    kind(
        C::SmallDisk,
        "small_disk",
        Error,
        "less room for the data folder than 512 MiB, or than a twentieth of its disk where that is less",
        "On a full disk nothing can be written down: totals stop, and logs and backups too.",
    ),
    kind(
        C::FastTrack,
        "fasttrack",
        Warning,
        "a rule of the firewall that FastTracks",
        "Such traffic passes all simple queues by: they neither limit nor count it. Whether a hotspot's own counters are exact then is not established.",
    ),
    kind(
        C::BypassedDevice,
        "bypassed_device",
        Warning,
        "a binding of the hotspot that lets a device through without a login and that is nobody's here",
        "What it moves counts for nobody, no voucher ends it, and no plan slows it.",
    ),
    kind(
        C::CookieLetsIn,
        "cookie_lets_in",
        Warning,
        "a cookie of a hotspot user who is switched off, or of a device that is blocked",
        "A cookie logs the device in by itself, within a second and without a password, as soon as the router lets it.",
    ),
    kind(
        C::UnmatchedLogin,
        "unmatched_login",
        Warning,
        "logins seen on the router that are no subscriber's",
        "What they use is counted on the router but is on nobody's bill.",
    ),
    kind(
        C::ApiSessions,
        "api_sessions",
        Warning,
        "sessions of the router's API that leave one place or none, or a fifth of them",
        "When they are used up the router takes no connection any more, and what then happens is not established: readings and limits may stop.",
    ),
    kind(
        C::VersionQuirk,
        "version_quirk",
        Warning,
        "RouterOS other than 6 and 7, before 6.43, or 7.22.1",
        "Versions before 6.43 know only a login that is long out of use; the API of 7.22.1 left rows out of answers of one menu, and whether of others is not established; of others nothing is known.",
    ),
    kind(
        C::WrongClock,
        "wrong_clock",
        Warning,
        "a router's clock five minutes or more from ours",
        "Counting does not use it, but certificates, the router's logs and its schedules do: what they say does not fit our times.",
    ),
    kind(
        C::OtherZone,
        "other_zone",
        Note,
        "a router whose zone is at another distance from UTC than that of its subscribers' days",
        "Days and cycles are ours. The router's logs, and scripts that act at midnight, go by another midnight.",
    ),
];

impl FindingCode {
    /// What it is and why it matters.
    pub fn kind(self) -> &'static FindingKind {
        FINDING_KINDS.iter().find(|kind| kind.code == self).unwrap_or(&FINDING_KINDS[0])
    }

    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        self.kind().name
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        FINDING_KINDS.iter().find(|kind| kind.name == name).map(|kind| kind.code)
    }

    /// Whether one more login on that router is in vain, or makes it worse.
    pub(super) fn keeps_off(self) -> bool {
        matches!(self, C::StaleRouter | C::DuplicateDevice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: &str = include_str!("../../../../docs/reference/findings.md");

    /// The page is this table, row by row.
    #[test]
    fn the_reference_lists_every_kind_as_it_is() {
        let rows: Vec<&str> = REFERENCE.lines().filter(|line| line.starts_with("| `")).collect();
        let wanted = FINDING_KINDS.map(|FindingKind { name, severity, looked_for, why, .. }| {
            format!("| `{name}` | {} | {looked_for} | {why} |", severity.as_str())
        });
        assert_eq!(rows, wanted, "write docs/reference/findings.md anew:\n{}", wanted.join("\n"));
    }

    #[test]
    fn each_kind_is_itself_by_code_and_by_name() {
        for kind in &FINDING_KINDS {
            assert_eq!((kind.code.kind(), FindingCode::from_name(kind.name)), (kind, Some(kind.code)));
        }
        assert!(FINDING_KINDS.is_sorted_by_key(|kind| kind.severity));
    }
}
