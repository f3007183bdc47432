//! Importing subscribers from a CSV file: the whole of it or nothing, and every fault with its place.
//!
//! * `sheet`: rows of cells to columns; `columns`: which there are
//! * `row`: cells to values
//! * `judge`: a row against what is stored; `counters`: those of static addresses against what their routers say
//! * `faults`: what is wrong, place by place
//! * `beside`: routers and plans that come with it

mod beside;
mod columns;
mod counters;
mod faults;
mod judge;
mod report;
mod row;
mod sheet;

use std::collections::{HashMap, HashSet};

use accounting::login::LoginName;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{LoginOwner, Scope, SubscriberImport};

use crate::error::OperationError;
use crate::operations::Operations;

pub use beside::{Beside, BesideReport};
pub use columns::SUBSCRIBER_COLUMNS;
pub use faults::{ImportFault, TOLD_FAULTS};
pub use report::ImportReport;

use beside::Coming;
use counters::RowCounter;
use faults::Faults;
use judge::{Known, Verdict, Zones};
use row::Row;
use sheet::Sheet;

/// Rows of one file at most.
pub const MOST_ROWS: usize = 200_000;
/// Rows judged in one go: what is stored is asked for so many at a time, so that readings are not kept waiting.
const CHUNK: usize = 1_000;

/// A file as far as it can be judged by itself.
struct Parsed {
    rows: Vec<Row>,
    count: u64,
    faults: Faults,
    sha256: String,
}

impl Operations {
    /// Adds the subscribers of a CSV file that are new and changes those that are not as it has them, all or nothing;
    /// nobody is renewed. `dry_run`: only tells what would happen.
    ///
    /// # Errors
    /// A file with faults is no error but a report. `Conflict` when somebody changed the same things meanwhile.
    pub async fn import_subscribers(
        &self,
        actor: &str,
        file: Vec<u8>,
        dry_run: bool,
    ) -> Result<ImportReport, OperationError> {
        self.import_with(actor, file, Coming::default(), dry_run).await
    }

    /// The same, with what is added before them.
    async fn import_with(
        &self,
        actor: &str,
        file: Vec<u8>,
        coming: Coming,
        dry_run: bool,
    ) -> Result<ImportReport, OperationError> {
        let parsed = tokio::task::spawn_blocking(move || parse(&file)).await;
        let Parsed { rows, count, mut faults, sha256 } =
            parsed.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        let mut report = ImportReport { rows: count, ..ImportReport::default() };
        let import = self.judge(rows, &coming, &mut report, &mut faults).await?;
        if faults.total() > 0 {
            return Ok(ImportReport {
                rows: count,
                faults_total: faults.total(),
                faults: faults.told(),
                ..ImportReport::default()
            });
        }
        let import = SubscriberImport { routers: coming.routers, plans: coming.plans, ..import };
        let comes = (import.routers.len() + import.plans.len()) as u64;
        if !dry_run && report.new + report.changed + comes > 0 {
            let ImportReport { rows, new, changed, same, .. } = report;
            let detail =
                json!({"sha256": sha256, "rows": rows, "new": new, "changed": changed, "same": same});
            let act = self.act(actor, "subscriber.import", "subscribers", detail);
            self.store.import_subscribers(import, act).await?;
        }
        Ok(report)
    }

