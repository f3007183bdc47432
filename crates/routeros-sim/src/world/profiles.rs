//! The queues that the router makes itself, for sessions whose profile has a `rate-limit` (routeros.md §2.7, §2.9).
//!
//! A session's queue is made when it begins and goes when it ends: what is changed in between reaches it not
//! (routeros.md §8, trap 15).

use super::configured::{Item, Place, Settings};
use super::model::World;
use super::profile::PPP_PROFILES;
use super::queue::QUEUES;
use super::rate_limit::rate_limit;
use super::rename::SECRETS;
use super::session::SessionKey;
use super::stream::Pace;
use super::switches::DynamicQueuePlace;

impl World {
    /// A profile called `default`, as every router has one.
    pub(crate) fn add_default_profile(&mut self, path: &'static str) {
        let settings = [("name", b"default".to_vec()), ("default", b"true".to_vec())];
        self.add_configured(path, settings.into_iter().collect());
    }

    /// Somebody dialled in: limits them as the profile of their secret says, if they have one.
    pub(crate) fn limit_dialled(&mut self, key: SessionKey) {
        let session = &self.sessions[key.0 as usize];
        let Some(ppp) = session.ppp() else { return };
        let service = ppp.service.name();
        let interface = self.interfaces[ppp.interface as usize].name.clone();
        let is_theirs = |secret: &Item| {
            let serves =
                secret.get("service").is_none_or(|serves| serves == b"any" || serves == service.as_bytes());
            secret.get("name") == Some(&session.login) && serves
        };
        let secrets = self.configured(SECRETS);
        let Some(secret) = secrets.find(is_theirs) else { return };
        let profile = secrets.item(secret).get("profile").unwrap_or_default();
        let Some(profile) = self.profile(PPP_PROFILES, profile) else { return };
        let Some(limit) = profile.get("rate-limit").and_then(rate_limit) else { return };
        let place = self.place_of_dynamic(profile.get("insert-queue-before"));
        self.make_queue(key, interface.clone(), interface, limit, place);
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

    fn profile(&self, path: &'static str, name: &[u8]) -> Option<&Item> {
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
