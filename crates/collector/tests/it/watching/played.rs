//! A desk and a router by hand, played in a time of their own: for what must hold for minutes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use collector::monitor::{Desk, Said};
use operations::{RateReading, Standing, Watch, Watched};
use routeros_proto::{Command, Decoder, Limits, Reply, ReplyWriter, Request, Tagged};
use tokio::time::Instant;
use uuid::Uuid;

/// More turns than these at one moment are none that end.
const MOST_TURNS: usize = 50;
const REFUSED: &str = "input does not match any value of interface";

/// What the router does.
#[derive(Debug, Default)]
pub(super) struct Router {
    /// Interfaces of PPPoE sessions, by login.
    pub(super) sessions: BTreeMap<String, String>,
    pub(super) refuses_looks: bool,
    pub(super) is_mute_to_looks: bool,
    /// Interfaces for which it refuses a whole list.
    pub(super) refused: BTreeSet<String>,
    pub(super) refuses_all: bool,
    /// Tag and interfaces of the running command.
    running: Option<(Vec<u8>, Vec<String>)>,
    seconds: u64,
}

pub(super) struct Played {
    pub(super) desk: Desk,
    pub(super) router: Router,
    pub(super) now: Instant,
    begin: Instant,
    replies: Tagged,
    wanted: Vec<Watch>,
    /// Commands that were sent, and when.
    pub(super) sent: Vec<(Duration, String)>,
    /// What was told, and when.
    pub(super) said: Vec<(Duration, Said)>,
}

impl Played {
    pub(super) fn new(router: Router) -> Played {
        let (now, replies) = (Instant::now(), Tagged::new());
        let (wanted, sent, said) = (Vec::new(), Vec::new(), Vec::new());
        Played { desk: Desk::default(), router, now, begin: now, replies, wanted, sent, said }
    }

    pub(super) fn watch(&mut self, watched: Watched) -> Uuid {
        let customer = Uuid::from_u128(self.wanted.len() as u128 + 1);
        self.wanted.push(Watch { customer, watched });
        let said = self.desk.want(&self.wanted);
        self.note(said);
        customer
    }

    /// Lets time pass; `each` comes before each second.
    pub(super) fn pass(&mut self, seconds: u64, mut each: impl FnMut(&mut Played)) {
        for _ in 0..seconds {
            let end = self.now + Duration::from_secs(1);
            each(self);
            self.run_until(end);
            let rows = self.router.sample();
            self.take(&rows);
        }
    }

    pub(super) fn since_begin(&self) -> Duration {
        self.now - self.begin
    }

    /// The most commands that were sent within a minute.
    pub(super) fn most_in_a_minute(&self) -> usize {
        let within = |from: Duration| {
            self.sent.iter().filter(move |(at, _)| *at >= from && *at < from + Duration::from_secs(60))
        };
        self.sent.iter().map(|(from, _)| within(*from).count()).max().unwrap_or(0)
    }

    /// When commands of that path were sent.
    pub(super) fn sent_at(&self, path: &str) -> Vec<Duration> {
        self.sent.iter().filter(|(_, sent)| sent == path).map(|(at, _)| *at).collect()
    }

    /// What was read of somebody, and when.
    pub(super) fn readings(&self, customer: Uuid) -> Vec<(Duration, &RateReading)> {
        let told = self.said.iter().filter_map(|(at, said)| match said {
            Said::Read(readings) => Some((*at, readings)),
            Said::Stands(..) => None,
        });
        let theirs = |reading: &&RateReading| reading.customer == customer;
        told.filter_map(|(at, readings)| Some((at, readings.iter().find(theirs)?))).collect()
    }

    /// How somebody is said to stand, and since when, by what came last.
    pub(super) fn standing(&self, customer: Uuid) -> Option<(Duration, &Standing)> {
        self.said.iter().rev().find_map(|(at, said)| match said {
            Said::Stands(id, standing) if *id == customer => Some((*at, standing)),
            _ => None,
        })
    }

    fn run_until(&mut self, end: Instant) {
        let mut turns = 0;
        while self.now < end {
            let mut out = Vec::new();
            let said = self.desk.step(self.now, &mut self.replies, &mut out);
            self.note(said);
            let answers = out.iter().flat_map(|command| self.answer(command)).collect::<Vec<u8>>();
            self.take(&answers);
            let due = self.desk.due(self.now).map_or(end, |due| due.min(end));
            turns = if due <= self.now { turns + 1 } else { 0 };
            assert!(turns < MOST_TURNS, "it is due again and again, and does nothing");
            self.now = self.now.max(due);
        }
    }

