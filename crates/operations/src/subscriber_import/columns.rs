//! The columns of a file of subscribers.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Id,
    Username,
    Name,
    Login,
    Scope,
    Service,
    Plan,
    Status,
    ExpiryAt,
    Zone,
    Note,
}

/// Every column by the name an export gives it, in the order of an export.
const COLUMNS: [(&str, Column); 11] = [
    ("id", Column::Id),
    ("username", Column::Username),
    ("name", Column::Name),
    ("login", Column::Login),
    ("scope", Column::Scope),
    ("service", Column::Service),
    ("plan", Column::Plan),
    ("status", Column::Status),
    ("expiry_at", Column::ExpiryAt),
    ("zone", Column::Zone),
    ("note", Column::Note),
];

/// Names of the columns of a file of subscribers, in the order of an export.
pub const SUBSCRIBER_COLUMNS: [&str; COLUMNS.len()] = {
    let mut names = [""; COLUMNS.len()];
    let mut at = 0;
    while at < COLUMNS.len() {
        names[at] = COLUMNS[at].0;
        at += 1;
    }
    names
};

impl Column {
    /// The column that a heading names, whatever its case and the blanks around it; `expiry` is `expiry_at`.
    pub(super) fn of(heading: &str) -> Option<Column> {
        let heading = heading.trim().to_ascii_lowercase();
        let named = if heading == "expiry" { "expiry_at" } else { heading.as_str() };
        COLUMNS.iter().find(|(name, _)| *name == named).map(|(_, column)| *column)
    }

    /// The name an export gives it.
    pub(super) fn name(self) -> &'static str {
        COLUMNS.iter().find(|(_, column)| *column == self).map_or("", |(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_one_name() {
        for name in SUBSCRIBER_COLUMNS {
            let column = Column::of(&format!(" {} ", name.to_uppercase())).unwrap();
            assert_eq!(column.name(), name);
        }
        assert_eq!(Column::of("Expiry"), Some(Column::ExpiryAt));
        assert_eq!(Column::of("password"), None);
    }
}
