//! Making the stored routers of the configuration file those that are in it now.

use std::collections::{HashMap, HashSet};

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::nas_repository::{FileSync, Nas, NasOrigin, NewNas};

use super::connection::Connection;
use super::nas_rows::{self, nas, nas_where};
use super::value::params;
use super::{audit, nas_update, rows};

const ANY: &str = nas_where!("TRUE");
const OF_OTHERS: &str = "SELECT name FROM nas WHERE removed_at IS NULL AND listed_by <> ?1";
const LISTED: &str = "
    UPDATE nas SET listed_by = ?2
    WHERE name = ?1 AND removed_at IS NULL AND (listed_by IS NULL OR listed_by <> ?2)";
/// Why a router of the file is not polled once its entry is gone.
const VANISHED: &str =
    "it is no longer in the configuration file; its history is kept, put its entry back to go on";

/// See [`crate::NasRepository::sync_file_nas`].
pub(super) fn sync(
    connection: &Connection<'_>,
    wanted: &[NewNas],
    node: &str,
    act: &NewAudit,
) -> Result<FileSync, StoreError> {
    let stored = rows::all(connection, ANY, params![], nas)?;
    let mut stored: HashMap<String, Nas> =
        stored.into_iter().map(|router| (router.config.name.clone(), router)).collect();
    let mut done = FileSync::default();
    for new in wanted {
        match stored.remove(&new.name) {
            None => {
                nas_rows::insert(connection, new, act.at)?;
                note(connection, act, &new.name, "added", &mut done.added)?;
            }
            Some(router) => change(connection, router, new, act, &mut done)?,
        }
        connection.execute(LISTED, params![new.name, node])?;
    }
    let others: HashSet<String> =
        rows::all(connection, OF_OTHERS, params![node], |row| row.get(0))?.into_iter().collect();
    let mut left: Vec<Nas> =
        stored.into_values().filter(|router| !others.contains(&router.config.name)).collect();
    left.sort_unstable_by(|one, other| one.config.name.cmp(&other.config.name));
    for router in left {
        pause(connection, router, act, &mut done)?;
    }
    Ok(done)
}

fn change(
    connection: &Connection<'_>,
    mut router: Nas,
    new: &NewNas,
    act: &NewAudit,
    done: &mut FileSync,
) -> Result<(), StoreError> {
    if router.config.origin == NasOrigin::Api {
        return Err(StoreError::Constraint(format!(
            "the configuration file lists a router called {}, but one of that name was added by hand; nothing was \
             changed, rename one of them",
            new.name
        )));
    }
    // A certificate the file does not name is the one that was seen.
    let fingerprint = new.fingerprint.or(router.config.fingerprint);
    let new = NewNas { fingerprint, ..new.clone() };
    let back = router.paused_reason.as_deref() == Some(VANISHED);
    if new == router.config && !back {
        return Ok(());
    }
    let name = new.name.clone();
    router.config = new;
    router.paused_reason = router.paused_reason.filter(|_| !back);
    nas_update::write(connection, &router)?;
    note(connection, act, &name, "changed", &mut done.changed)
}

fn pause(
    connection: &Connection<'_>,
    mut router: Nas,
    act: &NewAudit,
    done: &mut FileSync,
) -> Result<(), StoreError> {
    let paused = router.paused_reason.as_deref() == Some(VANISHED);
    if router.config.origin == NasOrigin::Api || paused {
        return Ok(());
    }
    router.paused_reason = Some(VANISHED.to_owned());
    nas_update::write(connection, &router)?;
    note(connection, act, &router.config.name, "vanished", &mut done.vanished)
}

fn note(
    connection: &Connection<'_>,
    act: &NewAudit,
    name: &str,
    change: &str,
    done: &mut Vec<String>,
) -> Result<(), StoreError> {
    let detail = format!(r#"{{"change":"{change}"}}"#);
    audit::append(connection, &NewAudit { subject: name.to_owned(), detail, ..act.clone() })?;
    done.push(name.to_owned());
    Ok(())
}
