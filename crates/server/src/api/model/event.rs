//! What programs are told over Redis, as JSON. A field that has nothing to say is left out.
//!
//! It is written by hand: there are three hundred bytes for each session of each round, and most are the names of fields.

use std::io::Write as _;

use accounting::Octets;
use accounting::ledger::Unseen;
use operations::name_to_text;
use serde::Serialize;
use store::{Event, EventBody, EventSession, RoundNews, SessionStep, UsageLine, Who};

/// Of the fields of entries and their data; a field that is added does not change it.
pub const VERSION: u32 = 1;

/// The field `type` of the entry.
pub fn kind(event: &Event) -> &'static str {
    match event.body {
        EventBody::Round { .. } => "round",
        EventBody::Lost { .. } => "lost",
    }
}

/// Appends the field `data` of the entry.
pub fn write_data(event: &Event, out: &mut Vec<u8>) {
    let mut data = Object::begin(out);
    match &event.body {
        EventBody::Lost { from } => {
            data.put("from_seq", from);
            data.put("to_seq", &event.seq);
        }
        EventBody::Round { news, usage, sessions } => {
            data.put("poll_seq", &news.poll_seq);
            data.list("usage", news.usage.iter().zip(usage), |one, (line, who)| used(one, line, who));
            data.list("sessions", steps(news, sessions), |one, (no, step, who, session)| {
                about(one, who);
                one.put("session", &no);
                stepped(one, step);
                session.iter().for_each(|session| facts(one, session));
                ended(one, step);
            });
        }
    }
    data.end();
}

/// A session's number within the router, what happened to it, and what is known of it.
type Step<'e> = (u64, SessionStep, &'e Who, Option<&'e EventSession>);

fn steps<'e>(
    news: &'e RoundNews,
    sessions: &'e [(Who, Option<EventSession>)],
) -> impl Iterator<Item = Step<'e>> {
    let steps = news.sessions.iter().zip(sessions);
    steps.map(|((no, step), (who, session))| (*no, *step, who, session.as_ref()))
}

/// What one reading added to an entry of the ledger: upload is what the router received from the subscriber.
fn used(one: &mut Object<'_>, line: &UsageLine, who: &Who) {
    let Octets { input, output } = line.added;
    one.append(who.words.or_make(|| words(who)));
    one.put_known("session", line.session);
    one.put("reason", line.reason.as_str());
    one.put("upload_octets", &input);
    one.put("download_octets", &output);
    one.put("posted", &line.posted);
    one.put("from_us", &line.from.0);
    one.put("to_us", &line.to.0);
    one.put("bucket", &line.bucket);
    one.put("no", &line.no);
    if let Some(Unseen { micros, upper_octets }) = line.unseen {
        let mut unobserved = one.object("unobserved");
        unobserved.put_known("micros", micros);
        unobserved.put_known("upper_octets", upper_octets);
        unobserved.end();
    }
}

/// Whose a line is, without the braces: most lines of a round are about somebody of the round before.
fn words(who: &Who) -> Box<[u8]> {
    let mut out = Vec::new();
    about(&mut Object::begin(&mut out), who);
    out.split_off(1).into()
}

/// Whose.
fn about(one: &mut Object<'_>, who: &Who) {
    if let Some((kind, name)) = &who.login {
        one.put("kind", kind.as_str());
        one.put("username", &*name_to_text(name));
    }
    if let Some(subscriber) = &who.subscriber {
        one.put("subscriber", &*subscriber.username);
        one.put("subscriber_id", &*subscriber.id.hyphenated().encode_lower(&mut [0; 36]));
        one.put_known("subscriber_name", subscriber.name.as_deref());
        one.put_known("cycle", subscriber.cycle);
    }
    if let Some(id) = who.acct_session_id {
        // As the router prints a session-id.
        one.name("acct_session_id");
        write!(one.out, "\"0x{id:08X}\"").expect(INFALLIBLE);
    }
}

fn stepped(one: &mut Object<'_>, step: SessionStep) {
    let step = match step {
        SessionStep::Started => "started",
        SessionStep::Missing => "missing",
        SessionStep::Returned => "returned",
        SessionStep::Ended { .. } => "ended",
    };
    one.put("step", step);
}

fn facts(one: &mut Object<'_>, session: &EventSession) {
    one.put("service", &*session.service);
    let ends =
        [("calling_station_id", &session.calling_station_id), ("framed_address", &session.framed_address)];
    for (name, bytes) in ends.into_iter().filter(|(_, bytes)| !bytes.is_empty()) {
        one.put(name, &*name_to_text(bytes));
    }
    one.put("started_us", &session.started_at.0);
}

/// The last instant it is known alive, and Acct-Terminate-Cause of RFC 2866 where it is known.
fn ended(one: &mut Object<'_>, step: SessionStep) {
    if let SessionStep::Ended { last_seen_at, cause } = step {
        one.put("last_seen_us", &last_seen_at.0);
        one.put_known("cause", cause);
    }
}

const INFALLIBLE: &str = "plain strings and numbers are always JSON, and memory takes them";

/// An object that is being written.
struct Object<'o> {
    out: &'o mut Vec<u8>,
    is_empty: bool,
}

impl Object<'_> {
    fn begin(out: &mut Vec<u8>) -> Object<'_> {
        out.push(b'{');
        Object { out, is_empty: true }
    }

    fn end(self) {
        self.out.push(b'}');
    }

    /// Names have nothing that would have to be escaped.
    fn name(&mut self, name: &'static str) {
        self.out.extend_from_slice(if self.is_empty { b"\"" } else { b",\"" });
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.is_empty = false;
    }

    /// Fields that are written already.
    fn append(&mut self, fields: &[u8]) {
        if !fields.is_empty() {
            self.out.extend_from_slice(if self.is_empty { b"" } else { b"," });
            self.out.extend_from_slice(fields);
            self.is_empty = false;
        }
    }

    fn put(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) {
        self.name(name);
        serde_json::to_writer(&mut *self.out, value).expect(INFALLIBLE);
    }

    fn put_known(&mut self, name: &'static str, value: Option<impl Serialize>) {
        value.iter().for_each(|value| self.put(name, value));
    }

    fn object(&mut self, name: &'static str) -> Object<'_> {
        self.name(name);
        Object::begin(self.out)
    }

    fn list<T>(
        &mut self,
        name: &'static str,
        items: impl Iterator<Item = T>,
        write: impl Fn(&mut Object<'_>, T),
    ) {
        self.name(name);
        self.out.push(b'[');
        for (nth, item) in items.enumerate() {
            if nth > 0 {
                self.out.push(b',');
            }
            let mut one = Object::begin(self.out);
            write(&mut one, item);
            one.end();
        }
        self.out.push(b']');
    }
}
