//! What clients are told, made once for all of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use operations::{Customer, LiveSample, Monitor, Operations};
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::event::{Event, Frame};
use super::gateway::Gateway;
use crate::api::model::live::{LiveSampleMessage, LiveStanding, Told};
use crate::api::monitors::shape::{rates, standing};
use crate::compat::sample;

/// How often it is looked whether a watch stands otherwise.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long clients have at shutdown, together.
const GRACE: Duration = Duration::from_secs(5);

/// Feeds clients until `shutdown`, then closes them all.
pub(crate) async fn run(gateway: Gateway, operations: Arc<Operations>, shutdown: CancellationToken) {
    shutdown.run_until_cancelled(keep_feeding(&operations, &gateway)).await;
    gateway.closing.cancel();
    gateway.tasks.close();
    if tokio::time::timeout(GRACE, gateway.tasks.wait()).await.is_err() {
        tracing::warn!(clients = gateway.clients(), "live clients that did not close in time were left");
    }
}

/// Feeds the clients for as long as it is polled.
async fn keep_feeding(operations: &Operations, gateway: &Gateway) {
    let mut samples = operations.monitors.board().samples();
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stood = HashMap::new();
    loop {
        tokio::select! {
            taken = samples.recv() => match taken {
                Ok(taken) => gateway.tell(|| Event::Samples(taken.iter().map(frame).collect())),
                // The numbers of the samples tell the clients how many these were.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            _ = look.tick() => {
                let changed = changed(&mut stood, operations.monitors.status().monitors);
                if !changed.is_empty() {
                    gateway.tell(|| Event::Standing(changed.into()));
                }
            }
        }
    }
}

fn frame(taken: &LiveSample) -> Frame {
    let customer = &taken.customer;
    let v1 = LiveSampleMessage {
        subscriber: customer.id,
        username: customer.username.clone(),
        router: customer.router.clone(),
        at: taken.at.into(),
        rates: rates(taken),
    };
    Frame {
        customer: Arc::clone(customer),
        no: taken.no,
        compat: text(&sample(taken)),
        v1: text(&Told::Sample(v1)),
    }
}

/// Those that stand otherwise than `stood`, which is brought up to date.
fn changed(
    stood: &mut HashMap<Uuid, LiveStanding>,
    monitors: Vec<Monitor>,
) -> Vec<(Arc<Customer>, Utf8Bytes)> {
    let mut news = Vec::new();
    let mut now = HashMap::with_capacity(monitors.len());
    for monitor in monitors {
        let stands = standing(&monitor);
        let customer = stands.subscriber;
        if stood.get(&customer) != Some(&stands) {
            news.push((monitor.customer, text(&Told::Standing(stands.clone()))));
        }
        now.insert(customer, stands);
    }
    *stood = now;
    news
}

/// A message.
pub(super) fn text(message: &impl Serialize) -> Utf8Bytes {
    serde_json::to_string(message).expect("plain strings and numbers are always JSON").into()
}