    fn answer(&mut self, command: &Command) -> Vec<u8> {
        let mut bytes = Vec::new();
        command.encode(&mut bytes);
        self.sent.push((self.since_begin(), command.path().to_owned()));
        let mut decoder = decoder(&bytes);
        let request = Request::parse(decoder.next().unwrap().unwrap()).unwrap();
        self.router.answer(&request)
    }

    fn take(&mut self, bytes: &[u8]) {
        let mut decoder = decoder(bytes);
        while let Some(sentence) = decoder.next().unwrap() {
            let (tag, event) = self.replies.accept(Reply::parse(sentence));
            let said = tag.and_then(|tag| self.desk.accept(tag, &event, self.now));
            self.note(said.unwrap_or_default());
        }
    }

    fn note(&mut self, said: Vec<Said>) {
        let at = self.since_begin();
        self.said.extend(said.into_iter().map(|said| (at, said)));
    }
}

fn decoder(bytes: &[u8]) -> Decoder {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(bytes);
    decoder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

impl Router {
    fn answer(&mut self, request: &Request<'_>) -> Vec<u8> {
        let (mut out, tag) = (Vec::new(), request.tag());
        let path = text(request.path());
        match path.as_str() {
            "/interface/monitor-traffic" => return self.begin(request),
            "/cancel" => {
                let which = request.get(b"tag").unwrap();
                if let Some((running, _)) = self.running.take_if(|(running, _)| *running == which) {
                    ReplyWriter::trap(&mut out, Some(&running), Some(2), "interrupted").finish();
                    ReplyWriter::done(&mut out, Some(&running)).finish();
                }
            }
            "/system/resource/print" => row(&mut out, tag, &[("cpu-load", "7")]),
            "/interface/print" => self.counters(request, &mut out),
            _ if self.is_mute_to_looks => return out,
            _ if self.refuses_looks => {
                ReplyWriter::trap(&mut out, tag, None, "not enough permissions (9)").finish();
            }
            "/interface/pppoe-server/print" => {
                for (login, interface) in &self.sessions {
                    let columns = [
                        ("name", interface.as_str()),
                        ("user", login),
                        ("uptime", "1d"),
                        ("dynamic", "true"),
                    ];
                    row(&mut out, tag, &columns);
                }
            }
            _ => {}
        }
        ReplyWriter::done(&mut out, tag).finish();
        out
    }

    fn begin(&mut self, request: &Request<'_>) -> Vec<u8> {
        let (mut out, tag) = (Vec::new(), request.tag());
        let names: Vec<String> =
            text(request.get(b"interface").unwrap()).split(',').map(str::to_owned).collect();
        if self.refuses_all || names.iter().any(|name| self.refused.contains(name)) {
            ReplyWriter::trap(&mut out, tag, Some(1), REFUSED).finish();
            ReplyWriter::done(&mut out, tag).finish();
            return out;
        }
        self.running = Some((tag.unwrap().to_vec(), names));
        out
    }

    /// Each of the interfaces that are asked for; their counters grow by 1,000 octets a second.
    fn counters(&self, request: &Request<'_>, out: &mut Vec<u8>) {
        let octets = (self.seconds * 1_000).to_string();
        let names = request.queries().filter_map(|word| word.strip_prefix(b"?name=")).map(text);
        for (number, name) in (1..).zip(names) {
            let id = format!("*{number:X}");
            let columns = [(".id", id.as_str()), ("name", &name), ("rx-byte", &octets), ("tx-byte", &octets)];
            row(out, request.tag(), &columns);
        }
    }

    /// A second has passed. What it measures it goes on to measure, whether the interface is there or not.
    fn sample(&mut self) -> Vec<u8> {
        self.seconds += 1;
        let (mut out, section) = (Vec::new(), self.seconds.to_string());
        let lines = self.running.iter().flat_map(|(tag, names)| names.iter().map(move |name| (tag, name)));
        for (tag, name) in lines {
            let name = ("name", name.as_str());
            let rates = [("rx-bits-per-second", "8000"), ("tx-bits-per-second", "8000")];
            row(&mut out, Some(tag), &[name, rates[0], rates[1], (".section", &section)]);
        }
        out
    }
}

fn row(out: &mut Vec<u8>, tag: Option<&[u8]>, columns: &[(&str, &str)]) {
    let mut row = ReplyWriter::row(out, tag);
    for (name, value) in columns {
        row.attribute(name.as_bytes(), value.as_bytes());
    }
    row.finish();
}
