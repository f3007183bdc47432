//! `remove` on who is connected, and on the cookies by which the hotspot's devices come back (routeros.md §2.3, §2.8).

use routeros_proto::value;

use super::by_id::{NO_ITEM, items};
use super::kicked::{KickReach, KickedDevice};
use super::login_by::LoginBy;
use super::model::{Due, World};
use super::session::{Carrier, SessionKey};

impl World {
    /// `remove` in `/ppp/active` or `/ip/hotspot/active`: ends the sessions with these ids, comma-separated. None is
    /// ended if one is unknown. Who has a cookie or a router of their own soon comes back.
    pub(crate) fn kick(&mut self, menu: &str, ids: &[u8]) -> Result<(), &'static str> {
        let find = |id: &[u8]| value::item_id(id).and_then(|id| self.session_with_id(menu, id));
        let keys: Vec<SessionKey> = items(ids)?.map(find).collect::<Option<_>>().ok_or(NO_ITEM)?;
        if self.device.switches.kicked_row_stays {
            return Ok(());
        }
        let reached: Vec<SessionKey> = keys.into_iter().flat_map(|key| self.reached_by(key)).collect();
        for key in reached {
            self.disconnect(key);
            if let Some(redial) = self.device.switches.redial_after_kick {
                self.schedule(redial, Due::ComeBack(key));
            }
        }
        Ok(())
    }

    /// `remove` in `/ip/hotspot/cookie`: all of these, or none if one is unknown.
    pub(crate) fn remove_cookies(&mut self, ids: &[u8]) -> Result<(), &'static str> {
        let ids: Vec<u64> = items(ids)?.map(value::item_id).collect::<Option<_>>().ok_or(NO_ITEM)?;
        let cookies = &mut self.hotspot.cookies;
        if ids.iter().any(|id| cookies.iter().all(|cookie| cookie.id != *id)) {
            return Err(NO_ITEM);
        }
        cookies.retain(|cookie| !ids.contains(&cookie.id));
        Ok(())
    }

    /// Who was kicked comes back unless they are kept out meanwhile, the hotspot's devices as their switch says.
    pub(crate) fn come_back(&mut self, key: SessionKey) {
        let session = &self.sessions[key.0 as usize];
        if !matches!(session.carrier, Carrier::Hotspot { .. }) {
            if session.ppp().is_none_or(|ppp| self.may_dial(&session.login, ppp.service)) {
                self.connect_again(key);
            }
            return;
        }
        let again = session.again();
        let by = match self.device.switches.kicked_device {
            KickedDevice::ByItsCookie => self.cookie_of(&again.login, &again.caller_id),
            KickedDevice::ByLogin => Some(LoginBy::HttpChap),
            KickedDevice::ByHiddenCookie => Some(LoginBy::Cookie),
            KickedDevice::ByHiddenMacCookie => Some(LoginBy::MacCookie),
        };
        let is_admitted = self.admit(&again.login, None, &again.caller_id).is_ok();
        if let Some(by) = by.filter(|_| is_admitted) {
            self.log_in_again(again, by);
        }
    }

    fn reached_by(&self, key: SessionKey) -> Vec<SessionKey> {
        let kicked = &self.sessions[key.0 as usize];
        match (kicked.carrier, self.device.switches.kick_reach) {
            (Carrier::Hotspot { .. }, KickReach::EveryDeviceOfTheUser) => self
                .hotspot_sessions()
                .filter(|other| self.sessions[other.0 as usize].login == kicked.login)
                .collect(),
            _ => vec![key],
        }
    }

    fn session_with_id(&self, menu: &str, id: u64) -> Option<SessionKey> {
        match menu {
            "/ip/hotspot/active" => {
                self.hotspot_sessions().find(|key| self.sessions[key.0 as usize].active_id == id)
            }
            _ => self.active_by_id.get(&id).copied(),
        }
    }
}
