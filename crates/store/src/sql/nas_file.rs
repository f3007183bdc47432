//! Making the stored routers of the configuration file those that are in it now.

use std::collections::HashMap;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::nas_repository::{FileSync, Nas, NasOrigin, NewNas};

use super::connection::Connection;
use super::nas_rows::{self, nas, nas_where};
use super::value::params;
use super::{audit, nas_update, rows};

const ANY: &str = nas_where!("TRUE");
const LISTED: &str = "INSERT INTO nas_listed (nas_id, node) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
const UNLISTED: &str = "DELETE FROM nas_listed WHERE nas_id = ?1 AND node = ?2";
const IS_LISTED: &str = "SELECT 1 FROM nas_listed WHERE nas_id = ?1";
/// Why a router of the file is not polled once its entry is gone.
const VANISHED: &str =
    "it is no longer in the configuration file; its history is kept, put its entry back to go on";

/// See [`crate::NasRepository::sync_file_nas`].
pub(super) fn sync(
    connection: &Connection<'_>,
    wanted: &[NewNas],
    node: Option<&str>,
    act: &NewAudit,
) -> Result<FileSync, StoreError> {
    let stored = rows::all(connection, ANY, params![], nas)?;
    let mut stored: HashMap<String, Nas> =
        stored.into_iter().map(|router| (router.config.name.clone(), router)).collect();
    let mut done = FileSync::default();
    for new in wanted {
        let id = match stored.remove(&new.name) {
            None => {
                let id = nas_rows::insert(connection, new, act.at)?;
                note(connection, act, &new.name, "added", &mut done.added)?;
                id
            }
            Some(router) => {
                let id = router.id;
                change(connection, router, new, act, &mut done)?;
                id
            }
        };
        if let Some(node) = node {
            connection.execute(LISTED, params![id.0, node])?;
        }
    }
    let mut left: Vec<Nas> = stored.into_values().collect();
    left.sort_unstable_by(|one, other| one.config.name.cmp(&other.config.name));
    for router in left {
        if is_nobodys(connection, &router, node)? {
            pause(connection, router, act, &mut done)?;
        }
    }
    Ok(done)
}

/// Whether the file of this process listed it last, and none lists it now. Alone (`None`) it is always so.
fn is_nobodys(connection: &Connection<'_>, router: &Nas, node: Option<&str>) -> Result<bool, StoreError> {
    let Some(node) = node else { return Ok(true) };
    let was_listed = connection.execute(UNLISTED, params![router.id.0, node])? > 0;
    let others = rows::first(connection, IS_LISTED, params![router.id.0], |row| row.get::<i64>(0))?;
    Ok(was_listed && others.is_none())
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
    if new.group != router.config.group {
        nas_update::set_group(connection, router.id, new.group.as_deref())?;
    }
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
