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

/// A change that is only thought of, but for one that is only asked about.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Leave,
    About(Subject),
    Set(Subject, Limit),
    Remove(Subject),
    All(Vec<Change>),
}

#[derive(Serialize, Deserialize)]
struct Limit {
    nas: i64,
    up_bps: Option<u64>,
    down_bps: Option<u64>,
    session: Option<u64>,
    until_us: Option<i64>,
    lasts_until_us: Option<i64>,
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
    refused: Vec<(Subject, String)>,
    ours: usize,
    stays: Option<String>,
}

pub(super) fn of_change(change: Option<&LimitChange>) -> Json {
    json(change.map(told))
}

fn told(change: &LimitChange) -> Change {
    match change {
        LimitChange::Leave => Change::Leave,
        LimitChange::About(subject) => Change::About(of_subject(subject)),
        LimitChange::Set(limit) => Change::Set(of_subject(&limit.subject), of_limit(limit)),
        LimitChange::Remove(subject) => Change::Remove(of_subject(subject)),
        LimitChange::All(changes) => Change::All(changes.iter().map(told).collect()),
    }
}

/// `None`: it makes no sense; the inner one: nothing is to change.
pub(super) fn change(value: &Json) -> Option<Option<LimitChange>> {
    let told: Option<Change> = serde_json::from_value(value.clone()).ok()?;
    match told {
        None => Some(None),
        Some(told) => heard(told).map(Some),
    }
}

fn heard(told: Change) -> Option<LimitChange> {
    Some(match told {
        Change::Leave => LimitChange::Leave,
        Change::About(subject) => LimitChange::About(self::subject(subject)?),
        Change::Set(subject, limit) => LimitChange::Set(self::limit(self::subject(subject)?, limit)),
        Change::Remove(subject) => LimitChange::Remove(self::subject(subject)?),
        Change::All(changes) => LimitChange::All(changes.into_iter().map(heard).collect::<Option<_>>()?),
    })
}

pub(super) fn of_kept(kept: LimitsKept) -> Json {
    let LimitsKept { commands, found, refused, ours, stays } = kept;
    let found = found.into_iter().map(|(subject, found)| (of_subject(&subject), of_found(found))).collect();
    let refused = refused.into_iter().map(|(subject, why)| (of_subject(&subject), why)).collect();
    json(Kept { commands, found, refused, ours, stays })
}

pub(super) fn kept(value: &Json) -> Option<LimitsKept> {
    let Kept { commands, found, refused, ours, stays } = serde_json::from_value(value.clone()).ok()?;
    let found = found.into_iter().map(|(subject, found)| Some((self::subject(subject)?, self::found(found))));
    let refused = refused.into_iter().map(|(subject, why)| Some((self::subject(subject)?, why)));
    let (found, refused) = (found.collect::<Option<_>>()?, refused.collect::<Option<_>>()?);
    Some(LimitsKept { commands, found, refused, ours, stays })
}

fn of_subject(subject: &LimitSubject) -> Subject {
    let (kind, name) = subject.parts();
    Subject { kind: kind.to_owned(), name: name.to_vec() }
}

fn subject(Subject { kind, name }: Subject) -> Option<LimitSubject> {
    LimitSubject::from_parts(&kind, name)
}

fn of_limit(limit: &WantedLimit) -> Limit {
    let (session, until_us, lasts_until_us) = match limit.until {
        LimitUntil::Session(no) => (Some(no), None, None),
        LimitUntil::At(at) => (None, Some(at.0), None),
        LimitUntil::Lasting(until) => (None, None, Some(until.0)),
        LimitUntil::Removed => (None, None, None),
    };
    let (RateLimit { up_bps, down_bps }, set_by) = (limit.rate, limit.set_by.clone());
    let (nas, set_at_us) = (limit.nas.0, limit.set_at.0);
    Limit { nas, up_bps, down_bps, session, until_us, lasts_until_us, set_by, set_at_us }
}

fn limit(subject: LimitSubject, limit: Limit) -> WantedLimit {
    let Limit { nas, up_bps, down_bps, session, until_us, lasts_until_us, set_by, set_at_us } = limit;
    let until = match (session, until_us, lasts_until_us) {
        (Some(no), ..) => LimitUntil::Session(no),
        (None, Some(at), _) => LimitUntil::At(Micros(at)),
        (None, None, Some(until)) => LimitUntil::Lasting(Micros(until)),
        (None, None, None) => LimitUntil::Removed,
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
            Some(LimitChange::About(subject.clone())),
            Some(LimitChange::Remove(subject.clone())),
            Some(LimitChange::Set(limit.clone())),
            Some(LimitChange::All(vec![
                LimitChange::Remove(subject.clone()),
                LimitChange::Set(limit.clone()),
            ])),
            Some(LimitChange::Set(WantedLimit { until: LimitUntil::At(Micros(5)), ..limit.clone() })),
            Some(LimitChange::Set(WantedLimit { until: LimitUntil::Lasting(Micros(5)), ..limit.clone() })),
            Some(LimitChange::Set(WantedLimit { until: LimitUntil::Removed, ..limit })),
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
        let refused = vec![(subject, "another has the name".to_owned())];
        let told = LimitsKept {
            commands: vec!["/queue/simple/add".to_owned()],
            found,
            refused,
            ours: 4,
            stays: Some("it does".to_owned()),
        };
        assert_eq!(kept(&of_kept(told.clone())), Some(told));
    }
}
