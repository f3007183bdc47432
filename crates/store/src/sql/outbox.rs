//! [`OutboxRepository`]; the statements are in the files named `outbox_*`.

use std::sync::atomic::Ordering;

use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::event::Event;
use crate::event_names::EventNames;
use crate::ids::NasId;
use crate::outbox_repository::{GiveUp, OutboxQueue, OutboxRepository};

use super::connection::Batch;
use super::database::Database;
use super::outbox_queue::{QUEUES, queue};
use super::value::params;
use super::values::amount;
use super::{outbox_events, outbox_loss, rows};

const DELETE: &str = "DELETE FROM outbox WHERE nas_id = ?1 AND seq <= ?2";

#[async_trait]
impl<D: Database> OutboxRepository for D {
    fn write_events(&self, wanted: bool) {
        self.threads().events().store(wanted, Ordering::Relaxed);
    }

    async fn outbox(&self) -> Result<Vec<OutboxQueue>, StoreError> {
        self.read(|connection| rows::all(connection, QUEUES, params![], queue)).await
    }

    async fn events(
        &self,
        of: Vec<OutboxQueue>,
        bytes: u64,
        names: &EventNames,
        now: Micros,
    ) -> Result<Vec<Event>, StoreError> {
        let names = names.clone();
        self.read(move |connection| outbox_events::oldest(connection, &of, bytes, &mut names.held(now))).await
    }

    async fn delete_events(&self, told: Vec<(NasId, u64)>) -> Result<(), StoreError> {
        self.transact_leases(move |connection| {
            let mut batch = Batch::of(connection, DELETE)?;
            for (nas, seq) in told {
                batch.add(params![nas.0, amount(seq)?])?;
            }
            batch.finish()
        })
        .await
    }

    async fn give_up_events(&self, nas: NasId, which: GiveUp) -> Result<u64, StoreError> {
        self.transact_leases(move |connection| outbox_loss::give_up(connection, nas, which)).await
    }
}
