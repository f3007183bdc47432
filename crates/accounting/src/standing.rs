//! Counters that an enrolment gives to somebody, because nobody connects on them: the interface that faces a subscriber
//! with a static address, or the queue their traffic passes.

use crate::login::{LoginKind, LoginName};
use crate::rows::CounterRows;
use crate::table::Table;

/// One print of such a table. It may hold more rows than were enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRows {
    /// Which; [`Table::is_standing`].
    pub table: Table,
    /// Its rows.
    pub rows: CounterRows,
    /// Some of the traffic may pass these counters by, so that no bound of what they miss holds.
    pub passed_by: bool,
}

/// A counter that is somebody's for as long as it is among those enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// The table it is in; [`Table::is_standing`].
    pub table: Table,
    /// Its name on the router now, raw bytes: the login keeps the name of the enrolment, and a counter may be renamed.
    pub name: Box<[u8]>,
    /// Whose it is.
    pub login: LoginName,
    /// The boot in which it was counted last since it was enrolled: what a later first sight hides is theirs.
    pub counted_in: Option<u32>,
}

/// How the logins of each table's counters begin.
const PREFIXES: [(Table, &str); 2] = [(Table::Facing, "interface:"), (Table::Queue, "queue:")];

/// The login of whoever enrols the counter that a table has under this name.
pub fn login_of_counter(table: Table, name: &[u8]) -> LoginName {
    let prefix = PREFIXES.iter().find(|(known, _)| *known == table).map_or("", |(_, prefix)| prefix);
    LoginName::new(LoginKind::StaticIp, [prefix.as_bytes(), name].concat())
}

/// The table and the name that such a login was enrolled under; `None` for any other login.
pub fn counter_of_login(login: &LoginName) -> Option<(Table, &[u8])> {
    let of_kind = PREFIXES.iter().filter(|_| login.kind == LoginKind::StaticIp);
    let mut named =
        of_kind.filter_map(|(table, prefix)| Some((*table, login.name.strip_prefix(prefix.as_bytes())?)));
    named.next().filter(|(_, name)| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_names_the_counter_it_was_enrolled_for() {
        for table in Table::ALL.into_iter().filter(|table| table.is_standing()) {
            let login = login_of_counter(table, b"vlan:1");
            assert_eq!(counter_of_login(&login), Some((table, &b"vlan:1"[..])));
        }
        for name in ["interface:", "vlan101", ""] {
            assert_eq!(
                counter_of_login(&LoginName::new(LoginKind::StaticIp, name.as_bytes())),
                None,
                "{name}"
            );
        }
        assert_eq!(counter_of_login(&LoginName::new(LoginKind::Ppp, &b"interface:x"[..])), None);
    }
}
