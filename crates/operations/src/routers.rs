//! The registry of routers as people use it.

use std::collections::HashMap;

use serde_json::json;
use store::{Named, Nas, NasId, NasOrigin, NasPatch, NewAudit, NewNas};
use uuid::Uuid;

use crate::error::OperationError;
use crate::operations::Operations;
use crate::router_changes::{changed_fields, differing, follow_tls_mode, is_kept_here, shown};
use crate::router_check::Check;
use crate::router_commands::ReadNow;
use crate::router_requests::{AddressTest, NewRouter, RouterPatch};
use crate::router_rules::{
    check_address, check_new, check_password, check_patch, refuse_file_router, refuse_listed_router,
};
use crate::router_status::RouterStatus;
use crate::vault::PasswordPlace;

/// A router and how its poller is doing.
#[derive(Clone, Debug)]
pub struct Router {
    /// As stored.
    pub nas: Nas,
    /// `None` when nobody polls it yet.
    pub status: Option<RouterStatus>,
    /// Sessions open at its last committed reading, of this process or one before it; `None` when it was never read.
    pub sessions_open: Option<u64>,
    /// Its entries that are held back until somebody decides.
    pub held: u64,
}

/// What became of changing a router.
#[derive(Clone, Debug)]
pub struct RouterEdited {
    /// As it is now.
    pub router: Router,
    /// It is read no more, and something of ours stays on it: what, why, and how it goes by hand.
    pub stays: Option<String>,
}

impl Operations {
    /// All routers by name.
    pub async fn list_routers(&self) -> Result<Vec<Router>, OperationError> {
        let routers = self.reached_routers().await?;
        self.with_status(routers).await
    }

    /// The router of that name.
    pub async fn router(&self, name: &str) -> Result<Router, OperationError> {
        let mut found = self.with_status(vec![self.nas(name).await?]).await?;
        Ok(found.remove(0))
    }

    /// Adds a router and begins to poll it.
    pub async fn add_router(&self, actor: &str, new: NewRouter) -> Result<Router, OperationError> {
        check_new(&new, &self.addresses)?;
        let name = new.name.clone();
        let _sealing = self.vault.sealing().await;
        let (nas, act) = self.to_add(actor, new);
        self.store.insert_nas(nas, act).await?;
        self.commands.reload().await;
        self.router(&name).await
    }

    /// A router to be stored, and its line of the journal.
    pub(crate) fn to_add(&self, actor: &str, new: NewRouter) -> (NewNas, NewAudit) {
        let detail = json!({"host": new.host, "port": new.port, "tls": new.tls.as_str(), "fingerprint": shown(new.fingerprint), "username": new.username});
        let act = self.act(actor, "router.add", &new.name, detail);
        (self.sealed(Uuid::new_v4(), NasOrigin::Api, new), act)
    }

    /// Changes a router. A changed host, port, TLS mode or user needs the password in the same call, because the stored
    /// one was given for the old one (invariant 17). What changes nothing leaves no trace. One that is disabled is left first, as one
    /// that is removed ([`Operations::remove_router`]), and only when nothing else of the change can be refused.
    pub async fn edit_router(
        &self,
        actor: &str,
        name: &str,
        mut patch: RouterPatch,
    ) -> Result<RouterEdited, OperationError> {
        let nas = self.nas(name).await?;
        follow_tls_mode(&nas, &mut patch);
        let change = differing(&nas, patch.clone());
        if !is_kept_here(&change) {
            refuse_file_router(&nas)?;
        }
        check_patch(&nas, &patch, &self.addresses)?;
        check_password(&nas, &change)?;
        let detail = changed_fields(&change);
        if detail.is_empty() {
            return Ok(RouterEdited { router: self.router(name).await?, stays: None });
        }
        let stays = match change.enabled {
            Some(false) => {
                self.refuse_taken_name(change.name.as_deref()).await?;
                self.leave_router(actor, &nas).await?
            }
            _ => None,
        };
        let renamed = change.name.clone().unwrap_or_else(|| name.to_owned());
        let act = self.act(actor, "router.edit", name, detail.into());
        let _sealing = self.vault.sealing().await;
        self.store.update_nas(nas.id, self.sealed_patch(&nas, change), act).await?;
        self.commands.reload().await;
        Ok(RouterEdited { router: self.router(&renamed).await?, stays })
    }

    /// Before anybody is let in or taken off for a change that would not be made.
    async fn refuse_taken_name(&self, name: Option<&str>) -> Result<(), OperationError> {
        let Some(name) = name else { return Ok(()) };
        match self.store.nas_by_name(name).await? {
            None => Ok(()),
            Some(_) => Err(OperationError::Conflict(format!(
                "there is already a router called {name}; nothing was changed, choose another name"
            ))),
        }
    }

    /// Stops polling a router and removes it. What was counted stays and is still told by usage. One of the
    /// configuration file must have left the file. What was set on it for limits and vouchers is taken off first; what stays there is
    /// answered, with how it goes by hand.
    pub async fn remove_router(&self, actor: &str, name: &str) -> Result<Option<String>, OperationError> {
        let nas = self.nas(name).await?;
        refuse_listed_router(&nas)?;
        let stays = self.leave_router(actor, &nas).await?;
        self.store.remove_nas(nas.id, self.act(actor, "router.remove", name, json!({}))).await?;
        self.commands.reload().await;
        self.board.remove(nas.id);
        Ok(stays)
    }

