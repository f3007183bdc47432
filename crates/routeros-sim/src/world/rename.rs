//! A secret gets another name while its user is connected.

use super::changes::{Change, Listened};
use super::model::World;
use super::session::{Carrier, SessionKey};
use super::switches::SecretRename;

/// The menu of the secrets.
pub(crate) const SECRETS: &str = "/ppp/secret";

impl World {
    /// The sessions that dialled in as `from` go on as the switch has it.
    pub(crate) fn secret_was_renamed(&mut self, from: &[u8], to: &[u8]) {
        if self.device.switches.secret_rename == SecretRename::KeepsName {
            return;
        }
        let named: Vec<SessionKey> = self.live_sessions().filter(|key| self.login_of(*key) == from).collect();
        named.into_iter().for_each(|key| self.rename_session(key, to));
    }

    fn rename_session(&mut self, key: SessionKey, to: &[u8]) {
        let now_us = self.now_us;
        let session = &mut self.sessions[key.0 as usize];
        session.rename(now_us, to);
        let (id, carrier) = (session.active_id, session.carrier);
        self.changes.push(Change { table: Listened::Sessions, item: key.0, id, dead: false });
        if let Carrier::Ppp(ppp) = carrier
            && self.device.switches.secret_rename == SecretRename::RenamesInterface
            && self.interfaces[ppp.interface as usize].is_dynamic()
        {
            let from = self.interfaces[ppp.interface as usize].name.clone();
            let to = self.free_dynamic_name(ppp.service, to);
            self.rename_interface(from, to);
        }
    }
}
