//! What routers say of the interfaces and queues that a file's static addresses are to be counted by: one look at each
//! router for all rows.

use std::collections::{BTreeMap, HashMap};

use accounting::standing::counter_of_login;
use accounting::table::Table;
use store::Scope;
use tokio::task::JoinSet;

use super::columns::Column;
use super::faults::Faults;
use super::row::Row;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::router_commands::{CounterLook, RouterCommandError};
use crate::static_ip::{counter_of_router, wrong_counter};

/// Routers that are looked at at the same time.
const AT_ONCE: usize = 64;

/// A counter that a row names.
pub(super) struct RowCounter {
    row: u64,
    router: String,
    table: Table,
    name: Vec<u8>,
}

/// The counters of one router, in the order of their rows, and what it says of them.
struct Looked {
    counters: Vec<RowCounter>,
    looks: Result<Vec<CounterLook>, RouterCommandError>,
}

impl RowCounter {
    /// The one of a row, if it names one that can be looked at.
    pub(super) fn of(row: &Row) -> Option<RowCounter> {
        let (login, scope) = row.login();
        let (Some((table, name)), Scope::Router(router)) = (counter_of_login(&login), scope) else {
            return None;
        };
        Some(RowCounter { row: row.row, router, table, name: name.to_vec() })
    }

    fn said(&self, wrong: &str) -> String {
        format!("{} {wrong}", counter_of_router(self.table, &self.name, &self.router))
    }
}

impl Operations {
    /// Notes the counters that cannot count for one subscriber alone, and answers those nobody could look at.
    pub(super) async fn judge_counters(
        &self,
        counters: Vec<RowCounter>,
        faults: &mut Faults,
    ) -> Result<Faults, OperationError> {
        let mut by_router: BTreeMap<String, Vec<RowCounter>> = BTreeMap::new();
        for counter in counters {
            by_router.entry(counter.router.clone()).or_default().push(counter);
        }
        let mut unchecked = Faults::default();
        let mut looking = JoinSet::new();
        for (router, counters) in by_router {
            if looking.len() == AT_ONCE {
                take(&mut looking, faults, &mut unchecked).await;
            }
            let nas = self.named_nas(&router).await?;
            let asked = counters.iter().map(|one| (one.table, one.name.clone())).collect();
            let commands = self.commands.clone();
            looking.spawn(
                async move { Looked { counters, looks: commands.look_at_counters(nas, asked).await } },
            );
        }
        while !looking.is_empty() {
            take(&mut looking, faults, &mut unchecked).await;
        }
        Ok(unchecked)
    }
}

/// Waits for one router.
async fn take(looking: &mut JoinSet<Looked>, faults: &mut Faults, unchecked: &mut Faults) {
    match looking.join_next().await {
        Some(Ok(looked)) => looked.note(faults, unchecked),
        Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        None => {}
    }
}

impl Looked {
    fn note(&self, faults: &mut Faults, unchecked: &mut Faults) {
        let column = Some(Column::Login.name());
        let looks = match &self.looks {
            Ok(looks) => looks,
            Err(error) => {
                for counter in &self.counters {
                    let said =
                        counter.said(&format!("could not be looked at, and counts once it is read: {error}"));
                    unchecked.note(counter.row, column, said);
                }
                return;
            }
        };
        let rows: HashMap<_, _> =
            self.counters.iter().map(|one| ((one.table, one.name.as_slice()), one.row)).collect();
        for (counter, look) in self.counters.iter().zip(looks) {
            let row_of = |table: Table, name: &[u8]| rows.get(&(table, name)).copied();
            if let Some(wrong) = wrong_counter(counter.table, look, row_of) {
                faults.note(counter.row, column, counter.said(&wrong));
            }
        }
    }
}
