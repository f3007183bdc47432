//! The prints of a round over one link, each counted for the report.

use accounting::login::DEVICE_PREFIX;
use accounting::snapshot::{CounterRows, OwnedRow, OwnedRows};
use routeros_proto::{Command, Reply, value};
use rustc_hash::FxHashSet;

use crate::link::{Link, LinkError, Traffic};
use crate::round::error::RoundError;
use crate::round::report::{Table, TableReport};
use crate::routeros::chosen::Chosen;
use crate::routeros::hotspot::Host;
use crate::routeros::resource::{self, Resource};
use crate::routeros::servers::{ServerMenu, ServerTable};
use crate::routeros::sessions::SessionTable;
use crate::routeros::{counters, device, fasttrack, hotspot, identity, queue};

/// Reads tables and keeps the bill.
pub(super) struct Reader<'l> {
    link: &'l mut Link,
    at_begin: Traffic,
    tables: Vec<TableReport>,
    unreadable: u64,
}

/// What one reader's prints cost.
pub(super) struct Bill {
    pub(super) tables: Vec<TableReport>,
    pub(super) traffic: Traffic,
    pub(super) unreadable: u64,
}

impl<'l> Reader<'l> {
    pub(super) fn new(link: &'l mut Link) -> Self {
        let at_begin = link.traffic();
        Reader { link, at_begin, tables: Vec::with_capacity(6), unreadable: 0 }
    }

    pub(super) fn bill(self) -> Bill {
        Bill {
            traffic: self.link.traffic() - self.at_begin,
            tables: self.tables,
            unreadable: self.unreadable,
        }
    }

    pub(super) async fn uptime(&mut self) -> Result<u64, RoundError> {
        self.resource(&resource::print_uptime()).await.map(|(uptime_s, _)| uptime_s)
    }

    pub(super) async fn uptime_and_version(&mut self) -> Result<(u64, Option<Box<str>>), RoundError> {
        self.resource(&resource::print_uptime_and_version()).await
    }

    /// The device's own key; a menu that only some hardware has may be missing.
    pub(super) async fn device_key(&mut self) -> Result<Box<str>, RoundError> {
        let mut key = None;
        let routerboard = self
            .print(Table::Device, &device::print_routerboard(), |row| key = device::routerboard_key(row))
            .await;
        missing_is_empty(routerboard)?;
        if key.is_none() {
            let license = self
                .print(Table::Device, &device::print_license(), |row| key = device::license_key(row))
                .await;
            missing_is_empty(license)?;
        }
        key.ok_or(RoundError::NoDeviceKey)
    }

    pub(super) async fn identity(&mut self) -> Result<Option<Box<str>>, LinkError> {
        let mut name = None;
        self.print(Table::Device, &identity::print(), |row| name = identity::identity(row)).await?;
        Ok(name)
    }

    pub(super) async fn counters(
        &mut self,
        table: Table,
        command: &Command,
        room_for: usize,
    ) -> Result<CounterRows, LinkError> {
        let mut rows = CounterRows::with_capacity(room_for);
        let mut unreadable = 0;
        self.print(table, command, |row| match counters::counter(row) {
            Some(counter) => rows.push(counter),
            None => unreadable += 1,
        })
        .await?;
        self.unreadable += unreadable;
        Ok(rows)
    }

    /// Enrolled queues.
    pub(super) async fn queues(&mut self, queues: Chosen<'_>) -> Result<CounterRows, LinkError> {
        let (mut rows, mut unreadable) = (CounterRows::default(), 0);
        let command = queue::print_chosen(queues);
        let outcome = self
            .print(Table::Queues, &command, |row| match queue::queue(row) {
                Some(queue) => rows.push(queue),
                None => unreadable += 1,
            })
            .await;
        self.unreadable += unreadable;
        outcome.map(|()| rows)
    }

    /// How many rules FastTrack traffic; none where the router has no firewall.
    pub(super) async fn fasttrack_rules(&mut self) -> Result<u64, LinkError> {
        let mut rules = 0;
        let command = fasttrack::print();
        let outcome =
            self.print(Table::FastTrack, &command, |row| rules += u64::from(fasttrack::is_on(row))).await;
        match outcome {
            Err(LinkError::MissingMenu(_)) => Ok(0),
            outcome => outcome.map(|()| rules),
        }
    }

    /// The ids of the sessions that `command` asks for; none where the router has no such menu.
    pub(super) async fn session_ids(&mut self, command: &Command) -> Result<FxHashSet<u64>, LinkError> {
        let (mut ids, mut unreadable) = (FxHashSet::default(), 0);
        let printed = self
            .print(Table::Sessions, command, |row| match row.get(b".id").and_then(value::item_id) {
                Some(id) => drop(ids.insert(id)),
                None => unreadable += 1,
            })
            .await;
        missing_is_empty(printed)?;
        self.unreadable += unreadable;
        Ok(ids)
    }

    pub(super) async fn sessions(&mut self, command: &Command) -> Result<SessionTable, LinkError> {
        let mut sessions = SessionTable::default();
        self.print(Table::Sessions, command, |row| sessions.push(row)).await?;
        self.unreadable += sessions.unreadable();
        Ok(sessions)
    }

