//! What programs are told over Redis. A field that has nothing to say is left out.

use std::borrow::Cow;

use accounting::Octets;
use operations::name_to_text;
use serde::{Serialize, Serializer};
use store::{Event, EventBody, RoundNews, SessionStep, UsageLine, Who};
use uuid::Uuid;

use super::login_kind::LoginKind;

/// Of the fields of entries and their data; a field that is added does not change it.
pub const VERSION: u32 = 1;

/// The field `data` of an entry.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Data<'e> {
    /// `round`: one reading of a router in which something happened.
    Round {
        /// Which snapshot of the router it was.
        poll_seq: u64,
        /// What was used.
        usage: Vec<Usage<'e>>,
        /// Sessions that came, went or were missing.
        sessions: Vec<Session<'e>>,
    },
    /// `lost`: events of the router that could not be told in time and are gone.
    Lost {
        /// The first of them.
        from_seq: u64,
        /// The last of them.
        to_seq: u64,
    },
}

/// What one reading added to an entry of the ledger.
#[derive(Debug, Serialize)]
pub struct Usage<'e> {
    #[serde(flatten)]
    who: Subject<'e>,
    /// Number of the cycle of that subscriber that it counts into; there is none while it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    cycle: Option<u32>,
    /// Why: `grew`, `session_start`...
    reason: &'static str,
    /// Octets received from the subscriber.
    upload_octets: u64,
    /// Octets sent to the subscriber.
    download_octets: u64,
    /// False: held, in no total until somebody decides.
    posted: bool,
    /// When the counter was read before: microseconds since 1970 UTC.
    from_us: i64,
    /// When it was read after; the octets belong to this instant.
    to_us: i64,
    /// Number of the entry's 15-minute bucket.
    bucket: i64,
    /// The entry's number within the router.
    no: u64,
    /// What was not seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    unobserved: Option<Unobserved>,
}

/// Whose.
#[derive(Debug, Serialize)]
pub struct Subject<'e> {
    /// What the login is a login to.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<LoginKind>,
    /// The login as the router gave it; none: nobody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<Cow<'e, str>>,
    /// Username of the subscriber.
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriber: Option<&'e str>,
    /// Their id.
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriber_id: Option<Uuid>,
    /// Their name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriber_name: Option<&'e str>,
    /// The session's number within the router.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<u64>,
    /// Acct-Session-Id as the router prints a session-id.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_the_router_prints_it")]
    acct_session_id: Option<u64>,
}

/// A stretch that was not seen.
#[derive(Debug, Serialize)]
pub struct Unobserved {
    /// How long; not known without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    micros: Option<u64>,
    /// How many octets can have passed at most, both directions together; unbounded without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    upper_octets: Option<u64>,
}

/// What happened to a session.
#[derive(Debug, Serialize)]
pub struct Session<'e> {
    #[serde(flatten)]
    who: Subject<'e>,
    /// `started`, `missing`, `returned` or `ended`.
    step: &'static str,
    /// What carried it.
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'e str>,
    /// MAC or address of the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    calling_station_id: Option<Cow<'e, str>>,
    /// The address it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    framed_address: Option<Cow<'e, str>>,
    /// When it began: microseconds since 1970 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    started_us: Option<i64>,
    /// The last instant it is known alive, once it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen_us: Option<i64>,
    /// Acct-Terminate-Cause of RFC 2866 where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<u8>,
}

impl<'e> Data<'e> {
    /// Of an event.
    pub fn of(event: &'e Event) -> Self {
        match &event.body {
            EventBody::Lost { from } => Data::Lost { from_seq: *from, to_seq: event.seq },
            EventBody::Round { news, usage, sessions } => Data::Round {
                poll_seq: news.poll_seq,
                usage: news.usage.iter().zip(usage).map(|(line, who)| Usage::of(line, who)).collect(),
                sessions: stepped(news, sessions),
            },
        }
    }

    /// The field `type` of the entry.
    pub fn kind(&self) -> &'static str {
        match self {
            Data::Round { .. } => "round",
            Data::Lost { .. } => "lost",
        }
    }
}

fn stepped<'e>(news: &RoundNews, sessions: &'e [Who]) -> Vec<Session<'e>> {
    let steps = news.sessions.iter().zip(sessions);
    steps.map(|((no, step), who)| Session::of(*no, *step, who)).collect()
}

impl<'e> Usage<'e> {
    fn of(line: &UsageLine, who: &'e Who) -> Self {
        let Octets { input, output } = line.added;
        Usage {
            who: Subject::of(line.session, who),
            cycle: who.subscriber.as_ref().and_then(|subscriber| subscriber.cycle),
            reason: line.reason.as_str(),
            upload_octets: input,
            download_octets: output,
            posted: line.posted,
            from_us: line.from.0,
            to_us: line.to.0,
            bucket: line.bucket,
            no: line.no,
            unobserved: line
                .unseen
                .map(|unseen| Unobserved { micros: unseen.micros, upper_octets: unseen.upper_octets }),
        }
    }
}

impl<'e> Session<'e> {
    fn of(no: u64, step: SessionStep, who: &'e Who) -> Self {
        let (step, last_seen_us, cause) = match step {
            SessionStep::Started => ("started", None, None),
            SessionStep::Missing => ("missing", None, None),
            SessionStep::Returned => ("returned", None, None),
            SessionStep::Ended { last_seen_at, cause } => ("ended", Some(last_seen_at.0), cause),
        };
        let session = who.session.as_deref();
        let address = |bytes: &'e [u8]| (!bytes.is_empty()).then(|| name_to_text(bytes));
        Session {
            who: Subject::of(Some(no), who),
            step,
            service: session.map(|session| &*session.service),
            calling_station_id: session.and_then(|session| address(&session.calling_station_id)),
            framed_address: session.and_then(|session| address(&session.framed_address)),
            started_us: session.map(|session| session.started_at.0),
            last_seen_us,
            cause,
        }
    }
}

impl<'e> Subject<'e> {
    fn of(session: Option<u64>, who: &'e Who) -> Self {
        let subscriber = who.subscriber.as_deref();
        Subject {
            kind: who.login.as_ref().map(|(kind, _)| (*kind).into()),
            username: who.login.as_ref().map(|(_, name)| name_to_text(name)),
            subscriber: subscriber.map(|subscriber| &*subscriber.username),
            subscriber_id: subscriber.map(|subscriber| subscriber.id),
            subscriber_name: subscriber.and_then(|subscriber| subscriber.name.as_deref()),
            session,
            acct_session_id: who.session.as_ref().and_then(|session| session.acct_session_id),
        }
    }
}

#[expect(clippy::ref_option, reason = "serde calls it so")]
fn as_the_router_prints_it<S: Serializer>(id: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => serializer.collect_str(&format_args!("0x{id:08X}")),
        None => serializer.serialize_none(),
    }
}
