//! `/interface/monitor-traffic` under way: a row for each interface and sample, with what passes a second
//! (routeros.md §2.6).

use std::time::Duration;

use routeros_proto::{ReplyWriter, Request, value};
use tokio::time::Instant;

use super::answer::{Answer, Complaint};
use crate::world::{BadMonitorName, FirstSample, Octets, VanishedInterface, World};

const ARGUMENTS: [&[u8]; 7] =
    [b".proplist", b"proplist", b"interface", b"once", b"interval", b"duration", b"freeze-frame-interval"];
/// Bounds of `interval`.
const INTERVALS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(5));
const USUAL_INTERVAL: Duration = Duration::from_secs(1);
/// An average packet of mixed traffic, in bits.
const BITS_PER_PACKET: u64 = 8 * 812;

/// One `monitor-traffic` of one connection.
pub(crate) struct Monitor {
    pub(crate) answer: Answer,
    watched: Vec<Watched>,
    properties: Option<Vec<Vec<u8>>>,
    interval: Duration,
    /// When it ends by itself.
    ends: Ends,
    /// When the next sample is taken, by the host's clock.
    pub(crate) due: Instant,
    section: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Never,
    Once,
    At(Instant),
}

/// An interface of the list: its row's place, what it was called, and how it stood at the last sample.
struct Watched {
    slot: u32,
    name: Vec<u8>,
    last: Option<(u64, Octets)>,
    /// Bits a second in the last sample: received, sent.
    rates: (u64, u64),
}

/// What became of a monitor with a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sampled {
    GoesOn,
    /// Its last sentence is said.
    Ended,
}

impl Monitor {
    /// Begins to monitor.
    ///
    /// # Errors
    /// What the router refuses: an interface that is not there, an argument it does not know.
    pub(crate) fn begin(world: &World, answer: Answer, request: &Request<'_>) -> Result<Self, Complaint> {
        if let Some((name, _)) = request.attributes().find(|(name, _)| !ARGUMENTS.contains(name)) {
            return Err((None, format!("unknown parameter {}", name.escape_ascii())));
        }
        let list = request.get(b"interface").ok_or_else(|| (None, "missing =interface=".to_owned()))?;
        let now = Instant::now();
        let duration = span(request, b"duration")?;
        let ends = match (request.get(b"once"), duration) {
            (Some(once), _) if once != b"false" => Ends::Once,
            (_, Some(duration)) => Ends::At(now + duration),
            (_, None) => Ends::Never,
        };
        let interval = span(request, b"interval")?.unwrap_or(USUAL_INTERVAL);
        if interval < INTERVALS.0 || interval > INTERVALS.1 {
            return Err((None, "value of interval out of range (00:00:00.020..00:00:05)".to_owned()));
        }
        let properties = request.proplist().map(|names| names.map(<[u8]>::to_vec).collect());
        Ok(Self { answer, watched: watched(world, list)?, properties, interval, ends, due: now, section: 0 })
    }

    /// Takes a sample if one is due.
    pub(crate) fn sample(&mut self, world: &World, now: Instant, out: &mut Vec<u8>) -> Sampled {
        if now < self.due {
            return Sampled::GoesOn;
        }
        let gone = self.watched.iter().any(|watched| !world.live_interfaces.contains(watched.slot));
        let vanished = world.device.switches.vanished_interface;
        match vanished {
            VanishedInterface::Traps if gone => {
                self.answer.failed(out, None, "no such item");
                return Sampled::Ended;
            }
            VanishedInterface::Ends if gone => {
                self.answer.done(out);
                return Sampled::Ended;
            }
            VanishedInterface::Silences if gone => {}
            _ => self.rows(world, vanished, out),
        }
        self.due = now + self.interval;
        self.section += 1;
        let over = match self.ends {
            Ends::Never => false,
            Ends::Once => true,
            Ends::At(end) => self.due > end,
        };
        if !over {
            return Sampled::GoesOn;
        }
        self.answer.done(out);
        Sampled::Ended
    }

    fn rows(&mut self, world: &World, vanished: VanishedInterface, out: &mut Vec<u8>) {
        let section = (self.ends != Ends::Once).then_some(self.section);
        for watched in &mut self.watched {
            if world.live_interfaces.contains(watched.slot) {
                watched.look(world);
            } else if vanished == VanishedInterface::LosesItsRow {
                continue;
            }
            let properties = self.properties.as_deref();
            self.answer.row(out, |words| watched.write(properties, section, words));
        }
    }
}

impl Watched {
    fn look(&mut self, world: &World) {
        let (now_us, counter) = (world.now_us(), world.counter(self.slot));
        self.rates = match self.last {
            None if world.device.switches.first_sample == FirstSample::Zero => (0, 0),
            Some((then_us, before)) if now_us > then_us => {
                // A counter that was reset by hand meanwhile gained nothing that could be told.
                let a_second = |now: u64, then: u64| {
                    now.saturating_sub(then).saturating_mul(8_000_000) / (now_us - then_us)
                };
                (a_second(counter.input, before.input), a_second(counter.output, before.output))
            }
            _ => world.rates_on(self.slot),
        };
        self.last = Some((now_us, counter));
    }

    fn write(&self, properties: Option<&[Vec<u8>]>, section: Option<u64>, words: &mut ReplyWriter<'_>) {
        let (received, sent) = self.rates;
        let is_asked =
            |name: &str| properties.is_none_or(|names| names.iter().any(|known| known == name.as_bytes()));
        if is_asked("name") {
            words.attribute(b"name", &self.name);
        }
        let figures = [
            ("rx-packets-per-second", received / BITS_PER_PACKET),
            ("rx-bits-per-second", received),
            ("tx-packets-per-second", sent / BITS_PER_PACKET),
            ("tx-bits-per-second", sent),
            ("tx-queue-drops-per-second", 0),
        ];
        for (name, figure) in figures.into_iter().filter(|(name, _)| is_asked(name)) {
            words.attribute(name.as_bytes(), figure.to_string().as_bytes());
        }
        if let Some(section) = section {
            words.attribute(b".section", section.to_string().as_bytes());
        }
    }
}

/// The interfaces of a list, of which a bad one may spoil the whole (U1).
fn watched(world: &World, list: &[u8]) -> Result<Vec<Watched>, Complaint> {
    let bad = || (Some(1), "input does not match any value of interface".to_owned());
    let mut watched = Vec::new();
    for name in list.split(|byte| *byte == b',') {
        match world.monitored_interface(name) {
            Some(slot) => watched.push(Watched { slot, name: name.to_vec(), last: None, rates: (0, 0) }),
            None if world.device.switches.bad_monitor_name == BadMonitorName::IsLeftOut => {}
            None => return Err(bad()),
        }
    }
    if watched.is_empty() { Err(bad()) } else { Ok(watched) }
}

fn span(request: &Request<'_>, name: &[u8]) -> Result<Option<Duration>, Complaint> {
    let Some(text) = request.get(name) else { return Ok(None) };
    let micros = value::duration_micros(text);
    let refused = || (None, format!("invalid value for argument {}", name.escape_ascii()));
    micros.map(|micros| Some(Duration::from_micros(micros))).ok_or_else(refused)
}
