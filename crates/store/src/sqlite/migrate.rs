//! Forward-only migrations, counted in `user_version`. Never edit one that landed; add the next, here and, with the same
//! number, in `postgres/migrate.rs`: a test counts them, another one compares the tables.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;

/// All migrations, oldest first.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_start.sql"),
    include_str!("migrations/0002_fingerprint.sql"),
    include_str!("migrations/0003_renewals.sql"),
    include_str!("migrations/0004_plan_cycles.sql"),
    include_str!("migrations/0005_retention.sql"),
    include_str!("migrations/0006_hotspot.sql"),
    include_str!("migrations/0007_undone_renewals.sql"),
    include_str!("migrations/0008_closed_tails.sql"),
    include_str!("migrations/0009_credits.sql"),
    include_str!("migrations/0010_adoption.sql"),
    include_str!("migrations/0011_enrolment.sql"),
    include_str!("migrations/0012_undone_adoptions.sql"),
    include_str!("migrations/0013_named_since.sql"),
    include_str!("migrations/0014_unattributed.sql"),
    include_str!("migrations/0015_coverage_by_source.sql"),
    include_str!("migrations/0016_told_until.sql"),
    include_str!("migrations/0017_open_entry.sql"),
    include_str!("migrations/0018_edge_groups.sql"),
    include_str!("migrations/0019_edge_group_table.sql"),
    include_str!("migrations/0020_edge_since.sql"),
    include_str!("migrations/0021_not_looked_in.sql"),
    include_str!("migrations/0022_open_coverage.sql"),
    include_str!("migrations/0023_nodes.sql"),
    include_str!("migrations/0024_months.sql"),
    include_str!("migrations/0025_outbox.sql"),
    include_str!("migrations/0026_command.sql"),
    include_str!("migrations/0027_rates.sql"),
    include_str!("migrations/0028_command_arguments.sql"),
    include_str!("migrations/0029_cycle_totals.sql"),
    include_str!("migrations/0030_rate_limit.sql"),
    include_str!("migrations/0031_voucher.sql"),
    include_str!("migrations/0032_profile_and_hold.sql"),
    include_str!("migrations/0033_plan_speed.sql"),
    include_str!("migrations/0034_voucher_clock.sql"),
    include_str!("migrations/0035_voucher_login.sql"),
    include_str!("migrations/0036_limit_beneath.sql"),
    include_str!("migrations/0037_voucher_key.sql"),
    include_str!("migrations/0038_limit_lasting.sql"),
    include_str!("migrations/0039_operator.sql"),
    include_str!("migrations/0040_reach.sql"),
    include_str!("migrations/0041_lookups.sql"),
    include_str!("migrations/0042_audit_origin.sql"),
];
/// Marks a file as ours ("TKM1"), so that another program's database is refused.
const APPLICATION_ID: i64 = 0x544b_4d31;

/// Brings the database up to the last of `migrations`. A database with data is copied beside itself first.
pub(crate) fn migrate(
    connection: &mut Connection,
    path: Option<&Path>,
    migrations: &[&str],
) -> Result<(), StoreError> {
    let found = version_of_ours(connection)?;
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    let pending = usize::try_from(found).ok().and_then(|done| migrations.get(done..)).unwrap_or_default();
    if let (Some(path), true, false) = (path, found > 0, pending.is_empty()) {
        back_up(connection, &backup_path(path, found))?;
    }
    apply(connection, pending, known)
}

/// Refuses a database that is not at the last of our migrations; changes nothing.
///
/// # Errors
/// `TooNew`; `Corrupt` for another program's; else `Unavailable` with what brings it up to date.
pub(super) fn check_newest(connection: &Connection) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    match readable_version(connection)? {
        found if found < known => Err(StoreError::Unavailable(format!(
            "it has version {found}, and this program moves version {known}; nothing was touched. Start `tikmeter serve` with it \
             once, which copies it and brings it up to date, and stop that again"
        ))),
        _ => Ok(()),
    }
}

/// The version of our database, which this program knows.
///
/// # Errors
/// `TooNew`; `Corrupt` for another program's; `Unavailable` for an empty file.
pub(super) fn readable_version(connection: &Connection) -> Result<i64, StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    match version_of_ours(connection)? {
        0 => {
            Err(StoreError::Unavailable("the file holds no tables of Tikmeter; give another one".to_owned()))
        }
        found if found > known => Err(StoreError::TooNew { found, known }),
        found => Ok(found),
    }
}

/// The version of our database, 0 for an empty file; `Corrupt` for a database of another program.
fn version_of_ours(connection: &Connection) -> Result<i64, StoreError> {
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && application != APPLICATION_ID {
        return Err(StoreError::Corrupt("it is the database of another program".to_owned()));
    }
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// All steps or none: a disk that fills up half-way leaves an empty file empty and an older database as it was.
fn apply(connection: &mut Connection, pending: &[&str], version: i64) -> Result<(), StoreError> {
    if pending.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    pending.iter().try_for_each(|sql| transaction.execute_batch(sql))?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()?;
    Ok(())
}

fn backup_path(path: &Path, version: i64) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".before-version-{}", version + 1));
    PathBuf::from(name)
}

