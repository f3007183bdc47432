//! Keeping somebody out of a router for a while after their session was ended: what is wanted, until when, and how it ends.

use std::time::Duration;

use accounting::time::Micros;
use serde_json::{Value, json};
use store::{Hold, HoldSubject, NewAudit, SessionRow, StoreError};

use crate::disconnects::EndedSession;
use crate::error::OperationError;
use crate::names::{name_for_people, name_to_text};
use crate::operations::Operations;
use crate::router_commands::RouterCommandError;
use crate::session_end::whom_to_keep_out;

/// How long somebody can be kept out.
const LASTS: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(30 * 86_400);

/// Whom a hold is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldWho {
    /// The router's name.
    pub router: String,
    /// Who.
    pub subject: HoldSubject,
}

/// Somebody who is kept out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldView {
    /// The router's name.
    pub router: String,
    /// Who, until when, and by whom.
    pub hold: Hold,
    /// Its time is over, and it is not undone on the router yet.
    pub is_over: bool,
}

impl HoldWho {
    /// That they are not kept out.
    pub(crate) fn nobody(&self) -> OperationError {
        let (_, name) = self.subject.parts();
        OperationError::NotFound(format!(
            "{} is not kept out of router {}; nothing was changed. List those who are with: tikmeter hold list",
            name_for_people(name),
            self.router
        ))
    }
}

impl Operations {
    /// Who is kept out, in the order of routers.
    pub async fn list_holds(&self) -> Result<Vec<HoldView>, OperationError> {
        let (now, routers) = (self.lasting_now().await?, self.reached_routers().await?);
        let view = |hold: Hold| {
            let router = routers.iter().find(|nas| nas.id == hold.nas)?.config.name.clone();
            Some(HoldView { router, is_over: hold.until <= now, hold })
        };
        Ok(self.store.holds_within(self.reach.clone()).await?.into_iter().filter_map(view).collect())
    }

    /// Lets somebody in again before their time is over; the router is told within seconds, as soon as it can be reached.
    pub async fn release_hold(&self, actor: &str, who: HoldWho) -> Result<HoldView, OperationError> {
        let nas = self.nas(&who.router).await?;
        let act = self.hold_act(actor, "hold.release", &who.subject, json!({"router": who.router}));
        let now = self.lasting_now().await?;
        let released = self.store.shorten_hold(nas.id, who.subject.clone(), now, act).await?;
        let hold = released.ok_or_else(|| who.nobody())?;
        Ok(HoldView { router: who.router, hold, is_over: true })
    }

    /// The hold of whoever has the session.
    pub(crate) async fn hold_of(
        &self,
        actor: &str,
        session: &SessionRow,
        lasts: Duration,
    ) -> Result<Hold, OperationError> {
        check_lasts(lasts)?;
        let subject =
            whom_to_keep_out(session.service.kind(), &session.calling_station_id, &session.username);
        let set_at = self.lasting_now().await?;
        let until = Micros(set_at.0.saturating_add(i64::try_from(lasts.as_micros()).unwrap_or(i64::MAX)));
        Ok(Hold { nas: session.nas, subject, until, is_placed: false, set_by: actor.to_owned(), set_at })
    }

    /// It is written down before anything is sent, so that it is undone in any case.
    pub(crate) async fn want_hold(
        &self,
        actor: &str,
        session: &SessionRow,
        hold: &Hold,
    ) -> Result<(), OperationError> {
        let detail = json!({"router": session.router, "session": session.no, "until_us": hold.until.0});
        let act = self.hold_act(actor, "hold.set", &hold.subject, detail);
        Ok(self.store.set_hold(hold.clone(), act).await?)
    }

    /// Where the session was not ended, nobody is to be kept out either. Where nobody knows, the hold ends on its time.
    pub(crate) async fn settle_hold(
        &self,
        actor: &str,
        hold: Hold,
        ended: Result<EndedSession, OperationError>,
    ) -> Result<EndedSession, OperationError> {
        let failed = matches!(&ended, Err(error) if !is_doubtful(error));
        if failed && let Err(error) = self.give_up_hold(actor, hold).await {
            tracing::error!(%error, "a hold that came to nothing could not be given up; it ends on its time");
        }
        ended
    }

    async fn give_up_hold(&self, actor: &str, hold: Hold) -> Result<(), StoreError> {
        let act = self.hold_act(actor, "hold.give_up", &hold.subject, json!({}));
        self.store.shorten_hold(hold.nas, hold.subject, self.lasting_now().await?, act).await.map(drop)
    }

    pub(crate) fn hold_act(
        &self,
        actor: &str,
        action: &str,
        subject: &HoldSubject,
        mut detail: Value,
    ) -> NewAudit {
        let (kind, name) = subject.parts();
        detail["kind"] = kind.into();
        self.act(actor, action, &name_to_text(name), detail)
    }
}

/// Whether somebody can be kept out for so long.
pub(crate) fn check_lasts(lasts: Duration) -> Result<(), OperationError> {
    match LASTS.contains(&lasts) {
        true => Ok(()),
        false => Err(OperationError::Invalid(
            "somebody can be kept out for one second up to 30 days; nothing was changed".to_owned(),
        )),
    }
}

fn is_doubtful(error: &OperationError) -> bool {
    matches!(error, OperationError::Router(RouterCommandError::Unknown(_)))
}
