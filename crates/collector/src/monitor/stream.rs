//! The running `monitor-traffic` of a router: rows become samples.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use operations::{RateReading, SampleSource};
use routeros_proto::{Command, Tag, Tagged};
use tokio::time::Instant;
use uuid::Uuid;

use super::names::joined;
use crate::routeros::monitor_traffic::{self, Measured};

/// A router that gives no sample for so many intervals is asked anew: what it does when an interface goes is not
/// established (routeros.md U1).
const SILENT_FOR: u32 = 3;
/// An interface that lacks in so many samples is looked for anew.
const LACKS_FOR: u32 = 2;

/// An interface of somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) customer: Uuid,
    pub(super) name: Box<[u8]>,
    /// It faces them, and is no session's.
    pub(super) faces: bool,
}

/// What a router measures in no stream is asked for one again after so long.
pub(super) const WITHOUT_STREAM: Duration = Duration::from_secs(60);

/// Bits a second received and sent, where a row said so.
type Rate = Option<(u64, u64)>;

/// See the module.
#[derive(Debug)]
pub(super) struct Stream {
    tag: Tag,
    lines: Vec<Line>,
    every: Duration,
    begun_at: Instant,
    heard_at: Instant,
    /// The sample whose rows come now, or came last.
    section: Option<u64>,
    /// Of that sample, by line.
    rates: Vec<Rate>,
    /// For how many samples each line has lacked.
    lacks: Vec<u32>,
    /// Samples that are over.
    samples: u64,
}

