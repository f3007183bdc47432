//! Setting speed limits.

use std::time::Duration;

use accounting::time::Micros;
use serde_json::{Value, json};
use store::{LimitSubject, LimitUntil, Nas, RateLimit, ReplacedLimit, WantedLimit};

use super::kept::{LimitChange, LimitFound, LimitsKept};
use super::speed::check_speed;
use super::subject::{LimitWho, Meant};
use super::wording::found_name;
use crate::error::OperationError;
use crate::names::name_to_text;
use crate::operations::Operations;
use crate::router_commands::RouterCommandError;

/// A limit as somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitRequest {
    /// Whom it is for.
    pub who: LimitWho,
    /// On the router of that name.
    pub router: Option<String>,
    /// How fast they may be.
    pub rate: RateLimit,
    /// A plan by name: its rates hold where `rate` gives none.
    pub plan: Option<String>,
    /// They may be as fast as they can; without it there has to be a speed.
    pub unlimited: bool,
    /// When it ends; `None`: with the session.
    pub until: Option<LimitUntil>,
    /// Only find out what would be sent.
    pub dry_run: bool,
}

/// What became of setting or removing one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitOutcome {
    /// The router.
    pub router: String,
    /// Whom it is for.
    pub subject: LimitSubject,
    /// What is wanted for them now; `None`: nothing.
    pub wanted: Option<WantedLimit>,
    /// How it stands, as the router showed it; `None` where nothing is wanted, and with a dry run unless it would be refused.
    pub found: Option<LimitFound>,
    /// The commands that were sent to change something, or would be; word by word, in their order.
    pub commands: Vec<String>,
}

impl Operations {
    /// The end of a limit that is to hold for so long from now on, whatever becomes of the clock on the wall.
    ///
    /// # Errors
    /// Of the database, which knows by what clock the host goes.
    pub async fn limit_for(&self, lasts: Duration) -> Result<LimitUntil, OperationError> {
        let lasts_us = i64::try_from(lasts.as_micros()).unwrap_or(i64::MAX);
        let now = self.lasting_now().await?;
        Ok(LimitUntil::Lasting(Micros(now.0.saturating_add(lasts_us))))
    }

    /// Wants a limit and sets it on the router now. Success means that the router showed it as wanted, or that nobody is there
    /// for whom it could be set yet; whether it has an effect is told. One that ends with the session ends with those that the
    /// router shows now, when the last of them is over.
    ///
    /// Where the router does not take it, what was wanted before is wanted again. One that ends by itself gives way to what somebody
    /// set until it is removed.
    pub async fn set_limit(
        &self,
        actor: &str,
        request: LimitRequest,
    ) -> Result<LimitOutcome, OperationError> {
        let request = self.with_preset(request).await?;
        let until = self.check(&request)?;
        let ends_with_them = until.is_none() && !request.dry_run;
        let meant = self.meant(request.router.as_deref(), &request.who, ends_with_them).await?;
        let Meant { nas, subject, session } = meant;
        let until = match (until, session) {
            (Some(until), _) => until,
            (None, Some(session)) => LimitUntil::Session(session),
            (None, None) => return Err(OperationError::Invalid(UNTIL_WHEN.to_owned())),
        };
        let wanted = WantedLimit {
            nas: nas.id,
            subject: subject.clone(),
            rate: request.rate,
            until,
            set_by: actor.to_owned(),
            set_at: self.now(),
        };
        if request.dry_run {
            let change = LimitChange::Set(wanted.clone());
            let kept = self.commands.keep_limits(nas.clone(), Some(change), true).await?;
            return Ok(planned(&nas, subject, Some(wanted), kept));
        }
        let act = self.limit_act(actor, "limit.set", &nas, &subject, of_wanted(&wanted));
        let before = self.store.set_limit(wanted.clone(), act).await?;
        let about = Some(LimitChange::About(subject));
        let kept = self.commands.keep_limits(nas.clone(), about, false).await;
        self.judge_limit(actor, nas, wanted, before, kept).await
    }

    fn check(&self, request: &LimitRequest) -> Result<Option<LimitUntil>, OperationError> {
        let RateLimit { up_bps, down_bps } = request.rate;
        [up_bps, down_bps].into_iter().flatten().try_for_each(check_speed)?;
        if matches!(request.until, Some(LimitUntil::At(at)) if at <= self.now()) {
            return Err(OperationError::Invalid(
                "the limit would have ended already; name an instant that is to come. Nothing was changed"
                    .to_owned(),
            ));
        }
        match (request.rate != RateLimit::default(), request.unlimited) {
            (false, false) => Err(OperationError::Invalid(HOW_FAST.to_owned())),
            (true, true) => Err(OperationError::Invalid(SPEED_AND_NONE.to_owned())),
            (true, false) | (false, true) => Ok(request.until),
        }
    }

