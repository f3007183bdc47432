//! Holds of a router that nobody looks after from now on: whoever is kept out is let in first, for nobody would do it on time.

use std::time::Duration;

use accounting::time::Micros;
use serde_json::json;
use store::{Hold, HoldSubject, Nas};

use crate::error::OperationError;
use crate::marks::{MarkOn, Marks};
use crate::names::name_for_people;
use crate::operations::Operations;

/// How long it is waited for; whoever has the router looks every two seconds (`collector::supervisor`).
const WITHIN: Duration = Duration::from_secs(10);
const EVERY: Duration = Duration::from_millis(200);

impl Operations {
    /// Lets everybody in who is kept out of the router. Who is not, and how it goes by hand; `None`: nobody. It is waited only for
    /// those whom somebody can let in within that time.
    pub(crate) async fn let_all_in(&self, actor: &str, nas: &Nas) -> Result<Option<String>, OperationError> {
        let now = self.lasting_now().await?;
        let held = self.holds_on(nas).await?;
        let in_vain: Vec<Hold> = held.iter().filter(|hold| is_tried_in_vain(hold, now)).cloned().collect();
        for hold in held {
            let act =
                self.hold_act(actor, "hold.release", &hold.subject, json!({ "router": nas.config.name }));
            self.store.shorten_hold(nas.id, hold.subject, now, act).await?;
        }
        let is_in_vain = |hold: &Hold| in_vain.iter().any(|tried| tried.subject == hold.subject);
        // Nobody asks a router that is disabled already.
        let waits = if nas.config.enabled { WITHIN.as_millis() / EVERY.as_millis() } else { 0 };
        for _ in 0..waits {
            if self.holds_on(nas).await?.iter().all(is_in_vain) {
                break;
            }
            tokio::time::sleep(EVERY).await;
        }
        let left = self.holds_on(nas).await?;
        let marks = Marks::of(&self.store.installation().await?.id);
        Ok((!left.is_empty()).then(|| by_hand(&nas.config.name, &left, &marks)))
    }

    async fn holds_on(&self, nas: &Nas) -> Result<Vec<Hold>, OperationError> {
        let mut holds = self.store.holds().await?;
        holds.retain(|hold| hold.nas == nas.id);
        Ok(holds)
    }
}

/// Its time was over so long ago that the router was asked, and did not do it: it is left alone for minutes then.
fn is_tried_in_vain(hold: &Hold, now: Micros) -> bool {
    hold.until.0.saturating_add(i64::try_from(WITHIN.as_micros()).unwrap_or(0)) < now.0
}

fn by_hand(router: &str, left: &[Hold], marks: &Marks) -> String {
    let each: Vec<String> = left.iter().map(|hold| by_hand_of(hold, marks)).collect();
    format!(
        "these may be kept out of the router {router} still, and nobody lets them in on time. Let them in by hand, on the router: {}",
        each.join("; ")
    )
}

fn by_hand_of(hold: &Hold, marks: &Marks) -> String {
    match &hold.subject {
        HoldSubject::Device(mac) => format!(
            "/ip hotspot ip-binding remove [find mac-address={} comment=\"{}\"]",
            name_for_people(mac),
            marks.comment(MarkOn::Hold)
        ),
        HoldSubject::Ppp(login) => format!("/ppp secret enable [find name=\"{}\"]", name_for_people(login)),
    }
}