impl Stream {
    /// Begins to measure these, of which there is at least one.
    pub(super) fn begin(
        lines: Vec<Line>,
        every: Duration,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Stream {
        let tag = replies.open();
        // One interface may be two customers'.
        let names: BTreeSet<&[u8]> = lines.iter().map(|line| &*line.name).collect();
        out.push(monitor_traffic::begin(names.into_iter(), every).tag(tag));
        let (rates, lacks) = (vec![None; lines.len()], vec![0; lines.len()]);
        Stream { tag, lines, every, begun_at: now, heard_at: now, section: None, rates, lacks, samples: 0 }
    }

    pub(super) fn is(&self, tag: Tag) -> bool {
        self.tag == tag
    }

    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Between two samples.
    pub(super) fn every(&self) -> Duration {
        self.every
    }

    /// When it began.
    pub(super) fn begun_at(&self) -> Instant {
        self.begun_at
    }

    /// When it is asked anew unless something is heard.
    pub(super) fn silent_at(&self) -> Instant {
        self.heard_at + self.every * SILENT_FOR
    }

    /// Whether anything has come that is true. The first sample may be 0 or stale (routeros.md §2.6).
    pub(super) fn has_spoken(&self) -> bool {
        self.samples > 1
    }

    /// Whether an interface is not there any more.
    pub(super) fn lacks_some(&self) -> bool {
        self.lacking().next().is_some()
    }

    /// Names of interfaces that are not there any more.
    pub(super) fn lacking(&self) -> impl Iterator<Item = &[u8]> {
        let lines = self.lines.iter().zip(&self.lacks);
        lines.filter(|(_, lacks)| **lacks >= LACKS_FOR).map(|(line, _)| &*line.name)
    }

    /// Ends it.
    pub(super) fn cancel(self, replies: &mut Tagged, out: &mut Vec<Command>) {
        out.push(replies.cancel(self.tag).1);
    }

    /// Takes a row; the readings of the sample that is over with it, if one is.
    pub(super) fn accept(&mut self, row: Measured<'_>, now: Instant) -> Vec<RateReading> {
        let theirs: Vec<usize> = self.lines_called(row.name).collect();
        if theirs.is_empty() {
            return Vec::new();
        }
        self.heard_at = now;
        let begins_anew =
            row.section != self.section || theirs.iter().any(|line| self.rates[*line].is_some());
        let over = if begins_anew { self.end_sample() } else { Vec::new() };
        self.section = row.section;
        for line in theirs {
            self.rates[line] = Some((row.input_bps, row.output_bps));
        }
        if self.rates.iter().all(Option::is_some) { self.end_sample() } else { over }
    }

    fn lines_called(&self, name: &[u8]) -> impl Iterator<Item = usize> {
        let called = self.lines.iter().enumerate().filter(move |(_, line)| *line.name == *name);
        called.map(|(index, _)| index)
    }

    /// What the sample says that came last; nothing if it was told already, or is the first.
    fn end_sample(&mut self) -> Vec<RateReading> {
        if self.rates.iter().all(Option::is_none) {
            return Vec::new();
        }
        self.samples += 1;
        for (lacks, rate) in self.lacks.iter_mut().zip(&self.rates) {
            *lacks = if rate.is_none() { *lacks + 1 } else { 0 };
        }
        let rates = std::mem::replace(&mut self.rates, vec![None; self.lines.len()]);
        if self.samples == 1 { Vec::new() } else { self.readings(&rates) }
    }

    /// Of each customer all of whose interfaces were measured: of another nobody knows how much it is.
    fn readings(&self, rates: &[Rate]) -> Vec<RateReading> {
        let mut by_customer: BTreeMap<Uuid, Vec<(&Line, Rate)>> = BTreeMap::new();
        for (line, rate) in self.lines.iter().zip(rates) {
            by_customer.entry(line.customer).or_default().push((line, *rate));
        }
        by_customer.iter().filter_map(|(customer, theirs)| reading(*customer, theirs)).collect()
    }
}

fn reading(customer: Uuid, theirs: &[(&Line, Rate)]) -> Option<RateReading> {
    let (mut input_bps, mut output_bps) = (0_u64, 0_u64);
    for (_, rate) in theirs {
        let (input, output) = (*rate)?;
        (input_bps, output_bps) = (input_bps.saturating_add(input), output_bps.saturating_add(output));
    }
    let faces = theirs.iter().any(|(line, _)| line.faces);
    let source = if faces { SampleSource::Facing } else { SampleSource::Session };
    let interface = joined(theirs.iter().map(|(line, _)| &*line.name));
    Some(RateReading { customer, interface, input_bps, output_bps, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(customer: u128, name: &str) -> Line {
        Line { customer: Uuid::from_u128(customer), name: name.as_bytes().into(), faces: false }
    }

    fn stream(lines: Vec<Line>) -> Stream {
        let (now, mut replies) = (Instant::now(), Tagged::new());
        Stream::begin(lines, Duration::from_secs(1), now, &mut replies, &mut Vec::new())
    }

    /// Of each reading whose it is and both rates.
    fn told(stream: &mut Stream, name: &str, rate: u64, section: u64) -> Vec<(u128, u64, u64)> {
        let (name, section) = (name.as_bytes(), Some(section));
        let row = Measured { name, input_bps: rate, output_bps: rate * 10, section };
        let readings = stream.accept(row, Instant::now());
        readings.iter().map(|told| (told.customer.as_u128(), told.input_bps, told.output_bps)).collect()
    }

    #[test]
    fn a_sample_is_told_when_its_last_row_is_there_and_the_first_never() {
        let mut stream = stream(vec![line(1, "a"), line(2, "b")]);
        assert_eq!(told(&mut stream, "a", 0, 0), []);
        assert_eq!(told(&mut stream, "b", 0, 0), []);
        assert!(!stream.has_spoken());
        assert_eq!(told(&mut stream, "b", 2, 1), []);
        assert_eq!(told(&mut stream, "a", 1, 1), [(1, 1, 10), (2, 2, 20)]);
        assert!(stream.has_spoken() && !stream.lacks_some());
        assert_eq!(told(&mut stream, "a", 9, 1), [], "a row too many begins nothing that is told");
    }

    #[test]
    fn an_interface_that_lacks_costs_the_others_no_sample_and_is_noticed() {
        let mut stream = stream(vec![line(1, "a"), line(2, "b")]);
        for section in 0..2 {
            told(&mut stream, "a", 1, section);
            told(&mut stream, "b", 1, section);
        }
        assert_eq!(told(&mut stream, "a", 3, 2), []);
        assert_eq!(told(&mut stream, "a", 4, 3), [(1, 3, 30)]);
        assert!(!stream.lacks_some());
        assert_eq!(told(&mut stream, "a", 5, 4), [(1, 4, 40)]);
        assert!(stream.lacks_some());
    }

    #[test]
    fn two_interfaces_of_one_customer_are_one_reading_or_none() {
        let mut stream = stream(vec![line(1, "a"), line(1, "a-1"), line(2, "b")]);
        for name in ["a", "a-1", "b"] {
            told(&mut stream, name, 1, 0);
        }
        told(&mut stream, "a", 1, 1);
        told(&mut stream, "b", 7, 1);
        assert_eq!(told(&mut stream, "a-1", 2, 1), [(1, 3, 30), (2, 7, 70)]);
        told(&mut stream, "a", 1, 2);
        told(&mut stream, "b", 8, 2);
        assert_eq!(told(&mut stream, "b", 9, 3), [(2, 8, 80)], "half a customer is none");
    }

    #[test]
    fn samples_without_numbers_are_told_apart_by_their_names() {
        let mut stream = stream(vec![line(1, "a")]);
        let row = |rate| Measured { name: b"a", input_bps: rate, output_bps: 0, section: None };
        let mut told = |rate| stream.accept(row(rate), Instant::now()).first().map(|told| told.input_bps);
        assert_eq!([told(1), told(2), told(3)], [None, Some(2), Some(3)]);
    }
}
