//! Another key for the vault: all passwords sealed anew, and other processes that have the one before.

use std::collections::HashSet;

use accounting::time::Micros;
use serde_json::json;
use store::{Nas, NasId, Resealed, StoreError};

use crate::error::OperationError;
use crate::key_place::{FoundKeys, KeyPlace};
use crate::operations::Operations;
use crate::vault::Vault;
use crate::vault_cipher::Key;
use crate::vault_error::VaultError;

/// Another process may change routers meanwhile; so often it is begun anew.
const TRIES: usize = 20;
/// Who does it where nobody asked.
const SYSTEM: &str = "system";

/// How the key stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStanding {
    /// Where it is kept; `None`: it goes with the process.
    pub place: Option<KeyPlace>,
    /// What tells it from others.
    pub fingerprint: String,
    /// Since when it is the one it is, where that shows.
    pub since: Option<Micros>,
    /// The key before, while passwords may be sealed with it.
    pub older: Option<String>,
    /// How many routers' passwords it opens.
    pub opens: u64,
    /// Routers whose passwords it does not open, by name.
    pub lost: Vec<String>,
    /// Processes on the same database that have another key, by name.
    pub unlike: Vec<String>,
}

/// The line by which processes on one database tell each other which key they have.
pub fn key_line(fingerprint: &str) -> String {
    format!("key file = {fingerprint}")
}

