//! What a connection that stands, or one that failed at some point, says of each step on the way.

use operations::{Check, CheckItem, CheckState};

use super::item::check;
use crate::link::LinkError;
use crate::link::error::{Closed, Deadline, Unreachable};

/// The steps in their order, with what is said of one that was passed.
const STEPS: [(CheckItem, &str); 4] = [
    (CheckItem::Reachable, "The host answers."),
    (CheckItem::Port, "The port answers."),
    (CheckItem::Tls, "TLS stands, and the certificate is the right one."),
    (CheckItem::Login, "The login works."),
];

/// What is looked at behind the login.
const BEHIND: [CheckItem; 7] = [
    CheckItem::Rights,
    CheckItem::Device,
    CheckItem::Version,
    CheckItem::Hotspot,
    CheckItem::Ppp,
    CheckItem::FastTrack,
    CheckItem::Clock,
];

/// All steps passed.
pub(super) fn succeeded(with_tls: bool) -> Vec<Check> {
    steps(with_tls).map(|(item, told)| check(item, CheckState::Ok, told)).collect()
}

/// All steps passed but the login, which nobody tried.
pub(super) fn reached(with_tls: bool) -> Vec<Check> {
    without_login(succeeded(with_tls))
}

/// As [`failed`], where no login was meant.
pub(super) fn not_reached(error: &LinkError, with_tls: bool) -> Vec<Check> {
    without_login(failed(error, with_tls))
}

fn without_login(checks: Vec<Check>) -> Vec<Check> {
    let way = [CheckItem::Reachable, CheckItem::Port, CheckItem::Tls];
    checks.into_iter().filter(|check| way.contains(&check.item)).collect()
}

/// The steps before the one that failed were passed; what comes after it could not be looked at.
pub(super) fn failed(error: &LinkError, with_tls: bool) -> Vec<Check> {
    let broken = step_of(error, with_tls);
    let before = steps(with_tls).take_while(|(item, _)| *item != broken);
    let mut checks: Vec<Check> = before.map(|(item, told)| check(item, CheckState::Ok, told)).collect();
    if no_answer(error) {
        // A host that is off and a port that is filtered look alike.
        checks.clear();
        checks.push(check(CheckItem::Reachable, CheckState::NotObserved, "Nothing answered at all."));
    }
    let told = match error {
        LinkError::Unreachable(_) if broken == CheckItem::Port => {
            format!("API disabled or filtered: {error}")
        }
        _ => error.to_string(),
    };
    checks.push(Check { refused: error.refused_certificate(), ..check(broken, CheckState::Failed, told) });
    let after = steps(with_tls).map(|(item, _)| item).skip_while(|item| *item != broken).skip(1);
    let unseen =
        |item| check(item, CheckState::NotObserved, "Not looked at: the connection did not get so far.");
    checks.extend(after.chain(BEHIND).map(unseen));
    checks
}

fn steps(with_tls: bool) -> impl Iterator<Item = (CheckItem, &'static str)> {
    STEPS.into_iter().filter(move |(item, _)| with_tls || *item != CheckItem::Tls)
}

fn step_of(error: &LinkError, with_tls: bool) -> CheckItem {
    match error {
        LinkError::Unreachable(
            Unreachable::NoName { .. } | Unreachable::Network { .. } | Unreachable::NotAllowed { .. },
        ) => CheckItem::Reachable,
        LinkError::Unreachable(_) => CheckItem::Port,
        LinkError::Insecure(_)
        | LinkError::Closed(Closed::DuringHandshake)
        | LinkError::TimedOut(Deadline::Handshake(_)) => CheckItem::Tls,
        LinkError::LoginRefused(_) => CheckItem::Login,
        // What answers is not a router's API, or not one that talks to us.
        _ if !with_tls => CheckItem::Port,
        _ => CheckItem::Login,
    }
}

fn no_answer(error: &LinkError) -> bool {
    matches!(error, LinkError::Unreachable(Unreachable::NoAnswer { .. }))
}
