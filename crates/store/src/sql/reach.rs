//! Bounding statements to the routers that somebody reaches, and who reaches which.

use std::collections::HashMap;

use crate::error::StoreError;
use crate::reach::Reach;
use crate::token_repository::Role;

use super::connection::Connection;
use super::row::Row;
use super::value::params;
use super::{nas_rows, rows};

/// A condition: the group whose row is in that column is reached; the value is [`Reach::rows`].
macro_rules! reached {
    ($reach:literal, $group:literal) => {
        concat!("(", $reach, " IS NULL OR ", $reach, " LIKE '%,' || ", $group, " || ',%')")
    };
}
pub(super) use reached;

/// A condition: the router whose row is in that column is reached.
macro_rules! on_reached {
    ($reach:literal, $nas:literal) => {
        concat!(
            "(",
            $reach,
            " IS NULL OR ",
            $nas,
            " IN (SELECT within.id FROM nas AS within
              WHERE ",
            $reach,
            " LIKE '%,' || within.group_id || ',%'))"
        )
    };
}
pub(super) use on_reached;

/// A condition: the row of `subscriber` has a login that is theirs on a router that is reached, or one with which they were there since
/// it is theirs and since the cycle before the open one began: what was earlier is on no page of theirs but the history. A renewal alone
/// takes nobody from sight, and can be undone by who did it.
macro_rules! subscriber_reached {
    ($reach:literal) => {
        concat!(
            "(",
            $reach,
            " IS NULL OR EXISTS (
                SELECT 1 FROM login_binding AS theirs JOIN login AS its ON its.id = theirs.login_id
                WHERE theirs.subscriber_id = subscriber.id AND theirs.to_at IS NULL
                  AND (its.scope = 'group' AND ",
            $reach,
            " LIKE '%,' || its.scope_id || ',%'
                    OR its.scope = 'router' AND ",
            on_reached!($reach, "its.scope_id"),
            "
                    OR EXISTS (SELECT 1 FROM session AS had WHERE had.login_id = its.id AND ",
            on_reached!($reach, "had.nas_id"),
            " AND coalesce(had.last_seen_at, 9223372036854775807) >= theirs.from_at
                          AND coalesce(had.last_seen_at, 9223372036854775807) >= coalesce((
                              SELECT shown.opened_at FROM cycle AS shown
                              WHERE shown.subscriber_id = subscriber.id AND shown.continues IS NULL
                              ORDER BY shown.seq_no DESC LIMIT 1 OFFSET 1), theirs.from_at)))))"
        )
    };
}
pub(super) use subscriber_reached;

/// A condition: the voucher is of a batch that was made by who asks (`$maker`), or was used, and on routers that are reached only.
macro_rules! voucher_reached {
    ($reach:literal, $maker:literal) => {
        concat!(
            "(",
            $reach,
            " IS NULL OR voucher_batch.made_by = ",
            $maker,
            " OR EXISTS (SELECT 1 FROM voucher_device AS used WHERE used.voucher_id = voucher.id)
              AND NOT EXISTS (SELECT 1 FROM voucher_device AS used WHERE used.voucher_id = voucher.id AND NOT ",
            on_reached!($reach, "used.nas_id"),
            "))"
        )
    };
}
pub(super) use voucher_reached;

/// Statements on the groups of operators, or of tokens. Whoever has a row here is bound, though the group of the row be gone.
pub(super) struct Bound {
    all: &'static str,
    one: &'static str,
    insert: &'static str,
    forget: &'static str,
}

macro_rules! bound {
    ($table:literal, $whose:literal) => {
        Bound {
            all: concat!(
                "SELECT ",
                $whose,
                ", nas_group.id, nas_group.name FROM ",
                $table,
                " LEFT JOIN nas_group ON nas_group.id = group_id ORDER BY nas_group.name"
            ),
            one: concat!(
                "SELECT ",
                $whose,
                ", nas_group.id, nas_group.name FROM ",
                $table,
                " LEFT JOIN nas_group ON nas_group.id = group_id WHERE ",
                $whose,
                " = ?1 ORDER BY nas_group.name"
            ),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (",
                $whose,
                ", group_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
            ),
            forget: concat!("DELETE FROM ", $table, " WHERE ", $whose, " = ?1"),
        }
    };
}
/// Of operators.
pub(super) const OPERATORS: Bound = bound!("operator_group", "operator_id");
/// Of tokens.
pub(super) const TOKENS: Bound = bound!("api_token_group", "token_id");

impl Bound {
    /// How far each reaches.
    pub(super) fn all(&self, connection: &Connection<'_>) -> Result<Reaches, StoreError> {
        let mut groups: HashMap<i64, Vec<Group>> = HashMap::new();
        for (whose, group) in rows::all(connection, self.all, params![], group)? {
            groups.entry(whose).or_default().extend(group);
        }
        Ok(Reaches(groups))
    }

    /// How far one reaches.
    pub(super) fn one(&self, connection: &Connection<'_>, whose: i64) -> Result<Reach, StoreError> {
        let groups = rows::all(connection, self.one, params![whose], group)?;
        Ok(match groups.is_empty() {
            true => Reach::Everywhere,
            false => Reach::within(groups.into_iter().filter_map(|(_, group)| group).collect()),
        })
    }

    /// Binds one to the groups of these names and to no others. `Constraint` when one is not known.
    pub(super) fn bind(
        &self,
        connection: &Connection<'_>,
        whose: i64,
        groups: &[String],
    ) -> Result<(), StoreError> {
        self.forget(connection, whose)?;
        for name in groups {
            let group = nas_rows::group(connection, name)?.ok_or_else(|| unknown(name))?;
            connection.execute(self.insert, params![whose, group])?;
        }
        Ok(())
    }

    /// Before one is removed.
    pub(super) fn forget(&self, connection: &Connection<'_>, whose: i64) -> Result<(), StoreError> {
        connection.execute(self.forget, params![whose]).map(drop)
    }
}

/// Whoever says who may do what could take such bounds off.
pub(super) fn refuse_bound_admin(role: Role, groups: &[String]) -> Result<(), StoreError> {
    if role != Role::Admin || groups.is_empty() {
        return Ok(());
    }
    Err(StoreError::Constraint(
        "an admin reaches all routers and cannot be bound to groups; nothing was changed. Give another role, or no group"
            .to_owned(),
    ))
}

/// How far each reaches: those who are bound, with the groups of theirs that are there.
pub(super) struct Reaches(HashMap<i64, Vec<Group>>);

impl Reaches {
    /// How far that one reaches.
    pub(super) fn of(&mut self, whose: i64) -> Reach {
        self.0.remove(&whose).map_or(Reach::Everywhere, Reach::within)
    }
}

type Group = (i64, String);

/// Whose, and the group; without one where it is gone.
fn group(row: &Row<'_>) -> Result<(i64, Option<Group>), StoreError> {
    Ok((row.get(0)?, row.get::<Option<i64>>(1)?.zip(row.get::<Option<String>>(2)?)))
}

fn unknown(name: &str) -> StoreError {
    StoreError::Constraint(format!(
        "there is no group of routers called {}; nothing was changed. A group is there once a router is in it: tikmeter router \
         edit NAME --group GROUP",
        name.escape_debug()
    ))
}
