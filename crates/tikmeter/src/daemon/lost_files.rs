//! A folder that lacks what it once had is not taken for a new one: nothing is made anew beside what is left, unless its
//! operator says so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use operations::{KeyPlace, Vault};
use store::{Nas, NasOrigin, Store};

use crate::config::DatabaseUrl;
use crate::data_folder;
use crate::failure::Failure;

/// Names of routers told in one sentence.
const NAMED: usize = 5;

/// A file of the folder by which it is seen that a server was started there before.
pub(super) fn left_by_older_start(data: &Path) -> Option<PathBuf> {
    [data_folder::key_file(data), data_folder::token_file(data)].into_iter().find(|file| file.exists())
}

/// Refuses an empty database file where something shows that there was one.
///
/// # Errors
/// What is missing, and what mends it.
pub(super) fn refuse_lost_database(database: &Path, left: Option<&Path>) -> Result<(), Failure> {
    // Of a link that leads nowhere the database itself tells.
    if database.exists() || database.is_symlink() {
        return Ok(());
    }
    let log = data_folder::log_of(database);
    if log.metadata().is_ok_and(|log| log.len() > 0) {
        return Err(Failure::said(format!(
            "the database {0} is not there, but its log {1} is: it was removed, moved or not restored. Nothing was changed. Put \
             it back beside its log; or, if it is lost, move the log away and start once with --new-database",
            database.display(),
            log.display()
        )));
    }
    if let Some(left) = left {
        return Err(Failure::said(format!(
            "the database {} is not there, but a file of an older start is ({}): it was removed, moved or not restored, or \
             another path is configured. Nothing was changed. Put it back; to begin with an empty one, start once with \
             --new-database",
            database.display(),
            left.display()
        )));
    }
    Ok(())
}

/// The same of a database on a server.
pub(super) fn lost_tables(database: &DatabaseUrl, left: &Path) -> Failure {
    Failure::said(format!(
        "{}: the database has no tables of Tikmeter, but a file of an older start is there ({}): they were removed or not \
         restored, or another database is configured. Nothing was changed. Give the right one; to begin with an empty one, \
         start once with --new-database",
        database.shown(),
        left.display()
    ))
}

/// The vault of the key in its place. One is made where nothing was sealed yet, or where `new_key` says so.
///
/// # Errors
/// When the key cannot be used, or is missing although passwords are sealed with it.
pub(super) async fn vault(store: &dyn Store, place: &KeyPlace, new_key: bool) -> Result<Arc<Vault>, Failure> {
    let sealed = sealed_here(store).await?;
    let found = match place.read().map_err(Failure::from_display)? {
        Some(found) => found,
        None if sealed.is_empty() || new_key => place.make().map_err(Failure::from_display)?,
        None => return Err(key_lost(place.path(), &sealed)),
    };
    let vault = Vault::kept(found, place.clone());
    warn_of_other_key(&vault, &sealed);
    Ok(Arc::new(vault))
}

/// Routers whose passwords lie in the database alone; the configuration file's are sealed anew at each start.
async fn sealed_here(store: &dyn Store) -> Result<Vec<Nas>, Failure> {
    let mut routers = store.list_nas().await.map_err(Failure::from_display)?;
    routers.retain(|nas| nas.config.origin == NasOrigin::Api);
    Ok(routers)
}

fn key_lost(file: &Path, sealed: &[Nas]) -> Failure {
    Failure::said(format!(
        "the key file {} is missing, and the passwords of {} are sealed with it. Nothing was changed. Put it back from a \
         backup. If it is lost, only those passwords are: all usage, subscribers, plans and vouchers are safe and need no key. \
         Start once with --new-key, then set each password again: tikmeter router edit NAME --password-file FILE",
        file.display(),
        names(sealed.iter())
    ))
}

fn warn_of_other_key(vault: &Vault, sealed: &[Nas]) {
    let shut: Vec<&Nas> = sealed.iter().filter(|nas| vault.password_of(nas).is_err()).collect();
    if !shut.is_empty() {
        tracing::error!(
            "the passwords of {} cannot be opened with this key file ({}), so they are not read. All usage, subscribers, plans \
             and vouchers are safe and need no key. Put the right key file in its place, which is taken up within seconds, or set \
             each password again: tikmeter router edit NAME --password-file FILE",
            names(shut.iter().copied()),
            vault.fingerprint()
        );
    }
}

fn names<'a>(routers: impl ExactSizeIterator<Item = &'a Nas>) -> String {
    let all = routers.len();
    let named: Vec<&str> = routers.take(NAMED).map(|nas| nas.config.name.as_str()).collect();
    let more = if all > NAMED { format!(" and {} more", all - NAMED) } else { String::new() };
    let routers = if all == 1 { "router" } else { "routers" };
    format!("{all} {routers} ({}{more})", named.join(", "))
}
