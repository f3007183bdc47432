//! Keeping limits as JSON between two processes of one version.

use accounting::time::Micros;
use operations::{LimitChange, LimitFound, LimitsKept, NoEffect};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{LimitSubject, LimitUntil, NasId, RateLimit, WantedLimit};

#[derive(Serialize, Deserialize)]
struct Subject {
    kind: String,
    name: Vec<u8>,
}

/// A change that is only thought of; one without a limit removes it.
#[derive(Serialize, Deserialize)]
struct Change {
    subject: Subject,
    limit: Option<Limit>,
}

#[derive(Serialize, Deserialize)]
struct Limit {
    nas: i64,
    up_bps: Option<u64>,
    down_bps: Option<u64>,
    session: Option<u64>,
    until_us: Option<i64>,
    set_by: String,
    set_at_us: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Found {
    Away,
    Free,
    Set { up_bps: Option<u64>, down_bps: Option<u64> },
    FastTrack,
    Behind { queue: Vec<u8>, dynamic: bool },
    MayBeBehind { queue: Vec<u8> },
    MayMatch { queue: Vec<u8> },
    PartBehind { queue: Vec<u8> },
    Refused(String),
}

#[derive(Serialize, Deserialize)]
struct Kept {
    commands: Vec<String>,
    found: Vec<(Subject, Found)>,
    ours: usize,
    stays: Option<String>,
}

/// The one that is made.
const LEAVE: &str = "leave";

pub(super) fn of_change(change: Option<&LimitChange>) -> Json {
    let told = change.map(|change| match change {
        LimitChange::Leave => json(LEAVE),
        LimitChange::Set(limit) => {
            json(Change { subject: of_subject(&limit.subject), limit: Some(of_limit(limit)) })
        }
        LimitChange::Remove(subject) => json(Change { subject: of_subject(subject), limit: None }),
    });
    told.unwrap_or(Json::Null)
}

/// `None`: it makes no sense; the inner one: nothing is to change.
pub(super) fn change(value: &Json) -> Option<Option<LimitChange>> {
    if value == LEAVE {
        return Some(Some(LimitChange::Leave));
    }
    let told: Option<Change> = serde_json::from_value(value.clone()).ok()?;
    let Some(Change { subject, limit }) = told else { return Some(None) };
    let subject = self::subject(subject)?;
    Some(Some(match limit {
        Some(limit) => LimitChange::Set(self::limit(subject, limit)),
        None => LimitChange::Remove(subject),
    }))
}

pub(super) fn of_kept(kept: LimitsKept) -> Json {
    let found = kept.found.into_iter().map(|(subject, found)| (of_subject(&subject), of_found(found)));
    json(Kept { commands: kept.commands, found: found.collect(), ours: kept.ours, stays: kept.stays })
}

pub(super) fn kept(value: &Json) -> Option<LimitsKept> {
    let Kept { commands, found, ours, stays } = serde_json::from_value(value.clone()).ok()?;
    let found = found.into_iter().map(|(subject, found)| Some((self::subject(subject)?, self::found(found))));
    Some(LimitsKept { commands, found: found.collect::<Option<_>>()?, ours, stays })
}

fn of_subject(subject: &LimitSubject) -> Subject {
    let (kind, name) = subject.parts();
    Subject { kind: kind.to_owned(), name: name.to_vec() }
}

fn subject(Subject { kind, name }: Subject) -> Option<LimitSubject> {
    LimitSubject::from_parts(&kind, name)
}

fn of_limit(limit: &WantedLimit) -> Limit {
    let (session, until_us) = match limit.until {
        LimitUntil::Session(no) => (Some(no), None),
        LimitUntil::At(at) => (None, Some(at.0)),
        LimitUntil::Removed => (None, None),
    };
    let (RateLimit { up_bps, down_bps }, set_by) = (limit.rate, limit.set_by.clone());
    Limit { nas: limit.nas.0, up_bps, down_bps, session, until_us, set_by, set_at_us: limit.set_at.0 }
}

fn limit(subject: LimitSubject, limit: Limit) -> WantedLimit {
    let Limit { nas, up_bps, down_bps, session, until_us, set_by, set_at_us } = limit;
    let until = match (session, until_us) {
        (Some(no), _) => LimitUntil::Session(no),
        (None, Some(at)) => LimitUntil::At(Micros(at)),
        (None, None) => LimitUntil::Removed,
    };
    let rate = RateLimit { up_bps, down_bps };
    WantedLimit { nas: NasId(nas), subject, rate, until, set_by, set_at: Micros(set_at_us) }
}

fn of_found(found: LimitFound) -> Found {
    match found {
        LimitFound::Away => Found::Away,
        LimitFound::Free => Found::Free,
        LimitFound::Set(RateLimit { up_bps, down_bps }) => Found::Set { up_bps, down_bps },
        LimitFound::WithoutEffect(NoEffect::FastTrack) => Found::FastTrack,
        LimitFound::WithoutEffect(NoEffect::Behind { queue, dynamic }) => Found::Behind { queue, dynamic },
        LimitFound::WithoutEffect(NoEffect::MayBeBehind { queue }) => Found::MayBeBehind { queue },
        LimitFound::WithoutEffect(NoEffect::MayMatch { queue }) => Found::MayMatch { queue },
        LimitFound::WithoutEffect(NoEffect::PartBehind { queue }) => Found::PartBehind { queue },
        LimitFound::Refused(why) => Found::Refused(why),
    }
}

fn found(found: Found) -> LimitFound {
    match found {
        Found::Away => LimitFound::Away,
        Found::Free => LimitFound::Free,
        Found::Set { up_bps, down_bps } => LimitFound::Set(RateLimit { up_bps, down_bps }),
        Found::FastTrack => LimitFound::WithoutEffect(NoEffect::FastTrack),
        Found::Behind { queue, dynamic } => LimitFound::WithoutEffect(NoEffect::Behind { queue, dynamic }),
        Found::MayBeBehind { queue } => LimitFound::WithoutEffect(NoEffect::MayBeBehind { queue }),
        Found::MayMatch { queue } => LimitFound::WithoutEffect(NoEffect::MayMatch { queue }),
        Found::PartBehind { queue } => LimitFound::WithoutEffect(NoEffect::PartBehind { queue }),
        Found::Refused(why) => LimitFound::Refused(why),
    }
}

fn json(plain: impl Serialize) -> Json {
    serde_json::to_value(plain).expect("plain names and numbers are always JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_heard() {
        let subject = LimitSubject::Ppp(b"an\xff".to_vec());
        let limit = WantedLimit {
            nas: NasId(7),
            subject: subject.clone(),
            rate: RateLimit { up_bps: Some(5), down_bps: None },
            until: LimitUntil::Session(3),
            set_by: "eva".to_owned(),
            set_at: Micros(-1),
        };
        for told in [
            None,
            Some(LimitChange::Leave),
            Some(LimitChange::Remove(subject.clone())),
            Some(LimitChange::Set(limit)),
        ] {
            assert_eq!(change(&of_change(told.as_ref())), Some(told));
        }
        let all = [
            LimitFound::Away,
            LimitFound::Free,
            LimitFound::Set(RateLimit { up_bps: None, down_bps: Some(1) }),
            LimitFound::WithoutEffect(NoEffect::FastTrack),
            LimitFound::WithoutEffect(NoEffect::Behind { queue: b"q\xfe".to_vec(), dynamic: true }),
            LimitFound::WithoutEffect(NoEffect::MayBeBehind { queue: b"q".to_vec() }),
            LimitFound::WithoutEffect(NoEffect::MayMatch { queue: b"q".to_vec() }),
            LimitFound::WithoutEffect(NoEffect::PartBehind { queue: b"q".to_vec() }),
            LimitFound::Refused("no".to_owned()),
        ];
        let found = all.into_iter().map(|found| (subject.clone(), found)).collect();
        let told = LimitsKept {
            commands: vec!["/queue/simple/add".to_owned()],
            found,
            ours: 4,
            stays: Some("it does".to_owned()),
        };
        assert_eq!(kept(&of_kept(told.clone())), Some(told));
    }
}