    async fn judge_limit(
        &self,
        actor: &str,
        nas: Nas,
        wanted: WantedLimit,
        before: Option<ReplacedLimit>,
        kept: Result<LimitsKept, RouterCommandError>,
    ) -> Result<LimitOutcome, OperationError> {
        let subject = wanted.subject.clone();
        let kept = match kept {
            Ok(kept) => kept,
            // It may be set, and is in any case as soon as it can be.
            Err(error @ RouterCommandError::Unknown(_)) => return Err(error.into()),
            Err(error) => {
                self.want_again(actor, &nas, wanted, before).await?;
                return Err(error.into());
            }
        };
        self.note_kept(actor, &nas, &subject, &kept, kept.of(&subject)).await;
        let found = kept.of(&subject).cloned();
        match found {
            Some(LimitFound::Refused(why)) => {
                self.want_again(actor, &nas, wanted, before).await?;
                Err(OperationError::Router(RouterCommandError::Refused(why)))
            }
            None => Err(OperationError::Conflict(ENDED_MEANWHILE.to_owned())),
            Some(LimitFound::Set(stands)) if stands != wanted.rate && !self.is_wanted(&wanted).await? => {
                Err(OperationError::Conflict(OTHER_MEANWHILE.to_owned()))
            }
            found => Ok(LimitOutcome {
                router: nas.config.name,
                subject,
                wanted: Some(wanted),
                found,
                commands: kept.commands,
            }),
        }
    }

    async fn is_wanted(&self, limit: &WantedLimit) -> Result<bool, OperationError> {
        Ok(self.store.limits(Some(limit.nas)).await?.iter().any(|there| there.is(limit)))
    }

    /// What was wanted before is wanted again, unless somebody wants something else by now.
    async fn want_again(
        &self,
        actor: &str,
        nas: &Nas,
        wanted: WantedLimit,
        before: Option<ReplacedLimit>,
    ) -> Result<(), OperationError> {
        let act = self.limit_act(actor, "limit.refused", nas, &wanted.subject, json!({}));
        Ok(self.store.undo_limit(wanted, before, act).await?)
    }

    pub(super) async fn note_kept(
        &self,
        actor: &str,
        nas: &Nas,
        subject: &LimitSubject,
        kept: &LimitsKept,
        found: Option<&LimitFound>,
    ) {
        let detail = json!({ "commands": kept.commands, "outcome": found.map_or("removed", found_name) });
        let act = self.limit_act(actor, "limit.kept", nas, subject, detail);
        if let Err(error) = self.store.append_audit(act).await {
            tracing::error!(%error, "what was sent to a router for a limit is not in the journal");
        }
    }

    pub(super) fn limit_act(
        &self,
        actor: &str,
        action: &str,
        nas: &Nas,
        subject: &LimitSubject,
        mut detail: Value,
    ) -> store::NewAudit {
        let (kind, name) = subject.parts();
        detail["router"] = nas.config.name.clone().into();
        detail["kind"] = kind.into();
        self.act(actor, action, &name_to_text(name), detail)
    }
}

const HOW_FAST: &str = "say how fast they may be, with an upload, a download or a plan; nothing was changed. To let them be as fast as \
    they can, take the limit away with: tikmeter limit remove, or say unlimited";
const SPEED_AND_NONE: &str =
    "say either how fast they may be, or that they are unlimited; nothing was changed";
const ENDED_MEANWHILE: &str = "their session, or the time of the limit, ended in the same moment, so that none is wanted any more; what \
    was set for it is taken away within seconds";
const OTHER_MEANWHILE: &str = "somebody else set another speed for them in the same moment, and that one stands; look at it with: tikmeter \
    limit list, and set yours again if it should be that";
const UNTIL_WHEN: &str = "who has a fixed address has no session that the limit could end with: say until when it holds, or that it holds \
    until it is removed. Nothing was changed";

pub(super) fn planned(
    nas: &Nas,
    subject: LimitSubject,
    wanted: Option<WantedLimit>,
    kept: LimitsKept,
) -> LimitOutcome {
    let refused = kept.refused.into_iter().find(|(of, _)| *of == subject);
    let found = refused.map(|(_, why)| LimitFound::Refused(why));
    LimitOutcome { router: nas.config.name.clone(), subject, wanted, found, commands: kept.commands }
}

fn of_wanted(wanted: &WantedLimit) -> Value {
    let RateLimit { up_bps, down_bps } = wanted.rate;
    let (session, until_us, lasts_until_us) = match wanted.until {
        LimitUntil::Session(no) => (Some(no), None, None),
        LimitUntil::At(at) => (None, Some(at.0), None),
        LimitUntil::Lasting(until) => (None, None, Some(until.0)),
        LimitUntil::Removed => (None, None, None),
    };
    json!({
        "up_bps": up_bps,
        "down_bps": down_bps,
        "session": session,
        "until_us": until_us,
        "lasts_until_us": lasts_until_us,
    })
}
