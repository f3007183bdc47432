//! Who moves most, as people ask for it.

use accounting::growth::Window;
use accounting::snapshot::Service;
use store::{Nas, SessionOwner};

use super::latest::Latest;
use super::ranking::{Mover, TopSort, first};
use super::unobserved::Unobserved;
use crate::error::OperationError;
use crate::operations::Operations;

/// Owners that are looked up at once where only some of those who move are wanted.
const AT_ONCE: usize = 1_000;

/// Whom to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopRequest {
    /// The order.
    pub sort: TopSort,
    /// At most so many.
    pub limit: usize,
    /// Only on this router.
    pub router: Option<String>,
    /// Only what is carried by this.
    pub service: Option<Service>,
}

/// Somebody who moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talker {
    /// The session's number within its router.
    pub session: u64,
    /// Whose it is.
    pub owner: SessionOwner,
    /// Between which readings.
    pub window: Window,
    /// What it gained in that time: input is upload.
    pub octets: accounting::Octets,
    /// Bits per second that the router received from the subscriber, the mean over the window.
    pub upload_bps: u64,
    /// Bits per second that the router sent to the subscriber, the mean over the window.
    pub download_bps: u64,
    /// More may have passed that no counter counted.
    pub at_least: bool,
}

/// What is known of a router's sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterWindow {
    /// The router's name.
    pub router: String,
    /// Between which readings, or why nothing is said.
    pub window: Result<Window, Unobserved>,
    /// How long ago the latest reading was, microseconds; `None` where there is none.
    pub age_us: Option<u64>,
    /// Sessions that moved.
    pub moved: usize,
    /// Of those, how many can be among the answer: another process tells of its first ones only.
    pub told: usize,
    /// Sessions that moved, or may have, of which it is not known how much in that time.
    pub unknown: usize,
}

/// Who moves most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopReport {
    /// In the order that was asked for.
    pub talkers: Vec<Talker>,
    /// By name: those that can be among the answer, and those of which nothing is said.
    pub routers: Vec<RouterWindow>,
}

impl Operations {
    /// Who moves most, with the time that is a mean of. An unknown router is an error, so that a typing mistake is not taken
    /// for a quiet router.
    pub async fn top(&self, request: TopRequest) -> Result<TopReport, OperationError> {
        let routers = match &request.router {
            Some(name) => vec![self.nas(name).await?],
            None => self.reached_routers().await?,
        };
        let now = self.clock.host();
        let only = request.router.as_ref().and_then(|_| routers.first()).map(|nas| nas.id);
        let mut told = self.told_rates(only).await?;
        let (mut movers, mut windows) = (Vec::new(), Vec::new());
        for nas in routers {
            let latest = self.talkers.look(nas.id, now).or_else(|| told.remove(&nas.id));
            windows.push(judge(&nas, latest, &mut movers));
        }
        Ok(TopReport { talkers: self.named(movers, &request).await?, routers: windows })
    }

    /// The first of those who move, with whom they are.
    async fn named(&self, movers: Vec<Mover>, request: &TopRequest) -> Result<Vec<Talker>, OperationError> {
        // Whoever asks for a service may have to look through all of them.
        let most = request.service.is_none().then_some(request.limit);
        let mut talkers = Vec::new();
        for movers in first(movers, request.sort, most).chunks(AT_ONCE) {
            let sessions = movers.iter().map(|mover| (mover.nas, mover.growth.session)).collect();
            let owners = self.store.owners_of_sessions(sessions).await?;
            let named = movers.iter().zip(owners).filter_map(|(mover, owner)| Some(talker(mover, owner?)));
            talkers
                .extend(named.filter(|one| request.service.is_none_or(|asked| one.owner.service == asked)));
            if talkers.len() >= request.limit {
                break;
            }
        }
        talkers.truncate(request.limit);
        Ok(talkers)
    }
}

/// What is said of a router; its movers go to the others.
fn judge(nas: &Nas, latest: Option<Latest>, movers: &mut Vec<Mover>) -> RouterWindow {
    let is_polled = nas.config.enabled && nas.paused_reason.is_none();
    let window = match &latest {
        _ if !is_polled => Err(Unobserved::NotPolled),
        None => Err(Unobserved::NotRead),
        Some(latest) => latest.rates.window(latest.age_us),
    };
    let said = latest.as_ref().filter(|_| window.is_ok());
    let gains = said.map(|latest| &latest.rates.gains);
    if let (Ok(window), Some(gains)) = (window, gains) {
        let of_router = |growth: &_| Mover { nas: nas.id, window, growth: *growth };
        movers.extend(gains.sessions.iter().map(of_router));
    }
    RouterWindow {
        router: nas.config.name.clone(),
        window,
        age_us: latest.as_ref().map(|latest| latest.age_us),
        moved: said.map_or(0, |latest| latest.moved),
        told: gains.map_or(0, |gains| gains.sessions.len()),
        unknown: gains.map_or(0, |gains| gains.unknown),
    }
}

fn talker(mover: &Mover, owner: SessionOwner) -> Talker {
    Talker {
        session: mover.growth.session,
        owner,
        window: mover.window,
        octets: mover.growth.octets,
        upload_bps: mover.upload_bps(),
        download_bps: mover.download_bps(),
        at_least: mover.growth.at_least,
    }
}
