//! What a client of `/api/v1/live` asks for.

use std::collections::HashMap;

use axum::extract::ws::Utf8Bytes;
use operations::{Operations, View};
use uuid::Uuid;

use super::end::End;
use super::feed::text;
use super::tally::Tally;
use crate::api::model::live::{LiveQuestion, LiveSubscribed, Told};
use crate::api::monitors::shape::standing;
use crate::problem::Problem;

/// Names by which one connection can ask; ids can be spelled in many ways.
const MOST_NAMES: usize = 1_024;

/// Whom it looks at, by the names it asked with.
#[derive(Debug, Default)]
pub(super) struct Questions {
    asked: HashMap<String, Uuid>,
}

impl Questions {
    /// Does what a message asks for, and answers it.
    ///
    /// # Errors
    /// The end, when it is no message of this API.
    pub(super) async fn answer(
        &mut self,
        words: &str,
        operations: &Operations,
        (view, tally): (&mut View, &mut Tally),
    ) -> Result<Utf8Bytes, End> {
        match read(words)? {
            LiveQuestion::Subscribe { subscriber } => Ok(self.add(subscriber, operations, view, tally).await),
            LiveQuestion::Unsubscribe { subscriber } => Ok(self.leave(&subscriber, view, tally)),
        }
    }

    async fn add(
        &mut self,
        asked: String,
        operations: &Operations,
        view: &mut View,
        tally: &mut Tally,
    ) -> Utf8Bytes {
        if self.asked.len() >= MOST_NAMES && !self.asked.contains_key(&asked) {
            let said = "This connection has asked by 1,024 names; unsubscribe from some, or open another.";
            return refused(&asked, Problem::conflict(said));
        }
        let looked = operations.look_at(view, &asked).await;
        let customer = match looked {
            Ok(customer) => customer,
            Err(error) => return refused(&asked, error.into()),
        };
        let mut monitors = operations.monitors.status().monitors.into_iter();
        let Some(monitor) = monitors.find(|monitor| monitor.customer.id == customer) else {
            view.leave(customer);
            return refused(&asked, Problem::conflict("They are not served any more; nobody watches them."));
        };
        let stands = standing(&monitor);
        if !self.asked.values().any(|known| *known == customer) {
            tally.begin(customer, monitor.last.map_or(0, |last| last.no));
        }
        self.asked.insert(asked.clone(), customer);
        text(&Told::Subscribed(LiveSubscribed { asked, stands }))
    }

    fn leave(&mut self, asked: &str, view: &mut View, tally: &mut Tally) -> Utf8Bytes {
        let by_id = || asked.parse().ok().filter(|id| self.asked.values().any(|known| known == id));
        let Some(subscriber) = self.asked.get(asked).copied().or_else(by_id) else {
            return refused(asked, Problem::not_found("This connection does not look at them."));
        };
        view.leave(subscriber);
        tally.leave(subscriber);
        self.asked.retain(|_, known| *known != subscriber);
        text(&Told::Unsubscribed { subscriber, asked: asked.to_owned() })
    }
}

/// # Errors
/// The end, when it is no message of this API.
pub(super) fn read(words: &str) -> Result<LiveQuestion, End> {
    serde_json::from_str(words).map_err(|error| End::Malformed(format!("no message of this API: {error}")))
}

fn refused(asked: &str, problem: Problem) -> Utf8Bytes {
    let (status, detail) = problem.said();
    text(&Told::Error { asked: asked.to_owned(), status, detail })
}
