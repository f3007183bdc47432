//! Starting, stopping and restarting routers until those that are ours are polled as they are configured.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use operations::{Phase, VaultError};
use store::{Lease, Nas, NasId, StoreError};

use super::keeper::Standing;
use super::running::{Running, Start, finish_all};
use super::{Registry, Supervisor, password_lost};
use crate::actor::ActorDependencies;
use crate::tenure::Tenure;
use operations::Marks;

/// When something that failed is tried again.
const AGAIN: Duration = Duration::from_secs(5);

impl Supervisor {
    /// Starts, stops and restarts routers until they are those that are ours, as they are configured. Returns when to try
    /// again, if something could not be done.
    pub(super) async fn fit(&self, standing: &Standing) -> Option<Duration> {
        let mut registry = self.registry.lock().await;
        let changed = registry.version != Some(standing.leases.nas_version);
        if changed {
            match self.listed().await {
                Ok((routers, mark)) => {
                    *registry = Registry { version: Some(standing.leases.nas_version), routers, mark };
                }
                Err(error) => {
                    tracing::error!(%error, "the list of routers could not be read; polling goes on as it was");
                    return Some(AGAIN);
                }
            }
        }
        let kept = standing.leases.held.len() - standing.leases.surplus.min(standing.leases.held.len());
        let (ours, surplus) = standing.leases.held.split_at(kept);
        let ours: HashMap<NasId, Lease> = ours.iter().map(|lease| (lease.nas, *lease)).collect();
        let mut running = self.running.lock().await;
        if changed {
            self.note_sealed_anew(&mut running, &registry.routers);
        }
        let reached_as_before = self.stop_unwanted(&mut running, &registry.routers, &ours).await;
        if changed {
            self.devices.registry_changed();
        }
        for nas in &registry.routers {
            if !is_polled(nas) {
                self.show(nas.id, Phase::Disabled, nas.paused_reason.clone());
            } else if let (Some(lease), false) = (ours.get(&nas.id), running.contains_key(&nas.id)) {
                let reached_as_before = reached_as_before.contains(&nas.id);
                let mark = registry.mark.clone();
                self.start(&mut running, (*lease, nas.clone()), mark, reached_as_before).await;
            }
        }
        // What could not be started here is no longer ours to speak of once another has it.
        for nas in registry.routers.iter().filter(|nas| is_polled(nas) && !ours.contains_key(&nas.id)) {
            self.board.remove_own(nas.id);
        }
        self.hand_over(surplus).await
    }

    async fn listed(&self) -> Result<(Vec<Nas>, Marks), StoreError> {
        let mark = Marks::of(&self.store.installation().await?.id);
        Ok((self.store.list_nas().await?, mark))
    }

    /// Routers are not left because the key to their passwords changed, at this process or at another.
    fn note_sealed_anew(&self, running: &mut HashMap<NasId, Running>, routers: &[Nas]) {
        for nas in routers {
            let Some(router) = running.get_mut(&nas.id).filter(|router| !router.is_sealed_as(&nas.config))
            else {
                continue;
            };
            let opened = self.vault.password_of(nas);
            if let Err(error @ VaultError::OtherKey { .. }) = &opened {
                tracing::error!(
                    router = nas.config.name,
                    "the router is read on with the password of before, and would not be after a start or at another process: {error}"
                );
            }
            router.is_sealed_anew(&nas.config, &opened);
        }
    }

    /// Lets others have what is polled no longer.
    async fn hand_over(&self, surplus: &[Lease]) -> Option<Duration> {
        if surplus.is_empty() {
            return None;
        }
        let routers = surplus.iter().map(|lease| lease.nas).collect();
        let handed = self.store.hand_over(self.config.node.clone(), routers).await;
        handed.err().map(|error| {
            tracing::warn!(%error, "routers that are another's share could not be handed over yet");
            AGAIN
        })
    }

    /// Stops those that are not wanted as they run; answers which of them another connection would reach as before.
    async fn stop_unwanted(
        &self,
        running: &mut HashMap<NasId, Running>,
        routers: &[Nas],
        ours: &HashMap<NasId, Lease>,
    ) -> HashSet<NasId> {
        let wanted: HashMap<NasId, &Nas> = routers.iter().map(|nas| (nas.id, nas)).collect();
        let fits = |id: &NasId, router: &Running| match (wanted.get(id), ours.get(id)) {
            (Some(nas), Some(lease)) => is_polled(nas) && router.fits(*lease, &nas.config),
            _ => false,
        };
        let gone: Vec<NasId> =
            running.iter().filter(|(id, router)| !fits(id, router)).map(|(id, _)| *id).collect();
        let mut reached_as_before = HashSet::new();
        let mut stopped = Vec::new();
        for id in &gone {
            if let Some(router) = running.remove(id) {
                let reaches = wanted.get(id).is_some_and(|nas| router.is_reached_as(&nas.config));
                reached_as_before.extend(reaches.then_some(*id));
                stopped.push(router);
            }
        }
        finish_all(stopped).await;
        for id in gone {
            self.devices.release(id).await;
            if !wanted.contains_key(&id) || !ours.contains_key(&id) {
                self.board.remove(id);
                self.config.limits.forget(id);
                self.config.vouchers.forget(id);
            }
        }
        reached_as_before
    }

    /// Starts a router. What the board says of it stays only where it is reached as it was when that was said.
    async fn start(
        &self,
        running: &mut HashMap<NasId, Running>,
        (lease, nas): (Lease, Nas),
        mark: Marks,
        reached_as_before: bool,
    ) {
        self.vouchers_leave.is_not_left(nas.id);
        self.limits_leave.is_not_left(nas.id);
        let password = match self.vault.password_of(&nas) {
            Ok(password) => password,
            Err(error) => return self.show(nas.id, Phase::PasswordLost, Some(password_lost(&nas, &error))),
        };
        let security = match self.securities.of(&nas).await {
            Ok(security) => security,
            Err(error) => return self.show(nas.id, Phase::Insecure, Some(error.to_string())),
        };
        let interval = nas
            .config
            .interval_ms
            .map_or(self.config.default_interval, |ms| Duration::from_millis(u64::from(ms)));
        let start = Start {
            interval,
            allowed: self.config.allowed.clone(),
            waiting_bytes: self.config.waiting_bytes_per_router,
            devices: self.devices.clone(),
            board: self.board.clone(),
            tenure: if self.store.is_shared() { self.tenures.of(lease) } else { Tenure::unshared() },
            live: self.config.live.clone(),
            limits: self.config.limits.clone(),
            mark,
            vouchers: self.config.vouchers.clone(),
            clock: self.clock.clone(),
            actor: ActorDependencies {
                repository: self.store.clone(),
                turns: self.turns.clone(),
                talkers: self.config.talkers.clone(),
                interval,
            },
        };
        if !reached_as_before {
            self.show(nas.id, Phase::Waiting, None);
        }
        running.insert(nas.id, Running::start((lease, nas), password, security, start));
    }

    fn show(&self, nas: NasId, phase: Phase, message: Option<String>) {
        let now = self.clock.now();
        self.board.update(nas, now, |status| status.enter(phase, message, now));
    }
}

fn is_polled(nas: &Nas) -> bool {
    nas.config.enabled && nas.paused_reason.is_none()
}
