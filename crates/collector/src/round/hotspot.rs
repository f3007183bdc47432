//! When the logins of a hotspot are read. Most routers that carry PPP have no hotspot, and must not pay for one: the
//! table is read while there is a server or a login that is not over, and else looked into from time to time.

use accounting::snapshot::OwnedRows;

use crate::link::LinkError;
use crate::round::reader::Reader;
use crate::round::refused::unless_refused;
use crate::routeros::hotspot;

/// The router is looked at for a hotspot in every so-manieth round: one that is set up shows within an hour at the usual
/// interval, and a login that began meanwhile counts whole then.
const LOOK_EVERY: u32 = 12;

/// What a connection knows of the router's hotspot.
#[derive(Clone, Debug, Default)]
pub(super) struct Hotspot {
    /// The router has no such menu.
    absent: bool,
    /// It had a server when it was looked for last, or a login since.
    watched: bool,
    rounds_since_look: u32,
}

/// What one round read of it.
#[derive(Clone, Debug, Default)]
pub(super) struct HotspotRead {
    /// The logins, if their table was read.
    pub(super) logins: Option<OwnedRows>,
    /// Whether there are servers, if they were looked for.
    servers: Option<bool>,
    absent: bool,
}

impl Hotspot {
    /// Reads what this round has to; `first`: on a new connection; `wanted`: a login is not over.
    pub(super) async fn read(
        &self,
        reader: &mut Reader<'_>,
        first: bool,
        wanted: bool,
    ) -> Result<HotspotRead, LinkError> {
        let look = first || self.rounds_since_look + 1 >= LOOK_EVERY;
        if self.absent || !(look || wanted || self.watched) {
            return Ok(HotspotRead::default());
        }
        let Some(logins) = unless_refused("the hotspot", reader.logins(&hotspot::print_logins()).await)?
        else {
            return Ok(HotspotRead::default());
        };
        let Some(logins) = logins else {
            return Ok(HotspotRead { absent: true, ..HotspotRead::default() });
        };
        let servers = if look {
            unless_refused("the hotspot", reader.hotspot_servers(&hotspot::print_servers()).await)?
                .map(|servers| servers > 0)
        } else {
            None
        };
        Ok(HotspotRead { logins: Some(logins), servers, absent: false })
    }

    /// A round that read this succeeded.
    pub(super) fn learn(&mut self, read: &HotspotRead) {
        self.absent |= read.absent;
        let logins = read.logins.as_ref().is_some_and(|logins| !logins.is_empty());
        match read.servers {
            Some(servers) => (self.watched, self.rounds_since_look) = (servers || logins, 0),
            None => {
                self.watched |= logins;
                self.rounds_since_look = self.rounds_since_look.saturating_add(1);
            }
        }
    }
}
