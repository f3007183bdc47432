//! What a column of the old program's table can mean, and the names that it is known by: those of the tool's document (`rate_limit_up`,
//! and the keys of its `profiles.json`), and plain words for the rest.

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// What the owner types.
    Code,
    /// What it was sold as.
    Plan,
    Price,
    /// How long it lasts from its first use on.
    Validity,
    /// Devices at once.
    Users,
    /// Upload speed.
    Up,
    /// Download speed.
    Down,
    /// Whether it has no time limit.
    Developer,
    /// Whether it was used.
    Used,
    /// When first.
    FirstUsed,
    /// When its time is over.
    Ends,
    /// Seconds of its time that are left.
    Left,
}

/// Each with its name on the command line, and those of columns.
pub(super) const MEANINGS: [(Meaning, &str, &[&str]); 12] = [
    (Meaning::Code, "code", &["code", "voucher_code", "voucher"]),
    (Meaning::Plan, "plan", &["profile", "profile_name", "plan"]),
    (Meaning::Price, "price", &["price"]),
    (Meaning::Validity, "validity", &["validity"]),
    (Meaning::Users, "users", &["users"]),
    (Meaning::Up, "up", &["rate_limit_up", "rate_up"]),
    (Meaning::Down, "down", &["rate_limit_down", "rate_down"]),
    (Meaning::Developer, "developer", &["developer", "is_developer"]),
    (Meaning::Used, "used", &["used", "is_used"]),
    (Meaning::FirstUsed, "first_used", &["first_used", "first_used_at"]),
    (Meaning::Ends, "ends", &["ends", "ends_at"]),
    (Meaning::Left, "left", &["remaining_seconds"]),
];

impl Meaning {
    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        MEANINGS.iter().find(|(meaning, ..)| *meaning == self).map_or("", |(_, name, _)| name)
    }

    /// Whether a column of that name usually means it.
    pub(super) fn is_usual(self, column: &str) -> bool {
        let usual = |(meaning, _, names): &&(Meaning, &str, &[&str])| {
            *meaning == self && names.iter().any(|name| name.eq_ignore_ascii_case(column))
        };
        MEANINGS.iter().any(|known| usual(&known))
    }
}

/// A meaning and a column's name, as somebody says it.
pub(super) fn said(text: &str) -> Result<(Meaning, String), String> {
    let parts = text.split_once('=').filter(|(_, column)| !column.is_empty());
    let meaning = parts.and_then(|(name, _)| MEANINGS.iter().find(|(_, known, _)| *known == name));
    match (meaning, parts) {
        (Some((meaning, ..)), Some((_, column))) => Ok((*meaning, column.to_owned())),
        _ => {
            let names: Vec<&str> = MEANINGS.iter().map(|(_, name, _)| *name).collect();
            Err(format!("write a meaning, =, and the column's name; meanings: {}", names.join(", ")))
        }
    }
}
