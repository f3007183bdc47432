//! Taking speed limits away: for as fast as they can be, or for what their plan or voucher says.

use serde_json::json;
use store::{LimitSubject, LimitUntil, Nas, RateLimit, StoreError, WantedLimit};

use super::acts::{LimitOutcome, LimitRequest, planned};
use super::kept::LimitChange;
use super::planned::planned_limits;
use super::subject::{LimitWho, Meant};
use crate::error::OperationError;
use crate::operations::Operations;
use crate::router_commands::RouterCommandError;

impl Operations {
    /// Wants none any more, and removes what is on the router for it; who would be slowed by a plan or a voucher then is wanted
    /// free until their session ends, or until that is removed where they have none; of who is away only what somebody set ends. With none there it is a success too.
    pub async fn remove_limit(
        &self,
        actor: &str,
        router: Option<&str>,
        who: &LimitWho,
        dry_run: bool,
    ) -> Result<LimitOutcome, OperationError> {
        let (nas, subject) = self.limited(router, who).await?;
        let Some(behind) = self.limit_behind(&nas, &subject).await? else {
            return self.want_behind(actor, nas, subject, None, dry_run).await;
        };
        let has_session = matches!(subject, LimitSubject::Device(_) | LimitSubject::Ppp(_));
        let until = (!has_session).then_some(LimitUntil::Removed);
        let (who, router, rate) = (who.clone(), Some(nas.config.name.clone()), RateLimit::default());
        let (plan, unlimited) = (None, true);
        let free = LimitRequest { who, router, rate, plan, unlimited, until, dry_run };
        match self.set_limit(actor, free).await {
            // Who is away has no session to be free in: what somebody set ends all the same.
            Err(OperationError::NotFound(_)) if has_session => {
                self.want_behind(actor, nas, subject, Some(behind), dry_run).await
            }
            done => done,
        }
    }

    /// What somebody set ends now, and what their plan or voucher says is wanted again, or nothing.
    pub async fn reset_limit(
        &self,
        actor: &str,
        router: Option<&str>,
        who: &LimitWho,
        dry_run: bool,
    ) -> Result<LimitOutcome, OperationError> {
        let (nas, subject) = self.limited(router, who).await?;
        let behind = self.limit_behind(&nas, &subject).await?;
        self.want_behind(actor, nas, subject, behind, dry_run).await
    }

    /// What is wanted for them where nobody sets anything else.
    async fn limit_behind(&self, nas: &Nas, subject: &LimitSubject) -> Result<Option<Behind>, StoreError> {
        if let Some(limit) = self.limit_by_voucher(nas.id, subject).await? {
            return Ok(Some(Behind::Voucher(limit)));
        }
        let mut planned = planned_limits(&*self.store, Some(nas.id), self.reach.clone()).await?;
        Ok(planned.remove(&(nas.id, subject.clone())).map(Behind::Plan))
    }

    async fn want_behind(
        &self,
        actor: &str,
        nas: Nas,
        subject: LimitSubject,
        behind: Option<Behind>,
        dry_run: bool,
    ) -> Result<LimitOutcome, OperationError> {
        let wanted = behind.as_ref().map(|behind| behind.limit().clone());
        if dry_run {
            let change =
                wanted.clone().map_or_else(|| LimitChange::Remove(subject.clone()), LimitChange::Set);
            let kept = self.commands.keep_limits(nas.clone(), Some(change), true).await?;
            return Ok(planned(&nas, subject, wanted, kept));
        }
        let act = self.limit_act(actor, "limit.remove", &nas, &subject, json!({}));
        let was_wanted = match behind {
            Some(Behind::Voucher(limit)) => self.store.set_limit(limit, act).await?.is_some(),
            _ => self.store.remove_limit(nas.id, subject.clone(), act).await?.is_some(),
        };
        if !was_wanted && !self.store.limited_routers().await?.contains(&nas.id) {
            return Ok(outcome(nas, subject, wanted));
        }
        let about = Some(LimitChange::About(subject.clone()));
        let kept = self.commands.keep_limits(nas.clone(), about, false).await?;
        self.note_kept(actor, &nas, &subject, &kept, kept.of(&subject)).await;
        match kept.stays {
            Some(why) => Err(OperationError::Router(RouterCommandError::Refused(why))),
            None => {
                let found = kept.of(&subject).cloned();
                Ok(LimitOutcome { found, commands: kept.commands, ..outcome(nas, subject, wanted) })
            }
        }
    }

    /// Whom a limit is wanted for, whether or not they are connected.
    async fn limited(
        &self,
        router: Option<&str>,
        who: &LimitWho,
    ) -> Result<(Nas, LimitSubject), OperationError> {
        let candidates = self.may_be(who).await?;
        let mut wanted = self.list_limits(router).await?;
        wanted.retain(|view| candidates.contains(&view.wanted.subject));
        match wanted.as_slice() {
            [one] => Ok((self.nas(&one.router).await?, one.wanted.subject.clone())),
            [] => {
                let Meant { nas, subject, .. } = self.meant(router, who, false).await?;
                Ok((nas, subject))
            }
            many => {
                let routers: Vec<&str> = many.iter().map(|view| &*view.router).collect();
                Err(OperationError::Conflict(format!(
                    "nothing was changed: they are limited on several routers, name one: {}",
                    routers.join(", ")
                )))
            }
        }
    }
}

/// What is wanted for somebody where nobody sets anything else.
enum Behind {
    /// It is kept beside what people set, and has to be set again.
    Voucher(WantedLimit),
    /// It is wanted wherever nothing is set.
    Plan(WantedLimit),
}

impl Behind {
    fn limit(&self) -> &WantedLimit {
        match self {
            Behind::Voucher(limit) | Behind::Plan(limit) => limit,
        }
    }
}

fn outcome(nas: Nas, subject: LimitSubject, wanted: Option<WantedLimit>) -> LimitOutcome {
    LimitOutcome { router: nas.config.name, subject, wanted, found: None, commands: Vec::new() }
}
