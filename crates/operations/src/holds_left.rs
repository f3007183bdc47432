//! Holds of a router that nobody looks after from now on: whoever is kept out is let in first, for nobody would do it on time.

use std::time::Duration;

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
    /// Lets everybody in who is kept out of the router. Who is not, and how it goes by hand; `None`: nobody.
    pub(crate) async fn let_all_in(&self, actor: &str, nas: &Nas) -> Result<Option<String>, OperationError> {
        for hold in self.holds_on(nas).await? {
            let now = self.lasting_now().await?;
            let act =
                self.hold_act(actor, "hold.release", &hold.subject, json!({ "router": nas.config.name }));
            self.store.shorten_hold(nas.id, hold.subject, now, act).await?;
        }
        let waits = u32::try_from(WITHIN.as_millis() / EVERY.as_millis()).unwrap_or(1);
        for _ in 0..waits {
            if self.holds_on(nas).await?.is_empty() {
                return Ok(None);
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