/// Writes a whole copy. An older copy of the same step stays from an attempt that failed; the database itself is
/// unchanged by that attempt, so the copy is made anew.
fn back_up(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    let failed = |error: String| {
        StoreError::Unavailable(format!(
            "the copy {} could not be made before upgrading ({error}); nothing was changed",
            to.display()
        ))
    };
    if to.exists() {
        std::fs::remove_file(to).map_err(|error| failed(error.to_string()))?;
    }
    super::file::prepare(to)?;
    let name = to.to_str().ok_or_else(|| failed("its path is not UTF-8".to_owned()))?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(|error| failed(error.to_string()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "CREATE TABLE kept (x INTEGER); INSERT INTO kept VALUES (7);";
    const SECOND: &str = "ALTER TABLE kept ADD COLUMN y INTEGER;";

    fn rows(connection: &Connection) -> i64 {
        connection.query_row("SELECT sum(x) FROM kept", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_upgrade_copies_the_data_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, Some(&path), &[FIRST]).unwrap();
        assert!(!folder.path().join("a.db.before-version-1").exists(), "an empty file needs no copy");
        migrate(&mut connection, Some(&path), &[FIRST, SECOND]).unwrap();
        assert_eq!(rows(&connection), 7);
        let copy = Connection::open(folder.path().join("a.db.before-version-2")).unwrap();
        assert_eq!(rows(&copy), 7);
        assert!(copy.prepare("SELECT y FROM kept").is_err(), "the copy is from before the upgrade");
    }

    #[test]
    fn a_migration_that_fails_leaves_the_database_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut connection = Connection::open(&path).unwrap();
        migrate(&mut connection, Some(&path), &[FIRST]).unwrap();
        let broken = "ALTER TABLE kept ADD COLUMN y INTEGER; SELECT nonsense FROM nowhere;";
        migrate(&mut connection, Some(&path), &[FIRST, broken]).unwrap_err();
        assert!(connection.prepare("SELECT y FROM kept").is_err());
        migrate(&mut connection, Some(&path), &[FIRST, SECOND]).unwrap();
        assert_eq!(rows(&connection), 7);
    }

    #[test]
    fn steps_before_one_that_fails_are_undone_too() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, None, &[FIRST, "SELECT nonsense FROM nowhere;"]).unwrap_err();
        assert!(connection.prepare("SELECT x FROM kept").is_err());
        assert_eq!(version_of_ours(&connection), Ok(0));
    }

    #[test]
    fn an_adoption_of_before_covers_what_was_numbered_until_the_upgrade() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, None, &MIGRATIONS[..11]).unwrap();
        let before = "PRAGMA foreign_keys = OFF;
            INSERT INTO nas (id, uuid, name, host, port, username, password, created_at, next_no)
            VALUES (3, x'00', 'tower', 'h', 8728, 'u', x'', 0, 41);
            INSERT INTO adoption VALUES (9, 'ana', 100, 3, 7, 1);";
        connection.execute_batch(before).unwrap();
        migrate(&mut connection, None, &MIGRATIONS[..12]).unwrap();
        let columns =
            "SELECT login_id, subscriber_id, from_at, until_no, nas_id, bucket, entry_no FROM adoption
            WHERE superseded_at IS NULL AND superseded_by IS NULL";
        let row: (i64, String, i64, i64, i64, i64, i64) = connection
            .query_row(columns, [], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get(6)?,
                ))
            })
            .unwrap();
        assert_eq!(row, (9, "ana".to_owned(), 100, 41, 3, 7, 1));
    }

    #[test]
    fn what_a_counter_moved_as_nobodys_is_taken_from_its_entries() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, None, &MIGRATIONS[..13]).unwrap();
        let before = "PRAGMA foreign_keys = OFF;
            INSERT INTO counter SELECT 3 << 40 | value, 3, 1, value, x'', 0, 0, 0, 90, 90, 2, 70, 0, 0, 0, x'', 0, 0, 0, x'',
                x'', 0, 0, 0 FROM json_each('[7, 8]');
            INSERT INTO ledger_entry SELECT 3, 1, value, iif(value = 5, 9, NULL), NULL, 7, NULL, 'grew', 1, 10, 20, 0, 0, 0,
                0, 0, 0, 0, NULL, NULL, 1, NULL, NULL FROM json_each('[4, 5, 6]');";
        connection.execute_batch(before).unwrap();
        migrate(&mut connection, None, MIGRATIONS).unwrap();
        let nobodys = "SELECT unattributed_input, unattributed_output FROM counter ORDER BY id";
        let mut nobodys = connection.prepare(nobodys).unwrap();
        let nobodys = nobodys.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(nobodys.collect::<Result<Vec<(i64, i64)>, _>>(), Ok(vec![(20, 70), (2, 70)]));
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, None, &[FIRST, SECOND]).unwrap();
        let refused = migrate(&mut connection, None, &[FIRST]).unwrap_err();
        assert_eq!(refused, StoreError::TooNew { found: 2, known: 1 });
    }

    #[test]
    fn another_programs_database_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert!(matches!(migrate(&mut connection, None, MIGRATIONS), Err(StoreError::Corrupt(_))));
    }
}
