//! Limits towards clients.

use operations::{LimitFound, LimitView, found_for_people};
use store::{LimitUntil, WantedLimit};

use crate::api::model::limit::{Limit, LimitOutcome, LimitState};
use crate::api::model::name::Name;

pub(super) fn outcome(of: operations::LimitOutcome, dry_run: bool) -> LimitOutcome {
    let (kind, subject) = of.subject.parts();
    let told = match (&of.found, dry_run) {
        (Some(LimitFound::Refused(why)), true) => format!("Nothing was sent. It would be refused: {why}."),
        (_, true) => "Nothing was sent; the commands are those that would be.".to_owned(),
        (Some(found), false) => found_for_people(found),
        (None, false) => {
            "None is wanted any more, and none of ours is known to stand on the router.".to_owned()
        }
    };
    LimitOutcome {
        router: of.router,
        kind: kind.to_owned(),
        subject: Name::from(subject),
        state: of.found.as_ref().map(state),
        told,
        commands: of.commands,
    }
}

pub(super) fn limit(view: LimitView) -> Limit {
    let LimitView { router, wanted, is_planned, seen } = view;
    let WantedLimit { subject, rate, until, set_by, set_at, .. } = wanted;
    let (kind, name) = subject.parts();
    let (session, until) = match until {
        LimitUntil::Session(no) => (Some(no), None),
        LimitUntil::At(at) | LimitUntil::Lasting(at) => (None, Some(at.into())),
        LimitUntil::Removed => (None, None),
    };
    let as_of = seen.as_ref().map(|(at, _)| (*at).into());
    let (state, told) = match seen {
        Some((_, Ok(found))) => (Some(state(&found)), found_for_people(&found)),
        Some((_, Err(why))) => (None, format!("It is not known how it stands: {why}.")),
        None => (None, "This process has not looked at the router since it was set.".to_owned()),
    };
    Limit {
        router,
        kind: kind.to_owned(),
        subject: Name::from(name),
        up_bps: rate.up_bps,
        down_bps: rate.down_bps,
        session,
        until,
        is_planned,
        set_by,
        set_at: set_at.into(),
        state,
        told,
        as_of,
    }
}

fn state(found: &LimitFound) -> LimitState {
    match found {
        LimitFound::Away => LimitState::Away,
        LimitFound::Free => LimitState::Free,
        LimitFound::Set(_) => LimitState::Set,
        LimitFound::WithoutEffect(_) => LimitState::WithoutEffect,
        LimitFound::Refused(_) => LimitState::Refused,
    }
}
