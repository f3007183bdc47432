//! Streams that the router ends before they tell anything: one name may be the reason, and the others are measured without it.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use super::Desk;
use crate::monitor::stream::{Stream, WITHOUT_STREAM};
use crate::monitor::suspects::{Suspects, Verdict};

/// Streams in a row that told nothing before it is sought why. For the first an interface may be the reason that went between
/// look-up and command.
const REFUSALS: u32 = 2;
/// For so long an interface is counted for which the router refused whole streams: to try it again costs the others samples.
const REFUSED_FOR: Duration = Duration::from_secs(600);

impl Desk {
    /// The router ended a stream that had told nothing.
    pub(super) fn stream_refused(&mut self, over: &Stream, because: &str, now: Instant) {
        self.refusals += 1;
        match self.suspects.take() {
            Some(suspects) => self.judge(suspects.refused(), now),
            None if self.refusals < REFUSALS => {}
            None => self.suspect(over, because, now),
        }
    }

    /// The running stream has told something.
    pub(super) fn stream_spoke(&mut self, now: Instant) {
        (self.refusals, self.refuses_all) = (0, false);
        let measured =
            |id: &Uuid| self.stream.iter().flat_map(Stream::lines).any(|line| line.customer == *id);
        let is_tried = |suspects: &mut Suspects| suspects.tried().iter().all(measured);
        if let Some(suspects) = self.suspects.take_if(is_tried) {
            self.judge(suspects.heard(), now);
        }
    }

    /// Whoever it was may be gone with those who are not found any more.
    pub(super) fn forget_lost_suspects(&mut self) {
        let is_lost =
            |suspects: &mut Suspects| suspects.among().iter().any(|id| !self.found.contains_key(id));
        self.suspects.take_if(is_lost);
    }

    fn suspect(&mut self, over: &Stream, because: &str, now: Instant) {
        let customers: BTreeSet<Uuid> = over.lines().iter().map(|line| line.customer).collect();
        let suspects = if self.refuses_all { None } else { Suspects::of(customers) };
        if suspects.is_none() {
            let why =
                "the router gives no samples of interfaces; their counters are read instead for a minute";
            tracing::warn!(because, "{why}");
            (self.refusals, self.refuses_all) = (0, false);
            self.no_stream_until = Some(now + WITHOUT_STREAM);
        }
        self.suspects = suspects;
    }

    fn judge(&mut self, verdict: Verdict, now: Instant) {
        match verdict {
            Verdict::Open(suspects) => self.suspects = Some(suspects),
            Verdict::Found { customer, others_heard } => {
                self.refuses_all = !others_heard;
                for name in self.found.get(&customer).into_iter().flatten() {
                    let interface = name.escape_ascii();
                    tracing::warn!(%interface, "the router refuses samples of any interface together with this one; its counters are read");
                    self.unlisted.insert(name.clone(), now + REFUSED_FOR);
                }
            }
        }
    }
}
