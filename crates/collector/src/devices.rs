//! Which router entry counts which device: counters belong to the device, so one listed twice would be billed twice
//! (DESIGN rule 8).
//!
//! The holder of a device is the entry that committed it last, as the store remembers it, polled now or not: its
//! baselines are where counting goes on. Two entries of which neither has committed yet are told apart in memory.

use std::collections::HashMap;
use std::sync::Arc;

use store::{Nas, NasId, NasOrigin, NasRepository, StoreError};
use tokio::sync::{Mutex, watch};

/// No entry: the database numbers them from 1.
const NOBODY: NasId = NasId(0);

/// See the module.
pub struct Devices {
    store: Arc<dyn NasRepository>,
    claims: Mutex<HashMap<Box<str>, NasId>>,
    changes: watch::Sender<()>,
}

/// Why a device was not given to a router entry.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Another entry holds it; a sentence that names both and what to do.
    Held(String),
    /// The store did not say who holds it; ask again.
    NotKnown(StoreError),
}

impl Devices {
    /// No claims yet.
    pub fn new(store: Arc<dyn NasRepository>) -> Self {
        Devices { store, claims: Mutex::default(), changes: watch::Sender::new(()) }
    }

    /// Claims `device` for a router entry, in place of what that entry claimed before.
    ///
    /// # Errors
    /// Another entry holds it, or the store did not answer; then nothing is claimed.
    pub async fn claim(&self, device: &str, nas: NasId) -> Result<(), Refusal> {
        // Held while the store is asked: an entry stays claimed until its last commit, so whoever is not among the
        // claims now has committed already, or never will.
        let mut claims = self.claims.lock().await;
        self.refuse_held(&claims, device, nas).await?;
        claims.retain(|_, holder| *holder != nas);
        claims.insert(device.into(), nas);
        Ok(())
    }

    /// Whether [`Self::claim`] would be refused now; nothing is claimed.
    ///
    /// # Errors
    /// As those of [`Self::claim`].
    pub async fn may_claim(&self, device: &str, nas: NasId) -> Result<(), Refusal> {
        let claims = self.claims.lock().await;
        self.refuse_held(&claims, device, nas).await
    }

    /// Whether an entry that is not there yet could claim `device`.
    ///
    /// # Errors
    /// As those of [`Self::claim`].
    pub async fn may_be_added(&self, device: &str) -> Result<(), Refusal> {
        let claims = self.claims.lock().await;
        match self.holder_but(&claims, device, NOBODY).await? {
            None => Ok(()),
            Some(holder) => Err(Refusal::Held(format!(
                "This is the device {device}, which is listed already: it is counted once, as {}. To list it anew, first {}.",
                holder.config.name,
                removal(&holder)
            ))),
        }
    }

    /// The entry polls nothing any more, and all it read is committed or lost.
    pub async fn release(&self, nas: NasId) {
        self.claims.lock().await.retain(|_, holder| *holder != nas);
    }

    /// The registry of routers changed: who was refused may ask again.
    pub fn registry_changed(&self) {
        self.changes.send_replace(());
    }

    /// Tells of every [`Self::registry_changed`] from now on.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    async fn refuse_held(
        &self,
        claims: &HashMap<Box<str>, NasId>,
        device: &str,
        nas: NasId,
    ) -> Result<(), Refusal> {
        match self.holder_but(claims, device, nas).await? {
            None => Ok(()),
            Some(holder) => Err(Refusal::Held(held_sentence(device, &self.entry(nas).await?, &holder))),
        }
    }

    /// The entry that holds it and is not `nas`.
    async fn holder_but(
        &self,
        claims: &HashMap<Box<str>, NasId>,
        device: &str,
        nas: NasId,
    ) -> Result<Option<Nas>, Refusal> {
        let claimant = claims.get(device).copied().filter(|holder| *holder != nas);
        match claimant {
            Some(holder) => Ok(Some(self.entry(holder).await?)),
            None => self.store.nas_of_device(device, nas).await.map_err(Refusal::NotKnown),
        }
    }

    async fn entry(&self, nas: NasId) -> Result<Nas, Refusal> {
        let found = self.store.nas_by_id(nas).await.map_err(Refusal::NotKnown)?;
        found.ok_or_else(|| Refusal::NotKnown(StoreError::NotFound(format!("the router row {nas}"))))
    }
}

fn held_sentence(device: &str, refused: &Nas, holder: &Nas) -> String {
    let (name, holding) = (&refused.config.name, &holder.config.name);
    let pause = match (&holder.paused_reason, holder.config.enabled) {
        (Some(_), _) => " (which is paused)",
        (None, false) => " (which is switched off)",
        (None, true) => "",
    };
    format!(
        "{name} and {holding} are the same device ({device}). It is counted once, as {holding}{pause}. To end this, {}; \
         to count it as {name} instead, {}.",
        removal(refused),
        removal(holder)
    )
}

/// How people remove an entry; what the configuration file lists must leave the file first.
fn removal(nas: &Nas) -> String {
    let command = format!("`tikmeter router remove {}`", nas.config.name);
    match (nas.config.origin, &nas.paused_reason) {
        (NasOrigin::File, None) => {
            format!("remove {} from the configuration file, reload it, then {command}", nas.config.name)
        }
        (NasOrigin::File, Some(_)) | (NasOrigin::Api, _) => command,
    }
}

#[cfg(test)]
#[path = "devices_tests.rs"]
mod tests;
