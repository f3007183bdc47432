//! What one polled round looks like.

use std::fmt;

use accounting::Octets;
use accounting::snapshot::{OwnedRows, Snapshot};
use accounting::table::Table;
use collector::checkup::{NO_PPP, unknown_version};
use collector::round::{CleanRound, Identify};
use serde::Serialize;

use crate::output::{grouped, many, octets, printable};

/// What the round cost beside the wire.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Which round of this run, from 1.
    pub(crate) number: u32,
    /// Processor time of this process.
    pub(crate) cpu_us: u64,
}

/// One round; its fields are the JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Polled {
    round: u32,
    router: String,
    identity: Option<String>,
    version: Option<String>,
    /// What is not known of that version; null where all is.
    version_warning: Option<String>,
    device: String,
    uptime_s: u64,
    /// Counter rows.
    rows: usize,
    rows_unreadable: u64,
    rows_unpaired: u64,
    sessions_without_counter: u64,
    /// Rows of the session table; null when it was not printed whole in this round, or there is none.
    sessions: Option<u64>,
    without_ppp: bool,
    /// Which server table is not there, and what that costs; null where all that sessions need are.
    without_server_table: Option<String>,
    /// Owners found in this round; null when none had to be looked for.
    owners: Option<usize>,
    identified: &'static str,
    /// Of the PPP counters.
    upload_octets: u64,
    download_octets: u64,
    /// What its hotspot shows; null when it was not asked, or has no hotspot.
    hotspot: Option<PolledHotspot>,
    bytes_in: u64,
    bytes_out: u64,
    tables: Vec<PolledTable>,
    ms: f64,
    cpu_ms: f64,
}

#[derive(Debug, Serialize)]
struct PolledHotspot {
    logins: usize,
    /// Devices let through without a login.
    devices: usize,
    upload_octets: u64,
    download_octets: u64,
}

impl PolledHotspot {
    fn of(snapshot: &Snapshot) -> Option<Self> {
        let len = |rows: &Option<OwnedRows>| rows.as_ref().map_or(0, OwnedRows::len);
        let sum: Octets = [&snapshot.logins, &snapshot.hosts].into_iter().flatten().map(OwnedRows::sum).sum();
        snapshot.covers(Table::HotspotActive).then(|| PolledHotspot {
            logins: len(&snapshot.logins),
            devices: len(&snapshot.hosts),
            upload_octets: sum.input,
            download_octets: sum.output,
        })
    }
}

#[derive(Debug, Serialize)]
struct PolledTable {
    table: &'static str,
    rows: u64,
    bytes_in: u64,
    bytes_out: u64,
}

impl Polled {
    /// From a round over the router at `address`.
    pub(crate) fn new(address: &str, clean: &CleanRound, cost: Cost) -> Self {
        let CleanRound { snapshot, report } = clean;
        let Octets { input, output } = snapshot.counters.sum();
        let tables = report.tables.iter().map(|one| PolledTable {
            table: one.table.as_str(),
            rows: one.rows,
            bytes_in: one.traffic.bytes_in,
            bytes_out: one.traffic.bytes_out,
        });
        Polled {
            round: cost.number,
            router: address.to_owned(),
            identity: report.identity.as_deref().map(str::to_owned),
            version: report.version.as_deref().map(str::to_owned),
            version_warning: report.version.as_deref().and_then(unknown_version),
            device: snapshot.device.to_string(),
            uptime_s: report.uptime_s,
            rows: snapshot.counters.len(),
            rows_unreadable: report.rows_unreadable,
            rows_unpaired: report.rows_unpaired,
            sessions_without_counter: report.sessions_without_counter,
            sessions: report.sessions,
            without_ppp: report.without_ppp,
            without_server_table: report.unserved.told(),
            owners: snapshot.identified.as_ref().map(|identified| identified.owners.len()),
            identified: identified(report.identify),
            upload_octets: input,
            download_octets: output,
            hotspot: PolledHotspot::of(snapshot),
            bytes_in: report.traffic.bytes_in,
            bytes_out: report.traffic.bytes_out,
            tables: tables.collect(),
            ms: millis(report.duration_us),
            cpu_ms: millis(cost.cpu_us),
        }
    }

