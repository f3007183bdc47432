//! Setting, removing and listing speed limits.

use accounting::time::Micros;
use serde_json::{Value, json};
use store::{LimitSubject, LimitUntil, Nas, RateLimit, WantedLimit};

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
    /// How it stands, as the router showed it; `None` with a dry run, and where nothing is wanted.
    pub found: Option<LimitFound>,
    /// The commands that were sent to change something, or would be; word by word, in their order.
    pub commands: Vec<String>,
}

/// A limit that is wanted, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitView {
    /// The router.
    pub router: String,
    /// What is wanted.
    pub wanted: WantedLimit,
    /// How it stood when the router was looked at last, and when that was; `None` where this process has not looked.
    pub seen: Option<(Micros, Result<LimitFound, String>)>,
}

impl Operations {
    /// Wants a limit and sets it on the router now. Success means that the router showed it as wanted, or that nobody is there
    /// for whom it could be set yet; whether it has an effect is told. One that ends with the session ends with those that the
    /// router shows now, when the last of them is over.
    ///
    /// Where the router does not take it, what was wanted before is wanted again.
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
        let kept = self.commands.keep_limits(nas.clone(), None, false).await;
        self.judge_limit(actor, nas, wanted, before, kept).await
    }

    /// Wants none any more, and removes what is on the router for it. With none there it is a success too.
    pub async fn remove_limit(
        &self,
        actor: &str,
        router: Option<&str>,
        who: &LimitWho,
        dry_run: bool,
    ) -> Result<LimitOutcome, OperationError> {
        let (nas, subject) = self.limited(router, who).await?;
        if self.is_limited_by_voucher(nas.id, &subject).await? {
            // Were nothing wanted, the voucher's speed would be again.
            let (who, router, rate) = (who.clone(), Some(nas.config.name), RateLimit::default());
            let request = LimitRequest { who, router, rate, plan: None, until: None, dry_run };
            return self.set_limit(actor, request).await;
        }
        if dry_run {
            let change = LimitChange::Remove(subject.clone());
            let kept = self.commands.keep_limits(nas.clone(), Some(change), true).await?;
            return Ok(planned(&nas, subject, None, kept));
        }
        let act = self.limit_act(actor, "limit.remove", &nas, &subject, json!({}));
        let before = self.store.remove_limit(nas.id, subject.clone(), act).await?;
        if before.is_none() && !self.store.limited_routers().await?.contains(&nas.id) {
            return Ok(removed(&nas, subject, Vec::new()));
        }
        let kept = self.commands.keep_limits(nas.clone(), None, false).await?;
        self.note_kept(actor, &nas, &subject, &kept, None).await;
        match kept.stays {
            Some(why) => Err(OperationError::Router(RouterCommandError::Refused(why))),
            None => Ok(removed(&nas, subject, kept.commands)),
        }
    }

    /// What is wanted, of one router or of all.
    pub async fn list_limits(&self, router: Option<&str>) -> Result<Vec<LimitView>, OperationError> {
        let nas = match router {
            Some(router) => Some(self.nas(router).await?.id),
            None => None,
        };
        let routers = self.store.list_nas().await?;
        let view = |wanted: WantedLimit| {
            let router = routers.iter().find(|nas| nas.id == wanted.nas)?.config.name.clone();
            let seen = self.limits.of(wanted.nas).and_then(|seen| {
                let found = match seen.kept {
                    Ok(kept) => Ok(kept.of(&wanted.subject)?.clone()),
                    Err(why) => Err(why),
                };
                Some((seen.at, found))
            });
            Some(LimitView { router, wanted, seen })
        };
        Ok(self.store.limits(nas).await?.into_iter().filter_map(view).collect())
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
        Ok(request.until)
    }

    /// Whom a limit is wanted for, whether or not they are connected.
    async fn limited(
        &self,
        router: Option<&str>,
        who: &LimitWho,
    ) -> Result<(Nas, LimitSubject), OperationError> {
        let candidates: Vec<LimitSubject> = match who {
            LimitWho::Mac(mac) => vec![LimitSubject::Device(super::subject::mac(mac)?)],
            LimitWho::Login(login) => vec![LimitSubject::Ppp(login.clone())],
            LimitWho::Address(prefix) => vec![LimitSubject::Address(super::subject::address(prefix)?)],
        };
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

    async fn judge_limit(
        &self,
        actor: &str,
        nas: Nas,
        wanted: WantedLimit,
        before: Option<WantedLimit>,
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
            found => Ok(LimitOutcome {
                router: nas.config.name,
                subject,
                wanted: Some(wanted),
                found,
                commands: kept.commands,
            }),
        }
    }

    /// What was wanted before is wanted again, unless somebody wants something else by now.
    async fn want_again(
        &self,
        actor: &str,
        nas: &Nas,
        wanted: WantedLimit,
        before: Option<WantedLimit>,
    ) -> Result<(), OperationError> {
        let act = self.limit_act(actor, "limit.refused", nas, &wanted.subject, json!({}));
        Ok(self.store.undo_limit(wanted, before, act).await?)
    }

    async fn note_kept(
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

    fn limit_act(
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

const ENDED_MEANWHILE: &str = "their session, or the time of the limit, ended in the same moment, so that none is wanted any more; what \
    was set for it is taken away within seconds";
const UNTIL_WHEN: &str = "an address has no session that its limit could end with: say until when it holds, or that it holds until \
    it is removed. Nothing was changed";

fn removed(nas: &Nas, subject: LimitSubject, commands: Vec<String>) -> LimitOutcome {
    LimitOutcome { router: nas.config.name.clone(), subject, wanted: None, found: None, commands }
}

fn planned(nas: &Nas, subject: LimitSubject, wanted: Option<WantedLimit>, kept: LimitsKept) -> LimitOutcome {
    LimitOutcome { router: nas.config.name.clone(), subject, wanted, found: None, commands: kept.commands }
}

fn of_wanted(wanted: &WantedLimit) -> Value {
    let RateLimit { up_bps, down_bps } = wanted.rate;
    let (session, until_us) = match wanted.until {
        LimitUntil::Session(no) => (Some(no), None),
        LimitUntil::At(at) => (None, Some(at.0)),
        LimitUntil::Removed => (None, None),
    };
    json!({ "up_bps": up_bps, "down_bps": down_bps, "session": session, "until_us": until_us })
}
