//! The queues that the router makes itself, for sessions whose profile has a `rate-limit` (routeros.md §2.7, §2.9).
//!
//! A session's queue is made when it begins and goes when it ends: what is changed in between reaches it not
//! (routeros.md §8, trap 15).

use std::net::{IpAddr, Ipv4Addr};

use super::configured::{Item, Place, Settings};
use super::model::World;
use super::profile::{HOTSPOT_PROFILES, HOTSPOT_USERS, PPP_PROFILES};
use super::queue::QUEUES;
use super::queueing::DynamicQueuePlace;
use super::rate_limit::rate_limit;
use super::rename::SECRETS;
use super::service::Service;
use super::session::SessionKey;
use super::stream::Pace;
use super::target::Prefix;

impl World {
    /// A profile called `default`, as every router has one; here as many as like may share a user of it, so that scripts need
    /// no profile for that.
    pub(crate) fn add_default_profile(&mut self, path: &'static str) {
        let settings = [("name", b"default".to_vec()), ("default", b"true".to_vec())];
        self.add_configured(path, settings.into_iter().collect());
    }

    /// Somebody dialled in: limits them as the profile of their secret says, if they have one.
    pub(crate) fn limit_dialled(&mut self, key: SessionKey) {
        let session = &self.sessions[key.0 as usize];
        let Some(ppp) = session.ppp() else { return };
        let interface = self.interfaces[ppp.interface as usize].name.clone();
        let Some(secret) = self.secret_of(&session.login, ppp.service) else { return };
        let profile = secret.get("profile").unwrap_or_default();
        let Some(profile) = self.profile(PPP_PROFILES, profile) else { return };
        let Some(limit) = profile.get("rate-limit").and_then(rate_limit) else { return };
        let place = self.place_of_dynamic(profile.get("insert-queue-before"));
        self.make_queue(key, interface.clone(), interface, limit, place);
    }

    /// Whether a user may dial in: their secret, if they have one, is on.
    pub(crate) fn may_dial(&self, login: &[u8], service: Service) -> bool {
        self.secret_of(login, service).is_none_or(|secret| secret.get("disabled") != Some(b"true"))
    }

    fn secret_of(&self, login: &[u8], service: Service) -> Option<&Item> {
        let is_theirs = |secret: &Item| {
            let serves = secret.get("service").unwrap_or_default();
            secret.get("name") == Some(login) && (serves == b"any" || serves == service.name().as_bytes())
        };
        let secrets = self.configured(SECRETS);
        secrets.find(is_theirs).map(|secret| secrets.item(secret))
    }

    /// Somebody logged in at the hotspot: limits them as the profile of their user says. What such a queue is called is
    /// inferred.
    pub(super) fn limit_logged_in(&mut self, key: SessionKey) {
        let session = &self.sessions[key.0 as usize];
        let user = self.configured(HOTSPOT_USERS).find(|user| user.get("name") == Some(&session.login));
        let user = user.map(|user| self.configured(HOTSPOT_USERS).item(user));
        let profile = user.and_then(|user| self.profile(HOTSPOT_PROFILES, user.get("profile")?));
        let limit = profile.and_then(|profile| rate_limit(profile.get("rate-limit")?));
        let Some(limit) = limit else { return };
        let name = [b"<hotspot-", &*session.login, b">"].concat();
        let (target, place) = (prefix(session.address), self.place_of_dynamic(None));
        self.make_queue(key, name, target, limit, place);
    }

    /// A login goes on under another address, and its queue with it (inferred).
    pub(super) fn aim_queue_of(&mut self, key: SessionKey, address: u32) {
        if let Some(queue) = self.sessions[key.0 as usize].own_queue {
            self.edit_configured(QUEUES, queue, |settings| _ = settings.insert("target", prefix(address)));
        }
    }

    /// A session is over.
    pub(crate) fn drop_queue_of(&mut self, key: SessionKey) {
        if let Some(queue) = self.sessions[key.0 as usize].own_queue.take() {
            self.remove_configured(QUEUES, queue);
        }
    }

    /// All sessions are over.
    pub(crate) fn drop_dynamic_queues(&mut self) {
        while let Some(queue) = self.configured(QUEUES).find(Item::is_dynamic) {
            self.remove_configured(QUEUES, queue);
        }
    }

    pub(super) fn profile(&self, path: &'static str, name: &[u8]) -> Option<&Item> {
        let profiles = self.configured(path);
        profiles.find(|profile| profile.get("name") == Some(name)).map(|profile| profiles.item(profile))
    }

    fn place_of_dynamic(&self, insert_before: Option<&[u8]>) -> Place {
        let named = |name| self.configured(QUEUES).find(|queue| queue.get("name") == Some(name));
        match (insert_before, self.device.switches.dynamic_queue_place) {
            (Some(b"first"), _) | (None, DynamicQueuePlace::First) => Place::First,
            (Some(b"bottom"), _) | (None, DynamicQueuePlace::Last) => Place::Last,
            (Some(name), _) => named(name).map_or(Place::Last, Place::Before),
        }
    }

    fn make_queue(&mut self, key: SessionKey, name: Vec<u8>, target: Vec<u8>, limit: Pace, place: Place) {
        let max_limit = format!("{}/{}", limit.up_bps, limit.down_bps).into_bytes();
        let settings = Settings::from([
            ("name", name),
            ("target", target),
            ("parent", b"none".to_vec()),
            ("max-limit", max_limit),
            ("disabled", b"false".to_vec()),
            ("dynamic", b"true".to_vec()),
        ]);
        let queue = self.put_configured(QUEUES, settings, place);
        self.sessions[key.0 as usize].own_queue = Some(queue);
    }
}

fn prefix(address: u32) -> Vec<u8> {
    Prefix::host(IpAddr::V4(Ipv4Addr::from_bits(address))).to_string().into_bytes()
}