    /// One line of JSON.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers always become JSON")
    }
}

impl fmt::Display for Polled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.round == 1 {
            self.heading(f)?;
        }
        let sessions = self.sessions.map_or_else(|| "not read".to_owned(), grouped);
        write!(f, "round {}: {}, sessions {sessions}", self.round, many(self.rows as u64, "PPP counter"))?;
        if let Some(owners) = self.owners {
            write!(f, ", {} ({})", many(owners as u64, "owner"), self.identified)?;
        }
        writeln!(f, "; {:.1} ms, {:.1} ms CPU", self.ms, self.cpu_ms)?;
        writeln!(f, "  sums: {}", exact(self.upload_octets, self.download_octets))?;
        if let Some(hotspot) = &self.hotspot {
            let (logins, devices) = (hotspot.logins as u64, hotspot.devices as u64);
            let (logins, devices) = (many(logins, "login"), many(devices, "device"));
            let sums = exact(hotspot.upload_octets, hotspot.download_octets);
            writeln!(f, "  hotspot: {logins}, {devices} let through; {sums}")?;
        }
        self.wire(f)?;
        self.oddities(f)
    }
}

impl Polled {
    fn heading(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identity =
            self.identity.as_deref().map_or_else(String::new, |name| format!(" \"{}\"", printable(name)));
        let version = self.version.as_deref().filter(|version| !version.is_empty());
        let version = version.map_or_else(|| "of unknown version".to_owned(), printable);
        let (router, device) = (printable(&self.router), printable(&self.device));
        writeln!(
            f,
            "router {router}{identity}: RouterOS {version}, {device}, up {} s",
            grouped(self.uptime_s)
        )
    }

    fn wire(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  wire: {} bytes in, {} out", grouped(self.bytes_in), grouped(self.bytes_out))?;
        for (index, table) in self.tables.iter().enumerate() {
            let separator = if index == 0 { " (" } else { ", " };
            write!(f, "{separator}{} {}/{}", table.table, grouped(table.bytes_in), grouped(table.bytes_out))?;
        }
        writeln!(f, "{}", if self.tables.is_empty() { "" } else { ")" })
    }

    fn oddities(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(warning) = &self.version_warning {
            writeln!(f, "  {warning}")?;
        }
        if self.without_ppp {
            writeln!(f, "  {NO_PPP}")?;
        }
        if let Some(told) = &self.without_server_table {
            writeln!(f, "  {told}")?;
        }
        if self.rows_unreadable > 0 {
            writeln!(
                f,
                "  left out for lack of values: {}; unknown, not 0",
                many(self.rows_unreadable, "row")
            )?;
        }
        if self.rows_unpaired > 0 {
            writeln!(f, "  {} could not be told yet", many(self.rows_unpaired, "session"))?;
        }
        if self.sessions_without_counter > 0 {
            let sessions = many(self.sessions_without_counter, "session");
            writeln!(f, "  {sessions} without a counter that the router shows: not counted")?;
        }
        Ok(())
    }
}

fn exact(upload: u64, download: u64) -> String {
    let exact = |count| format!("{} ({})", octets(count), grouped(count));
    format!("upload {}, download {}", exact(upload), exact(download))
}

fn identified(how: Identify) -> &'static str {
    match how {
        Identify::No => "no",
        Identify::Narrow => "looked up",
        Identify::Full => "whole tables",
    }
}

/// Microseconds are far below 2^52, so nothing is lost.
#[expect(clippy::cast_precision_loss, reason = "durations in microseconds fit a double exactly")]
fn millis(micros: u64) -> f64 {
    micros as f64 / 1_000.0
}