    /// As [`Self::sessions`]; empty, and with the error, where the router has no such menu.
    pub(super) async fn sessions_if_any(
        &mut self,
        command: &Command,
    ) -> Result<(SessionTable, Option<LinkError>), LinkError> {
        match self.sessions(command).await {
            Err(missing @ LinkError::MissingMenu(_)) => Ok((SessionTable::default(), Some(missing))),
            sessions => sessions.map(|sessions| (sessions, None)),
        }
    }

    /// The logins of the hotspot; `None` when the router has no such menu.
    pub(super) async fn logins(&mut self, command: &Command) -> Result<Option<OwnedRows>, LinkError> {
        let (mut rows, mut unreadable) = (OwnedRows::default(), 0);
        let outcome = self
            .print(Table::HotspotLogins, command, |row| match hotspot::login(row) {
                Some(login) => rows.push(login),
                None => unreadable += 1,
            })
            .await;
        self.unreadable += unreadable;
        rows_if_any(outcome, rows, unreadable)
    }

    /// What is added up for users of the hotspot, as `command` asks for; `None` when the router has no such menu.
    pub(super) async fn hotspot_users(
        &mut self,
        command: &Command,
    ) -> Result<Option<CounterRows>, LinkError> {
        let (mut rows, mut unreadable) = (CounterRows::default(), 0);
        let outcome = self
            .print(Table::HotspotUsers, command, |row| match hotspot::user(row) {
                Some(user) => rows.push(user),
                None => unreadable += 1,
            })
            .await;
        self.unreadable += unreadable;
        match outcome {
            Err(LinkError::MissingMenu(_)) => Ok(None),
            outcome => outcome.map(|()| Some(rows)),
        }
    }

    /// The devices that the hotspot lets through; `None` when the router has no such menu.
    pub(super) async fn bypassed_hosts(&mut self) -> Result<Option<OwnedRows>, LinkError> {
        let (mut rows, mut unreadable) = (OwnedRows::default(), 0);
        let outcome = self
            .print(Table::HotspotHosts, &hotspot::print_hosts(), |row| match hotspot::host(row) {
                Some(Host::Bypassed { counter, address, in_sight_s }) => {
                    let login = [DEVICE_PREFIX, counter.name].concat();
                    rows.push(OwnedRow { counter, login: &login, address, session_time_s: in_sight_s });
                }
                Some(Host::Other) => {}
                None => unreadable += 1,
            })
            .await;
        self.unreadable += unreadable;
        rows_if_any(outcome, rows, unreadable)
    }

    /// How many bindings let a device through; none where the router has no such menu.
    pub(super) async fn bypass_bindings(&mut self) -> Result<u64, LinkError> {
        let mut bindings = 0;
        let outcome =
            self.print(Table::HotspotBindings, &hotspot::print_bypassing(), |_| bindings += 1).await;
        missing_is_empty(outcome)?;
        Ok(bindings)
    }

    /// How many hotspot servers there are.
    pub(super) async fn hotspot_servers(&mut self, command: &Command) -> Result<u64, LinkError> {
        let mut servers = 0;
        self.print(Table::HotspotServers, command, |_| servers += 1).await?;
        Ok(servers)
    }

    /// Appends the rows of one server menu; false when the router has no such menu.
    pub(super) async fn servers(
        &mut self,
        menu: ServerMenu,
        command: &Command,
        into: &mut ServerTable,
    ) -> Result<bool, LinkError> {
        let (rows, unreadable) = (into.len(), into.unreadable());
        let outcome = self.print(Table::Servers, command, |row| into.push(menu, row)).await;
        self.unreadable += into.unreadable() - unreadable;
        match outcome {
            // Rows before the trap would mean that the menu is there and something else is wrong.
            Err(LinkError::MissingMenu(_)) if into.len() == rows => Ok(false),
            outcome => outcome.map(|()| true),
        }
    }

    async fn resource(&mut self, command: &Command) -> Result<(u64, Option<Box<str>>), RoundError> {
        let mut found = Resource::default();
        self.print(Table::Resource, command, |row| found = resource::resource(row)).await?;
        Ok((found.uptime_s.ok_or(RoundError::NoUptime)?, found.version))
    }

    async fn print(
        &mut self,
        table: Table,
        command: &Command,
        mut on_row: impl FnMut(&Reply<'_>),
    ) -> Result<(), LinkError> {
        let before = self.link.traffic();
        let mut rows = 0;
        let outcome = self
            .link
            .print(command, |row| {
                rows += 1;
                on_row(&row);
            })
            .await;
        self.add(TableReport { table, rows, traffic: self.link.traffic() - before });
        outcome.map(|_| ())
    }

    fn add(&mut self, cost: TableReport) {
        match self.tables.iter_mut().find(|known| known.table == cost.table) {
            Some(known) => {
                known.rows += cost.rows;
                known.traffic += cost.traffic;
            }
            None => self.tables.push(cost),
        }
    }
}

fn missing_is_empty(outcome: Result<(), LinkError>) -> Result<(), LinkError> {
    match outcome {
        Err(LinkError::MissingMenu(_)) => Ok(()),
        outcome => outcome,
    }
}

/// `None` where the router has no such menu: it said so before any row.
fn rows_if_any(
    outcome: Result<(), LinkError>,
    rows: OwnedRows,
    unreadable: u64,
) -> Result<Option<OwnedRows>, LinkError> {
    match outcome {
        Err(LinkError::MissingMenu(_)) if rows.is_empty() && unreadable == 0 => Ok(None),
        outcome => outcome.map(|()| Some(rows)),
    }
}
