//! When the tables of a hotspot are read. Most routers that carry PPP have no hotspot, and must not pay for one: the logins
//! are read while there is a server or a login that is not over, the devices that are let through while a binding lets
//! one through or one is not gone, and else it is looked into from time to time.

use accounting::snapshot::{OwnedRows, SumRows};
use accounting::state::Wanted;
use accounting::sums::SumsWanted;
use accounting::table::Table as CounterTable;

use crate::link::LinkError;
use crate::round::reader::Reader;
use crate::round::refused::unless_refused;
use crate::routeros::hotspot;

/// The router is looked at for a hotspot in every so-manieth round: one that is set up shows within an hour at the usual
/// interval, and a login that began meanwhile counts whole then. So does the first binding that lets a device through,
/// and what that device moved meanwhile has a bound.
const LOOK_EVERY: u32 = 12;

/// What a connection knows of the router's hotspot.
#[derive(Clone, Debug, Default)]
pub(super) struct Hotspot {
    /// The router has no such menu.
    absent: bool,
    /// It had a server when it was looked for last, or a login since.
    watched: bool,
    /// It let a device through when it was looked at last, or since.
    bypasses: bool,
    rounds_since_look: u32,
}

/// What one round read of it.
#[derive(Clone, Debug, Default)]
pub(super) struct HotspotRead {
    /// The logins, if their table was read.
    pub(super) logins: Option<OwnedRows>,
    /// What it adds up for users, if that was read, before the logins.
    pub(super) sums: Option<SumRows>,
    /// The devices that are let through, if their table was read, after the logins; none where no binding lets one
    /// through.
    pub(super) hosts: Option<OwnedRows>,
    /// Those of them that were read for a look alone: the router has no use for them.
    pub(super) idle: Vec<CounterTable>,
    /// What a look found, if it was looked into.
    look: Option<Look>,
    absent: bool,
}

/// What there is to be read in the rounds that follow.
#[derive(Clone, Copy, Debug)]
struct Look {
    servers: bool,
    bypasses: bool,
}

impl HotspotRead {
    /// Where there is no such menu nobody can be in its tables, until the router starts anew.
    fn none_there() -> Self {
        HotspotRead {
            logins: Some(OwnedRows::default()),
            hosts: Some(OwnedRows::default()),
            idle: vec![CounterTable::HotspotActive, CounterTable::HotspotHost],
            absent: true,
            ..HotspotRead::default()
        }
    }
}

impl Hotspot {
    /// Reads what this round has to; `first`: on a new connection.
    pub(super) async fn read(
        &self,
        reader: &mut Reader<'_>,
        first: bool,
        wanted: &Wanted,
    ) -> Result<HotspotRead, LinkError> {
        let due = first || self.rounds_since_look + 1 >= LOOK_EVERY;
        let hosts_wanted = self.bypasses || wanted.hosts;
        if self.absent {
            return Ok(HotspotRead::none_there());
        }
        if !(due || wanted.logins || self.watched || hosts_wanted) {
            return Ok(HotspotRead::default());
        }
        let sums = self.sums(reader, &wanted.sums).await?;
        let Some(logins) = unless_refused("the hotspot", reader.logins(&hotspot::print_logins()).await)?
        else {
            return Ok(HotspotRead::default());
        };
        let Some(logins) = logins else {
            return Ok(HotspotRead::none_there());
        };
        let look = if due { self.look(reader).await? } else { None };
        let hosts = match look {
            Some(Look { bypasses: false, .. }) if !hosts_wanted => Some(OwnedRows::default()),
            None if !hosts_wanted => None,
            _ => unless_refused("the hotspot's hosts", reader.bypassed_hosts().await)?.flatten(),
        };
        let idle = self.idle(look, &logins, hosts.as_ref());
        Ok(HotspotRead { logins: Some(logins), sums, hosts, idle, look, absent: false })
    }

    /// Tables that this round shows empty and of which nothing says that somebody may come to be in them.
    fn idle(&self, look: Option<Look>, logins: &OwnedRows, hosts: Option<&OwnedRows>) -> Vec<CounterTable> {
        let known = Look { servers: self.watched, bypasses: self.bypasses };
        let Look { servers, bypasses } = look.unwrap_or(known);
        let tables = [
            (CounterTable::HotspotActive, servers || !logins.is_empty()),
            (CounterTable::HotspotHost, bypasses || hosts.is_some_and(|hosts| !hosts.is_empty())),
        ];
        tables.into_iter().filter(|(_, used)| !used).map(|(table, _)| table).collect()
    }

    /// What is added up for users, where it decides something.
    async fn sums(&self, reader: &mut Reader<'_>, wanted: &SumsWanted) -> Result<Option<SumRows>, LinkError> {
        let (names, whole) = match wanted {
            SumsWanted::Nothing => return Ok(None),
            SumsWanted::Of(names) => (Some(&**names), false),
            SumsWanted::All => (None, true),
        };
        let print = reader.hotspot_users(&hotspot::print_users(names)).await;
        let rows = unless_refused("the hotspot's users", print)?.flatten();
        Ok(rows.map(|rows| SumRows { rows, whole }))
    }

    /// A round that read this succeeded.
    pub(super) fn learn(&mut self, read: &HotspotRead) {
        self.absent |= read.absent;
        let any = |rows: &Option<OwnedRows>| rows.as_ref().is_some_and(|rows| !rows.is_empty());
        let (logins, hosts) = (any(&read.logins), any(&read.hosts));
        if let Some(look) = read.look {
            (self.watched, self.bypasses) = (look.servers, look.bypasses);
            self.rounds_since_look = 0;
        } else {
            self.rounds_since_look = self.rounds_since_look.saturating_add(1);
        }
        self.watched |= logins;
        self.bypasses |= hosts;
    }

    /// Looks what there is; `None` where the router refuses to say. Where no server is, none is asked whom it lets
    /// through.
    async fn look(&self, reader: &mut Reader<'_>) -> Result<Option<Look>, LinkError> {
        let servers = reader.hotspot_servers(&hotspot::print_servers()).await;
        let Some(servers) = unless_refused("the hotspot", servers)? else { return Ok(None) };
        if servers == 0 {
            return Ok(Some(Look { servers: false, bypasses: false }));
        }
        let bindings = unless_refused("the hotspot's bindings", reader.bypass_bindings().await)?;
        Ok(Some(Look { servers: true, bypasses: bindings.map_or(self.bypasses, |bindings| bindings > 0) }))
    }
}
