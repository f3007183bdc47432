//! Forward-only migrations, each in a transaction of its own with its number. Never edit one that landed; add the next.
//!
//! Numbers are paired with SQLite's: whoever adds `0022_x.sql` to one folder adds `0022_x.sql` to the other, even if only
//! with a comment that says why it has nothing to do there. What both have after the same number has the same tables and
//! columns, and a test compares the two. Nobody had PostgreSQL before 0021, so that is where it starts.

use postgres::{Client, GenericClient};

use crate::error::StoreError;

use super::check::{self, MIGRATIONS_RUN};
use super::writer;

/// All migrations, oldest first, by number.
pub(crate) const MIGRATIONS: &[(i64, &str)] = &[
    (21, include_str!("migrations/0021_start.sql")),
    (22, include_str!("migrations/0022_open_coverage.sql")),
    (23, include_str!("migrations/0023_nodes.sql")),
    (24, include_str!("migrations/0024_months.sql")),
    (25, include_str!("migrations/0025_outbox.sql")),
    (26, include_str!("migrations/0026_command.sql")),
    (27, include_str!("migrations/0027_rates.sql")),
    (28, include_str!("migrations/0028_command_arguments.sql")),
    (29, include_str!("migrations/0029_cycle_totals.sql")),
    (30, include_str!("migrations/0030_rate_limit.sql")),
    (31, include_str!("migrations/0031_voucher.sql")),
    (32, include_str!("migrations/0032_profile_and_hold.sql")),
    (33, include_str!("migrations/0033_plan_speed.sql")),
    (34, include_str!("migrations/0034_voucher_clock.sql")),
    (35, include_str!("migrations/0035_voucher_login.sql")),
    (36, include_str!("migrations/0036_limit_beneath.sql")),
    (37, include_str!("migrations/0037_voucher_key.sql")),
    (38, include_str!("migrations/0038_limit_lasting.sql")),
    (39, include_str!("migrations/0039_operator.sql")),
    (40, include_str!("migrations/0040_reach.sql")),
    (41, include_str!("migrations/0041_lookups.sql")),
    (42, include_str!("migrations/0042_audit_origin.sql")),
];

/// Makes the schema, unless somebody made it for a user who may not, and in it the table that tells which migrations ran.
const BEGIN: &str = "
    DO $$ BEGIN IF to_regnamespace('tikmeter') IS NULL THEN CREATE SCHEMA tikmeter; END IF; END $$;
    CREATE TABLE migration (
        number bigint PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now()
    )";

/// Looks at the database and brings our tables up to date, or makes them where it may begin; false when they are not there.
/// One process does so at a time. Before it has a name, so that another one that waits here is not taken for one at work.
///
/// # Errors
/// `TooNew` when a newer program made them; `Unavailable` with what is wrong with the database, or when programs are at work
/// on it that do not know the tables of this one.
pub(super) fn bring_up(client: &mut Client, may_begin: bool) -> Result<bool, StoreError> {
    client.batch_execute(writer::MIGRATING)?;
    let are_there = check::check(client)?;
    if are_there || may_begin {
        migrate(client, are_there, MIGRATIONS)?;
    }
    client.batch_execute(writer::MIGRATED)?;
    Ok(are_there || may_begin)
}

/// Brings our tables up to the last of `migrations`, for whoever has the lock of [`writer::MIGRATING`].
///
/// # Errors
/// As [`bring_up`].
pub(crate) fn migrate(
    client: &mut Client,
    are_there: bool,
    migrations: &[(i64, &str)],
) -> Result<(), StoreError> {
    let known = newest_of(migrations);
    let found = if are_there { newest(client)? } else { 0 };
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    if found < known && are_there {
        refuse_beside_others(client)?;
    }
    let mut is_begun = are_there;
    for (number, sql) in migrations.iter().filter(|(number, _)| *number > found) {
        let mut transaction = client.transaction()?;
        transaction.batch_execute("SET LOCAL statement_timeout = 0")?;
        if !is_begun {
            transaction.batch_execute(BEGIN)?;
        }
        transaction.batch_execute(sql)?;
        transaction.execute(&format!("INSERT INTO {MIGRATIONS_RUN} (number) VALUES ($1)"), &[number])?;
        transaction.commit()?;
        is_begun = true;
    }
    Ok(())
}

fn refuse_beside_others(client: &mut Client) -> Result<(), StoreError> {
    let others = writer::others(client)?;
    if others.is_empty() {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!(
        "its tables are of an older version, and {} at work on them; nothing was touched. Stop all of them, then start this one",
        others.join(", ")
    )))
}

/// Refuses tables that a newer program changed while this one ran.
///
/// # Errors
/// `TooNew`.
pub(super) fn refuse_newer(client: &mut Client) -> Result<(), StoreError> {
    let (found, known) = (newest(client)?, newest_of(MIGRATIONS));
    if found > known { Err(StoreError::TooNew { found, known }) } else { Ok(()) }
}

fn newest_of(migrations: &[(i64, &str)]) -> i64 {
    migrations.last().map_or(0, |(number, _)| *number)
}

/// The number of the last migration that ran.
pub(crate) fn newest(client: &mut impl GenericClient) -> Result<i64, StoreError> {
    let newest = client.query_one(&format!("SELECT coalesce(max(number), 0) FROM {MIGRATIONS_RUN}"), &[])?;
    Ok(newest.try_get(0)?)
}

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;
    use crate::sqlite;

    #[test]
    fn migrations_are_paired_with_those_of_sqlite() {
        let numbers: Vec<i64> = MIGRATIONS.iter().map(|(number, _)| *number).collect();
        let newest = i64::try_from(sqlite::migrate::MIGRATIONS.len()).unwrap();
        let expected: Vec<i64> = (21..=newest).collect();
        assert_eq!(
            numbers, expected,
            "each number needs a file in sqlite/migrations and one in postgres/migrations"
        );
    }
}
