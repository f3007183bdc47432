//! Keeping the running stream as it should be: begun anew when others are watched, but not for each of them.

use std::time::Duration;

use operations::Watched;
use routeros_proto::{Command, Tagged};
use tokio::time::Instant;
use uuid::Uuid;

use super::Desk;
use crate::monitor::differences::{Counted, Menu};
use crate::monitor::stream::{Line, Stream};
use crate::routeros::monitor_traffic::can_be_listed;

/// Changes are gathered for so long: viewers come in crowds.
const GATHER: Duration = Duration::from_millis(150);
/// A stream that only measures too much goes on for so long: who looks away often looks again.
const LINGER: Duration = Duration::from_secs(3);

impl Desk {
    /// The router ended the stream, or says nothing in it any more: who is where is looked up before the next. Answers the
    /// stream that is over.
    pub(super) fn stream_ended(&mut self, because: &str, now: Instant) -> Option<Stream> {
        let over = self.stream.take()?;
        (self.stale, self.unsure, self.unfit_since, self.renew) = (true, true, None, false);
        if over.has_spoken() {
            self.refusals = 0;
        } else {
            self.stream_refused(&over, because, now);
        }
        Some(over)
    }

    /// When the stream is to be begun, begun anew or ended; `None` while it is as it should be, or while it is not known how
    /// that would be.
    pub(super) fn stream_due(&self, now: Instant) -> Option<Instant> {
        let wait = match &self.stream {
            Some(stream) => self.wait_of(stream, now)?,
            None if self.unsure || self.look.is_some() => return None,
            None if self.lines(now).is_empty() => return self.no_stream_until.filter(|until| *until > now),
            None => GATHER,
        };
        Some(self.unfit_since.map_or(now, |since| since + wait))
    }

    /// For how long a running stream may be as it is; `None`: it is as it should be.
    fn wait_of(&self, stream: &Stream, now: Instant) -> Option<Duration> {
        let lines = self.lines(now);
        // One that was begun a moment ago tells something first: else a new viewer each second would leave nobody a sample.
        if !self.renew && !stream.has_spoken() {
            return None;
        }
        if self.renew || stream.every() != self.budget.pace().of_samples() {
            return Some(GATHER);
        }
        let lacks_none = lines.iter().all(|line| stream.lines().contains(line));
        match lacks_none {
            true if lines.len() == stream.lines().len() => None,
            true => Some(LINGER),
            false => Some(GATHER),
        }
    }

    /// Called when [`Self::stream_due`] says so; the first time only notes since when.
    pub(super) fn fit_stream(&mut self, now: Instant, replies: &mut Tagged, out: &mut Vec<Command>) {
        if self.unfit_since.is_none() {
            self.unfit_since = Some(now);
            return;
        }
        (self.unfit_since, self.renew) = (None, false);
        if let Some(stream) = self.stream.take() {
            stream.cancel(replies, out);
        }
        let (lines, every) = (self.lines(now), self.budget.pace().of_samples());
        if !lines.is_empty() {
            self.stream = Some(Stream::begin(lines, every, now, replies, out));
        }
    }

    /// Interfaces that are to be measured.
    fn lines(&self, now: Instant) -> Vec<Line> {
        let mut lines: Vec<Line> = self
            .found
            .iter()
            .filter(|(id, names)| self.is_streamed(id, names, now))
            .flat_map(|(id, names)| names.iter().map(|name| self.line(*id, name)))
            .collect();
        lines.sort_unstable();
        lines
    }

    fn line(&self, customer: Uuid, name: &[u8]) -> Line {
        let faces = matches!(self.wanted.get(&customer), Some(Watched::Interface { .. }));
        Line { customer, name: name.into(), faces }
    }

    fn is_streamed(&self, id: &Uuid, names: &[Box<[u8]>], now: Instant) -> bool {
        let is_listed = |name: &[u8]| self.unlisted.get(name).is_none_or(|until| *until <= now);
        self.no_stream_until.is_none_or(|until| until <= now)
            && self.suspects.as_ref().is_none_or(|suspects| suspects.admit(id))
            && names.iter().all(|name| can_be_listed(name) && is_listed(name))
    }

    /// Counters that are to be read.
    pub(super) fn counted(&self, now: Instant) -> Vec<Counted> {
        let by_counters = self.wanted.iter().filter_map(|(id, watched)| {
            let (menu, name) = Menu::of(watched)?;
            Some((menu, name, *id))
        });
        let unlisted = self.found.iter().filter(|(id, names)| !self.is_streamed(id, names, now));
        let interfaces =
            unlisted.flat_map(|(id, names)| names.iter().map(|name| (Menu::Interfaces, name.clone(), *id)));
        by_counters.chain(interfaces).collect()
    }
}
