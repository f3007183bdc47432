//! Reboots: every session ends, every counter starts over, low ids are given out again.

use std::time::Duration;

use super::interface::Kind;
use super::model::{Due, World};
use super::octets::Octets;
use super::personality::Personality;
use super::session::SessionKey;
use super::stream::Stream;

impl World {
    /// The router reboots in this instant and answers again at once. API connections break without a `!done`
    /// (routeros.md §1.8); subscribers stay away until the script lets them dial.
    pub fn reboot(&mut self) {
        self.reboot_silent_for(Duration::ZERO);
    }

    /// The router installs the latest version that is played, and reboots.
    pub(crate) fn update(&mut self) {
        let [.., latest] = Personality::ALL;
        self.device.personality = latest;
        self.device.date_style = latest.date_style();
        self.reboot();
    }

    /// As [`World::reboot`]; the API does not answer for `silent`, though the uptime already runs.
    pub fn reboot_silent_for(&mut self, silent: Duration) {
        let cut: Vec<SessionKey> = self.all_live().collect();
        for key in cut {
            self.sessions[key.0 as usize].end(self.now_us);
        }
        self.live_sessions.clear();
        self.reboot_hotspot();
        self.drop_dynamic_interfaces();
        self.restart_fixed_interfaces();
        self.restart_queues();
        self.active_by_id.clear();
        self.api_users.clear();
        self.forget_agenda_of_this_boot();
        let silent_until_us = self.now_us + u64::try_from(silent.as_micros()).unwrap_or(u64::MAX / 2);
        self.boot = self.boot.after(self.now_us, silent_until_us);
    }

    /// As [`World::reboot`]; every subscriber dials again, one every `apart`, beginning after `first`.
    pub fn reboot_and_redial(&mut self, first: Duration, apart: Duration) {
        let cut: Vec<SessionKey> = self.all_live().collect();
        self.reboot();
        let mut after = first;
        for key in cut {
            self.schedule(after, Due::Redial(key));
            after += apart;
        }
    }

    fn drop_dynamic_interfaces(&mut self) {
        let interfaces = &self.interfaces;
        self.live_interfaces.retain(|slot| !interfaces[slot as usize].is_dynamic());
        self.names.retain(|_, slot| slot.is_some_and(|slot| !interfaces[slot as usize].is_dynamic()));
    }

    fn restart_fixed_interfaces(&mut self) {
        let now_us = self.now_us;
        for slot in self.live_interfaces.iter() {
            let carried = self.source(&self.interfaces[slot as usize]);
            let interface = &mut self.interfaces[slot as usize];
            if matches!(interface.kind, Kind::Fixed { .. }) {
                interface.before_boot += carried;
            }
            interface.session = None;
            interface.zero(Octets::default());
            interface.last_shown = None;
            interface.hand_resets.clear();
            interface.link_downs = 0;
            interface.link_up_us = None;
            interface.link_down_us = None;
            if let Kind::Fixed { stream, .. } = &mut interface.kind {
                *stream = Stream::new(now_us, stream.wish());
                interface.link_up_us = Some(now_us);
            }
        }
    }
}