impl Operations {
    /// How the key stands, and what it opens.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn key_standing(&self) -> Result<KeyStanding, OperationError> {
        let routers = self.store.list_nas().await?;
        let lost: Vec<String> = self.shut(&routers).map(|nas| nas.config.name.clone()).collect();
        let place = self.vault.place().cloned();
        Ok(KeyStanding {
            fingerprint: self.vault.fingerprint(),
            since: place.as_ref().and_then(KeyPlace::since),
            older: self.vault.older_fingerprint(),
            opens: (routers.len() - lost.len()) as u64,
            lost,
            unlike: self.processes_with_another_key().await?,
            place,
        })
    }

    /// Makes a new key and seals every password anew with it; how it stands then. Killed anywhere, nothing is lost: the key before
    /// stays beside until all was read back, and the next start goes on. Whoever calls this lets it run to its end.
    ///
    /// # Errors
    /// `Conflict` where the key is not this program's to replace, with the way to do it; `Vault` when the file cannot be replaced
    /// (nothing was changed), or when the database did not take the passwords (both keys stay, and it is tried again).
    pub async fn rotate_key(&self, actor: &str) -> Result<KeyStanding, OperationError> {
        let place = self.own_key_place()?;
        self.refuse_beside_another_key().await?;
        {
            let _turn = self.vault.turning().await;
            self.take_what_is_there(place)?;
            self.settle(actor, false).await?;
            let new = place.replace()?;
            self.turn_to(new);
            self.settle(actor, true).await.map_err(unsettled)?;
        }
        self.commands.reload().await;
        self.key_standing().await
    }

    /// Seals anew what is sealed with the key before, if there is one; how many passwords that were.
    ///
    /// # Errors
    /// When the database did not take them; both keys stay.
    pub async fn settle_key(&self) -> Result<usize, OperationError> {
        let _turn = self.vault.turning().await;
        self.settle(SYSTEM, false).await
    }

    /// Looks at where the key is kept, and takes a new one up that opens what the present one does not: it was changed at another
    /// process. Then also what this one sealed meanwhile is sealed anew. Whether there was a new one.
    ///
    /// # Errors
    /// `Vault` when it cannot be read, is not there, or opens nothing; the present one stays in use.
    pub async fn follow_key(&self) -> Result<bool, OperationError> {
        let Some(place) = self.vault.place() else { return Ok(false) };
        let turn = self.vault.turning().await;
        let found = place.read()?.ok_or_else(|| gone(place))?;
        let is_new = found.current.fingerprint() != self.vault.fingerprint();
        if is_new {
            self.refuse_useless(place, &found).await?;
            self.turn_to(found.current);
        } else if let Some(older) = found.older {
            self.vault.take_older(older);
        }
        if is_new || self.vault.older_fingerprint().is_some() {
            self.settle(SYSTEM, false).await?;
        }
        drop(turn);
        if is_new {
            self.commands.reload().await;
        }
        Ok(is_new)
    }

    fn own_key_place(&self) -> Result<&KeyPlace, OperationError> {
        match self.vault.place() {
            Some(place @ KeyPlace::File(_)) => Ok(place),
            Some(KeyPlace::Credential(path)) => Err(OperationError::Conflict(by_the_service_manager(path))),
            None => Err(OperationError::Conflict(
                "the key goes with this process and is kept nowhere; nothing was changed".to_owned(),
            )),
        }
    }

    /// The key before is what lies in its place, or it would go without anything that opens what it sealed.
    fn take_what_is_there(&self, place: &KeyPlace) -> Result<(), OperationError> {
        let found = place.read()?.ok_or_else(|| gone(place))?;
        if found.current.fingerprint() != self.vault.fingerprint() {
            return Err(OperationError::Conflict(format!(
                "{} holds another key ({}) than the one in use ({}); nothing was changed. Put the right file back first",
                place.path().display(),
                found.current.fingerprint(),
                self.vault.fingerprint()
            )));
        }
        found.older.into_iter().for_each(|older| self.vault.take_older(older));
        Ok(())
    }

    /// And lets the other processes know.
    fn turn_to(&self, key: Key) {
        let (before, now) = (self.vault.fingerprint(), key.fingerprint());
        self.vault.turn_to(key);
        self.node.settings.replace(&key_line(&before), &key_line(&now));
        tracing::info!(before, now, "the key to the routers' passwords is another one now");
    }

    /// Only while nobody else seals. `is_act`: it is written down also where no password is.
    async fn settle(&self, actor: &str, is_act: bool) -> Result<usize, OperationError> {
        let Some(older) = self.vault.older_fingerprint() else { return Ok(0) };
        let (mut sealed, mut is_act) = (0, is_act);
        let routers = self.store.list_nas().await?;
        let opened: HashSet<NasId> = self.opened(&routers).collect();
        for _ in 0..TRIES {
            let anew = self.to_seal_anew().await?;
            if anew.is_empty() && !is_act {
                self.prove(&opened).await?;
                return Ok(sealed);
            }
            let count = anew.len();
            let detail = json!({"before": older, "passwords": count});
            let act = self.act(actor, "key.rotate", &self.vault.fingerprint(), detail);
            match self.store.reseal_nas(anew, act).await {
                Ok(()) => (sealed, is_act) = (sealed + count, false),
                // Somebody changed a router in between.
                Err(StoreError::Constraint(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(OperationError::Conflict("routers are changed all the time".to_owned()))
    }

    /// Reads back what was opened before: only when the key alone opens all of it the one before goes.
    async fn prove(&self, opened: &HashSet<NasId>) -> Result<(), OperationError> {
        let routers = self.store.list_nas().await?;
        let now: HashSet<NasId> = self.opened(&routers).collect();
        if routers.iter().any(|nas| opened.contains(&nas.id) && !now.contains(&nas.id)) {
            return Err(OperationError::Conflict("not all passwords could be read back".to_owned()));
        }
        if let Some(place) = self.vault.place() {
            place.drop_older()?;
        }
        self.vault.settled();
        Ok(())
    }

    async fn to_seal_anew(&self) -> Result<Vec<Resealed>, OperationError> {
        let routers = self.store.list_nas().await?;
        let anew = routers.into_iter().filter_map(|nas| {
            let after = self.vault.sealed_anew(&nas)?;
            Some(Resealed { nas: nas.id, before: nas.config.password, after })
        });
        Ok(anew.collect())
    }

    fn opened<'n>(&self, routers: &'n [Nas]) -> impl Iterator<Item = NasId> + use<'n, '_> {
        routers.iter().filter(|nas| self.vault.password_of(nas).is_ok()).map(|nas| nas.id)
    }

    /// Routers whose passwords no key here opens.
    pub(crate) fn shut<'n>(&self, routers: &'n [Nas]) -> impl Iterator<Item = &'n Nas> + use<'n, '_> {
        routers.iter().filter(|nas| self.vault.password_of(nas).is_err())
    }

    /// A file that was put there by mistake is no reason to give up a key that opens what is there.
    async fn refuse_useless(&self, place: &KeyPlace, found: &FoundKeys) -> Result<(), OperationError> {
        let routers = self.store.list_nas().await?;
        let is_useful = self.shut(&routers).any(|nas| Vault::opens_with(&found.current, nas));
        if is_useful || routers.is_empty() {
            return Ok(());
        }
        Err(OperationError::Vault(VaultError::KeyFile(format!(
            "{} holds another key ({}) than before, and it opens no password that the one in use ({}) does not: it is not taken. \
             Put the file back before the next start; to change the key: tikmeter key rotate",
            place.path().display(),
            found.current.fingerprint(),
            self.vault.fingerprint()
        ))))
    }

    /// Whose key is not the others' may not open what it would have to seal anew.
    async fn refuse_beside_another_key(&self) -> Result<(), OperationError> {
        let unlike = self.processes_with_another_key().await?;
        if unlike.is_empty() {
            return Ok(());
        }
        Err(OperationError::Conflict(format!(
            "{} on the same database has another key than this process ({}); nothing was changed. Give all the same key first, by \
             copying the file of the one where it was changed last",
            unlike.join(", "),
            self.vault.fingerprint()
        )))
    }

    async fn processes_with_another_key(&self) -> Result<Vec<String>, OperationError> {
        let ours = key_line(&self.vault.fingerprint());
        let nodes = self.store.nodes().await?.into_iter();
        let others = nodes.filter(|node| node.is_alive && node.name != self.node.name);
        let unlike = others.filter(|node| node.settings.lines().all(|line| line != ours));
        Ok(unlike.map(|node| node.name).collect())
    }
}

/// What is to be done where this program cannot.
fn by_the_service_manager(path: &std::path::Path) -> String {
    format!(
        "the key is the credential {}, which only the service manager can replace; nothing was changed. Make a new key, hand the \
         present one over as tikmeter.key.old beside it, and start the service again: it seals all passwords anew then \
         (docs/how-to/keys.md)",
        path.display()
    )
}

fn gone(place: &KeyPlace) -> OperationError {
    OperationError::Vault(VaultError::KeyFile(format!(
        "the key {} is not there any more. All goes on with the one in memory until the next start: put it back from a copy, or \
         the routers' passwords are lost then",
        place.path().display()
    )))
}

fn unsettled(error: OperationError) -> OperationError {
    OperationError::Vault(VaultError::KeyFile(format!(
        "the new key is in its place, but passwords are still sealed with the one before, which stays beside it: {error}. All \
         routers are read as before, and sealing is tried again every few seconds and at each start"
    )))
}
