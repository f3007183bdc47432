//! Devices that are let through without a login, or not let in at all (`/ip/hotspot/ip-binding`, routeros.md §2.8).

use super::super::configured::Settings;
use super::super::model::World;
use super::super::octets::Octets;
use super::super::profile::IP_BINDINGS;
use super::super::service::Access;
use super::super::session::SessionKey;
use super::super::switches::HostCounters;

impl World {
    /// Lets a device through without a login (`ip-binding type=bypassed`); one that is in sight at once.
    pub fn bypass(&mut self, mac: impl AsRef<[u8]>) {
        let set: [(&'static str, &[u8]); 3] =
            [("mac-address", mac.as_ref()), ("type", b"bypassed"), ("disabled", b"false")];
        let settings: Settings = set.map(|(setting, value)| (setting, value.to_vec())).into();
        self.add_configured(IP_BINDINGS, settings);
    }

    /// Ends that again; the device stays in sight and may log in.
    pub fn unbypass(&mut self, mac: impl AsRef<[u8]>) {
        let mac = mac.as_ref();
        while let Some(binding) =
            self.configured(IP_BINDINGS).find(|binding| binding.get("mac-address") == Some(mac))
        {
            self.remove_configured(IP_BINDINGS, binding);
        }
    }

    /// Whether a binding of this type, which is on, names the device.
    pub(super) fn is_bound(&self, mac: &[u8], kind: &[u8]) -> bool {
        let bound = self.configured(IP_BINDINGS).find(|binding| {
            binding.get("mac-address") == Some(mac)
                && binding.get("type") == Some(kind)
                && binding.get("disabled") != Some(b"true")
        });
        bound.is_some()
    }

    /// Somebody changed the bindings: who is in sight is let through, or not any more, at once.
    pub(crate) fn devices_follow_bindings(&mut self) {
        let in_sight: Vec<(Vec<u8>, u32)> =
            self.hotspot.host_of.iter().map(|(mac, &host)| (mac.clone(), host)).collect();
        for (mac, host) in in_sight {
            let session = self.hotspot.hosts[host as usize].session;
            let access = session.map(|key| self.sessions[key.0 as usize].access());
            match (self.is_bound(&mac, b"bypassed"), access, session) {
                (true, Some(Access::Hotspot) | None, _) => self.let_through(&mac, host),
                (false, Some(Access::Bypassed), Some(key)) => self.end_session(key),
                (false, Some(Access::Hotspot), Some(key)) if self.is_bound(&mac, b"blocked") => {
                    self.end_session(key)
                }
                _ => {}
            }
        }
    }

    /// What it moved while it was logged in, it goes on moving.
    fn let_through(&mut self, mac: &[u8], host: u32) {
        let wish = self.hotspot.hosts[host as usize].session.map(|key: SessionKey| {
            let wish = self.sessions[key.0 as usize].stream.wish();
            self.end_session(key);
            wish
        });
        if self.device.switches.host_counters == HostCounters::StartOver {
            self.hotspot.hosts[host as usize].before = Octets::default();
        }
        let wish = wish.unwrap_or_default();
        self.appear(mac, wish.up_bps, wish.down_bps);
    }
}
