//! Counters that are somebody's by enrolment and that the router does not show: whoever they count for is not counted.

use std::fmt;

use accounting::snapshot::StandingRows;
use accounting::table::Table;
use operations::name_for_people;
use rustc_hash::FxHashSet;
use store::Asked;

/// Named in a sentence; the rest are counted.
const NAMED: usize = 5;

/// See the module; by table and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacking(Vec<(Table, Box<[u8]>)>);

impl Lacking {
    /// Those of `asked` whose table was read and that are not in it, under no name and no id they had.
    pub(super) fn of(asked: &[Asked], read: &[StandingRows]) -> Self {
        let mut lacking = Vec::new();
        for print in read {
            let ids: FxHashSet<u64> = print.rows.rows().map(|row| Table::id(row.handle)).collect();
            let names: FxHashSet<&[u8]> = print.rows.rows().map(|row| row.name).collect();
            let of_table = asked.iter().filter(|one| one.table == print.table);
            let not_there = of_table
                .filter(|one| !names.contains(&*one.name) && !one.ids.iter().any(|id| ids.contains(id)));
            lacking.extend(not_there.map(|one| (one.table, one.name.as_slice().into())));
        }
        Lacking(lacking)
    }

    /// What is not there, what that costs and what mends it; `None` where nothing is missing.
    pub fn told(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.to_string())
    }
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |table| if table == Table::Queue { "the queue" } else { "the interface" };
        let named = self
            .0
            .iter()
            .take(NAMED)
            .map(|(table, name)| format!("{} {}", word(*table), name_for_people(name)));
        let named = named.collect::<Vec<_>>().join(", ");
        let more = match self.0.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        write!(
            f,
            "The router does not show {named}{more}, which static addresses are counted by: nothing of theirs is counted \
             until it does. Where another one counts them now, bind that (`tikmeter subscriber bind USERNAME interface:NAME \
             --service static_ip --router ROUTER`, or queue:NAME) and unbind the one that is gone."
        )
    }
}

#[cfg(test)]
mod tests {
    use accounting::Octets;
    use accounting::snapshot::{CounterRow, CounterRows};

    use super::*;

    fn asked(table: Table, name: &str, ids: &[u64]) -> Asked {
        Asked { table, name: name.into(), ids: ids.to_vec() }
    }

    fn print(table: Table, rows: &[(u64, &str)]) -> StandingRows {
        let mut shown = CounterRows::default();
        for (id, name) in rows {
            let handle = table.handle(*id).unwrap();
            shown.push(CounterRow { handle, name: name.as_bytes(), octets: Octets::ZERO });
        }
        StandingRows { table, rows: shown, passed_by: false }
    }

    #[test]
    fn what_is_there_under_its_name_or_its_id_is_not_lacking_nor_is_what_was_not_read() {
        let wanted = [
            asked(Table::Facing, "vlan1", &[]),
            asked(Table::Facing, "renamed since", &[7]),
            asked(Table::Facing, "gone", &[9]),
            asked(Table::Queue, "ana", &[]),
        ];
        let facing = print(Table::Facing, &[(3, "vlan1"), (7, "vlan7")]);
        let told = Lacking::of(&wanted, std::slice::from_ref(&facing)).told().unwrap();
        assert!(told.starts_with("The router does not show the interface gone, which"), "{told}");
        let queues = print(Table::Queue, &[(9, "ben")]);
        let told = Lacking::of(&wanted, &[facing, queues]).told().unwrap();
        assert!(told.contains("the interface gone, the queue ana, which"), "{told}");
        assert_eq!(
            Lacking::of(&wanted[..2], &[print(Table::Facing, &[(3, "vlan1"), (7, "x")])]).told(),
            None
        );
    }

    #[test]
    fn many_are_counted() {
        let wanted: Vec<Asked> = (0..7).map(|no| asked(Table::Queue, &format!("q{no}"), &[])).collect();
        let told = Lacking::of(&wanted, &[print(Table::Queue, &[])]).told().unwrap();
        assert!(told.contains("the queue q4 and 2 more, which"), "{told}");
    }
}
