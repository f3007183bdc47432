//! Reading whose counters they are: the tables that name owners, then the counters once more (DESIGN rule 6).

use accounting::snapshot::{CounterRow, CounterRows, Identified};
use accounting::time::{HostInstant, Micros};
use operations::Clock;

use crate::link::LinkError;
use crate::round::menus::Menus;
use crate::round::named::{self, Asked};
use crate::round::ppp;
use crate::round::reader::Reader;
use crate::round::report::Table;
use crate::routeros::owners::join;
use crate::routeros::pairing::Reading;
use crate::routeros::servers::ServerTable;
use crate::routeros::sessions::SessionTable;
use crate::routeros::{counters, sessions};

/// The ages in both tables are whole seconds and the router is asked over a network: this much more than the time
/// the prints took may lie between two ages of one session.
const SLACK_S: u64 = 5;

/// Which owners to look for.
pub(super) enum Target<'c> {
    Nothing,
    Rows(Vec<CounterRow<'c>>),
    All(Whole<'c>),
}

/// What the whole tables are read for.
#[derive(Clone, Copy)]
pub(super) struct Whole<'c> {
    /// On a new connection.
    pub(super) first: bool,
    /// What the round's counter print showed.
    pub(super) counters: &'c CounterRows,
    /// The names it asked for beside the types.
    pub(super) names: &'c [Box<[u8]>],
}

/// What was found.
pub(super) struct Identification {
    pub(super) identified: Identified,
    pub(super) unpaired: u64,
    /// What asking for counters by name led to.
    pub(super) asked: Asked,
    /// Rows of the session table, when it was printed whole.
    pub(super) sessions: Option<u64>,
    /// The router has no session table.
    pub(super) without_ppp: bool,
    /// Our wall clock after the second look at the counters.
    pub(super) at: Micros,
}

pub(super) async fn identify(
    reader: &mut Reader<'_>,
    menus: &mut Menus,
    target: Target<'_>,
    clock: &dyn Clock,
) -> Result<Option<Identification>, LinkError> {
    match target {
        Target::Nothing => Ok(None),
        Target::Rows(rows) => narrow(reader, menus, &rows, clock).await.map(Some),
        Target::All(whole) => full(reader, menus, whole, clock).await.map(Some),
    }
}

/// Prints the tables whole. The sessions come first, for they tell which server menus can hold a row.
async fn full(
    reader: &mut Reader<'_>,
    menus: &mut Menus,
    whole: Whole<'_>,
    clock: &dyn Clock,
) -> Result<Identification, LinkError> {
    let begin = clock.host();
    let (sessions, missing) = reader.sessions_if_any(&sessions::print_all()).await?;
    let between = clock.host();
    let without_ppp = missing.is_some();
    let servers = ppp::servers(reader, menus, whole.first, &sessions, missing).await?;
    let reading = reading([between, clock.host()], [begin, between]);
    let owners = join(&servers, &sessions, reading);
    let readable = servers.unreadable() + sessions.unreadable() == 0;
    let shown = sessions.len() as u64;
    // What they say is in the owners now; the second print must not stand beside them in memory.
    drop((servers, sessions));
    let print = counters::print_all(whole.names, None);
    let mut after = reader.counters(Table::CountersAfter, &print, whole.counters.len() + 16).await?;
    let asked = named::ask(reader, &owners.found, whole.counters, &mut after).await?;
    let identified = Identified {
        owners: owners.found,
        half_seen: owners.half_seen,
        complete: readable,
        counters_after: after,
        counters_after_complete: true,
    };
    let (unpaired, sessions) = (owners.unpaired, Some(shown).filter(|_| !without_ppp));
    Ok(Identification { identified, unpaired, asked, sessions, without_ppp, at: clock.now() })
}

/// Looks up some rows only: the servers by the counters' names, the sessions by the logins found there.
async fn narrow(
    reader: &mut Reader<'_>,
    menus: &mut Menus,
    rows: &[CounterRow<'_>],
    clock: &dyn Clock,
) -> Result<Identification, LinkError> {
    let begin = clock.host();
    let servers = servers_of(reader, menus, rows).await?;
    let between = clock.host();
    let sessions = sessions_of(reader, &servers).await?;
    let reading = reading([begin, between], [between, clock.host()]);
    menus.learn_bindings(&servers, &[]);
    let handles: Vec<u64> = rows.iter().map(|row| row.handle).collect();
    let after = reader.counters(Table::CountersAfter, &counters::print_some(&handles), rows.len()).await?;
    let owners = join(&servers, &sessions, reading);
    let identified = Identified {
        owners: owners.found,
        half_seen: owners.half_seen,
        complete: false,
        counters_after: after,
        counters_after_complete: false,
    };
    let (asked, sessions) = (Asked::default(), None);
    let (unpaired, without_ppp) = (owners.unpaired, false);
    Ok(Identification { identified, unpaired, asked, sessions, without_ppp, at: clock.now() })
}

/// Asks menu after menu for the names not found yet: a name tells nothing reliable about its service.
async fn servers_of(
    reader: &mut Reader<'_>,
    menus: &mut Menus,
    rows: &[CounterRow<'_>],
) -> Result<ServerTable, LinkError> {
    let mut found = ServerTable::default();
    let mut missing: Vec<&[u8]> = rows.iter().map(|row| row.name).collect();
    for menu in menus.present() {
        if missing.is_empty() {
            break;
        }
        let there = reader.servers(menu, &menu.print_some(&missing), &mut found).await?;
        menus.mark_present(menu, there);
        missing.retain(|name| !found.rows().any(|row| row.name == *name));
    }
    Ok(found)
}

async fn sessions_of(reader: &mut Reader<'_>, servers: &ServerTable) -> Result<SessionTable, LinkError> {
    let mut logins: Vec<&[u8]> = servers.rows().filter(|row| row.running).map(|row| row.user).collect();
    logins.sort_unstable();
    logins.dedup();
    if logins.is_empty() {
        return Ok(SessionTable::default());
    }
    reader.sessions(&sessions::print_some(&logins)).await
}

/// How the middles of the two stretches lie in which the tables were read.
fn reading(servers: [HostInstant; 2], sessions: [HostInstant; 2]) -> Reading {
    let micros = |instant: HostInstant| i64::try_from(instant.micros).unwrap_or(i64::MAX);
    let middle = |[begin, end]: [HostInstant; 2]| micros(begin) / 2 + micros(end) / 2;
    let took = |[begin, end]: [HostInstant; 2]| end.micros.saturating_sub(begin.micros) / 2;
    Reading {
        sessions_later_s: (middle(sessions) - middle(servers)) / 1_000_000,
        slack_s: (took(servers) + took(sessions)) / 1_000_000 + SLACK_S,
    }
}