    async fn judge(
        &self,
        rows: Vec<Row>,
        coming: &Coming,
        report: &mut ImportReport,
        faults: &mut Faults,
    ) -> Result<SubscriberImport, OperationError> {
        let mut plans = self.plan_names().await?;
        plans.extend(coming.plan_names());
        let mut known = Known::new(plans, self.zones().await?);
        let mut import = SubscriberImport::default();
        let mut logins = HashMap::new();
        let mut counters = Vec::new();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Row> = rows.by_ref().take(CHUNK).collect();
            known.set(self.store.subscribers_of(keys(&chunk)).await?);
            let mut owners = self.owners(&chunk, &known).await?.into_iter();
            for row in chunk {
                let verdict = match known.of(&row) {
                    Some(stored) => known.judge_known(row, stored, faults),
                    None => {
                        let owner = coming.owner(&row, owners.next().unwrap_or(LoginOwner::Free));
                        if !is_second_login(&row, &mut logins, faults) && owner == LoginOwner::Free {
                            counters.extend(RowCounter::of(&row));
                        }
                        known.judge_new(row, &owner, faults)
                    }
                };
                match verdict {
                    Some(Verdict::New(new)) => import.new.push(*new),
                    Some(Verdict::Changed(id, change)) => import.changes.push((id, *change)),
                    Some(Verdict::Same) => report.same += 1,
                    None => {}
                }
            }
        }
        let unchecked = self.judge_counters(counters, faults).await?;
        report.unchecked_total = unchecked.total();
        report.unchecked = unchecked.told();
        report.new = import.new.len() as u64;
        report.changed = import.changes.len() as u64;
        Ok(import)
    }

    async fn zones(&self) -> Result<Zones, OperationError> {
        let routers = self.store.list_nas().await?;
        let zoned = routers.into_iter().filter_map(|nas| Some((nas.config.name, nas.zone?)));
        Ok(Zones { of_routers: zoned.collect(), installation: self.zone.clone() })
    }

    async fn plan_names(&self) -> Result<HashSet<String>, OperationError> {
        Ok(self.store.list_plans().await?.into_iter().map(|plan| plan.name).collect())
    }

    /// Whose the logins of the rows about nobody stored are, in their order.
    async fn owners(&self, rows: &[Row], known: &Known) -> Result<Vec<LoginOwner>, OperationError> {
        let new = rows.iter().filter(|row| known.of(row).is_none());
        Ok(self.store.login_owners(new.map(Row::login).collect()).await?)
    }
}

fn keys(rows: &[Row]) -> Vec<String> {
    rows.iter()
        .flat_map(|row| [Some(row.username.clone()), row.id.map(|id| id.to_string())])
        .flatten()
        .collect()
}

/// Whether an earlier row has the login; that is noted.
fn is_second_login(row: &Row, logins: &mut HashMap<(LoginName, Scope), u64>, faults: &mut Faults) -> bool {
    let first = *logins.entry(row.login()).or_insert(row.row);
    if first != row.row {
        faults.note(row.row, Some("login"), format!("row {first} has the same login"));
    }
    first != row.row
}

/// How many rows of such a file can be read, and what is wrong with it.
pub(crate) fn read_alone(file: &[u8]) -> (usize, Vec<ImportFault>) {
    let parsed = parse(file);
    (parsed.rows.len(), parsed.faults.told())
}

fn parse(file: &[u8]) -> Parsed {
    let sha256 = hex::encode(Sha256::digest(file));
    let mut parsed = Parsed { rows: Vec::new(), count: 0, faults: Faults::default(), sha256 };
    let mut firsts = HashMap::new();
    let Some(mut sheet) = Sheet::open(file, &mut parsed.faults) else { return parsed };
    while let Some(cells) = sheet.next(&mut parsed.faults) {
        parsed.count += 1;
        let Some(row) = Row::read(&cells, &mut parsed.faults) else { continue };
        if parsed.rows.len() == MOST_ROWS {
            let said = format!("there are more than {MOST_ROWS} rows; split the file here");
            parsed.faults.note(row.row, None, said);
            break;
        }
        refuse_second(&row, &mut firsts, &mut parsed.faults);
        parsed.rows.push(row);
    }
    parsed
}

/// A username and an id name one subscriber each, and nobody has the id of another as username.
fn refuse_second(row: &Row, firsts: &mut HashMap<String, u64>, faults: &mut Faults) {
    let keys = [("username", Some(row.username.clone())), ("id", row.id.map(|id| id.to_string()))];
    for (column, key) in keys {
        let Some(key) = key else { continue };
        let first = *firsts.entry(key).or_insert(row.row);
        if first != row.row {
            faults.note(row.row, Some(column), format!("row {first} has the same {column}"));
        }
    }
}