    /// Takes what is ours off a router that nobody looks after from now on: devices first, for without their queues they would be as
    /// fast as the line. What stays, and how it goes by hand.
    pub(crate) async fn leave_router(
        &self,
        actor: &str,
        nas: &Nas,
    ) -> Result<Option<String>, OperationError> {
        let devices = self.take_vouchers_off(actor, nas).await?;
        let queues = self.take_limits_off(actor, nas).await?;
        let kept_out = self.let_all_in(actor, nas).await?;
        let stays: Vec<String> = devices.into_iter().chain(queues).chain(kept_out).collect();
        Ok((!stays.is_empty()).then(|| stays.join(". ")))
    }

    /// Takes a reading of a router now and waits until it is committed.
    pub async fn read_now(&self, name: &str) -> Result<ReadNow, OperationError> {
        let nas = self.nas(name).await?;
        Ok(self.commands.read_now(nas.id).await?)
    }

    /// Tests a router item by item, with one login. Nothing is counted or changed, except that a pinned router's first
    /// certificate is remembered.
    pub async fn check_router(&self, name: &str) -> Result<Vec<Check>, OperationError> {
        let nas = self.nas(name).await?;
        let (checks, beyond) = (self.commands.check_up(nas).await?, self.names_beyond().await?);
        Ok(checks.into_iter().map(|check| Check { told: beyond.out_of(check.told), ..check }).collect())
    }

    /// Tests an address before a router is added there, or moved there: item by item with one login, or without a user only
    /// whether something answers. Nothing of it is kept.
    pub async fn check_address(&self, asked: AddressTest) -> Result<Vec<Check>, OperationError> {
        check_address(&asked, &self.addresses)?;
        Ok(self.commands.check_address(asked).await?)
    }

    /// The stored routers that are reached, by name.
    pub(crate) async fn reached_routers(&self) -> Result<Vec<Nas>, OperationError> {
        Ok(self.store.list_nas_within(self.reach.clone()).await?)
    }

    /// The stored router of that name, if it is reached: whoever may not know of it is not told that it is there.
    pub(crate) async fn reached_router(&self, name: &str) -> Result<Option<Nas>, OperationError> {
        let found = self.store.nas_by_name(name).await?;
        Ok(found.filter(|nas| self.reach.has(nas.config.group.as_deref())))
    }

    /// The stored router of that name.
    pub(crate) async fn nas(&self, name: &str) -> Result<Nas, OperationError> {
        let found = self.reached_router(name).await?;
        found.ok_or_else(|| {
            let which = if name.is_empty() { "without a name".to_owned() } else { format!("called {name}") };
            OperationError::NotFound(format!(
                "there is no router {which}; list them with: tikmeter router list"
            ))
        })
    }

    /// The stored router of the name that somebody's login shall count on.
    pub(crate) async fn named_nas(&self, name: &str) -> Result<Nas, OperationError> {
        let found = self.reached_router(name).await?;
        found.ok_or_else(|| OperationError::NoSuch(Named::Router(name.to_owned())))
    }

    /// A router to be stored, its password sealed for its address.
    pub(crate) fn sealed(&self, uuid: Uuid, origin: NasOrigin, new: NewRouter) -> NewNas {
        let place = PasswordPlace { router: uuid, host: &new.host, port: new.port, tls: new.tls };
        let password = self.vault.seal(&new.password, place);
        NewNas {
            uuid,
            name: new.name,
            host: new.host,
            port: new.port,
            tls: new.tls,
            fingerprint: new.fingerprint,
            username: new.username,
            password,
            link_speed_bps: new.link_speed_bps,
            interval_ms: new.interval_ms,
            group: new.group,
            enabled: new.enabled,
            origin,
        }
    }

    fn sealed_patch(&self, nas: &Nas, patch: RouterPatch) -> NasPatch {
        let place = PasswordPlace {
            router: nas.config.uuid,
            host: patch.host.as_deref().unwrap_or(&nas.config.host),
            port: patch.port.unwrap_or(nas.config.port),
            tls: patch.tls.unwrap_or(nas.config.tls),
        };
        let password = patch.password.map(|password| self.vault.seal(&password, place));
        NasPatch {
            password,
            name: patch.name,
            host: patch.host,
            port: patch.port,
            tls: patch.tls,
            fingerprint: patch.fingerprint,
            username: patch.username,
            link_speed_bps: patch.link_speed_bps,
            interval_ms: patch.interval_ms,
            enabled: patch.enabled,
            zone: patch.zone,
            paused_reason: patch.enabled.filter(|enabled| *enabled).map(|_| None),
            group: patch.group,
        }
    }

    /// Each router and how it stands. The database is asked for sessions only if this process has not read them all.
    async fn with_status(&self, routers: Vec<Nas>) -> Result<Vec<Router>, OperationError> {
        let mut shown: Vec<Router> = routers.into_iter().map(|nas| self.shown(nas)).collect();
        let only_stored = |router: &Router| router.sessions_open.is_none() && router.nas.last_at.is_some();
        if shown.iter().any(only_stored) {
            let stored: HashMap<NasId, u64> = self.store.count_open_sessions().await?.into_iter().collect();
            for router in shown.iter_mut().filter(|router| only_stored(router)) {
                router.sessions_open = Some(stored.get(&router.nas.id).copied().unwrap_or(0));
            }
        }
        let held = self.store.count_held_within(self.reach.clone()).await?;
        let beyond = self.names_beyond().await?;
        for router in &mut shown {
            if let Some(status) = &mut router.status {
                status.message = status.message.take().map(|message| beyond.out_of(message));
            }
            router.held = held.get(&router.nas.id).copied().unwrap_or(0);
        }
        Ok(shown)
    }

    fn shown(&self, nas: Nas) -> Router {
        let status = self.board.get(nas.id);
        let round = status.as_ref().and_then(|status| status.last_round);
        Router { nas, status, sessions_open: round.map(|round| round.sessions_open), held: 0 }
    }
}
