//! The path of a reading from bytes to what it changes: decoding, counter rows, finding the known counter, deltas,
//! ledger entries and totals. All counters are known and all have moved.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Duration;

use accounting::NasState;
use accounting::Octets;
use accounting::bound::LinkSpeed;
use accounting::changes::{Changes, NasRecord};
use accounting::login::LoginRef;
use accounting::snapshot::CounterRows;
use collector::routeros::counters;
use routeros_proto::{Decoder, Event, Limits, Reply, Untagged};

use crate::bound::hand_parser;
use crate::figure::{Figure, Result, Section, Target};
use crate::plant::{numbers, reply, rounds};
use crate::scale::Scale;
use crate::sums::{Sums, exact};
use crate::timing::{Medians, alternate, timed};

/// As much as the collector reads at once.
const READ: usize = 32 * 1024;

/// Measures it against look-ups by name and by id.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let by_name = compare(scale.sessions, ByName::new(scale.sessions))?;
    let by_id = compare(scale.sessions, ById::new(scale.sessions))?;
    let figures = vec![
        figure(scale, "poll path, bound looks up by name", by_name),
        figure(scale, "poll path, bound looks up by id", by_id),
    ];
    let note = "poll path: bytes, decoder, counter rows, `plan` and `apply` of accounting with every counter known and \
         moved, to the finished changes of a transaction; the bound parses by hand and keeps one std `HashMap` (with \
         its own hasher) from the interface's name (bytes), or from the number in `.id`, to the last octets.";
    Ok(Section { figures, notes: vec![note.to_owned()] })
}

fn figure(scale: &Scale, what: &str, medians: Medians) -> Figure {
    let rate =
        |took: Duration| format!("{:.1} M rows/s", f64::from(scale.sessions) / took.as_secs_f64() / 1e6);
    Figure {
        what: what.to_owned(),
        ours: rate(medians.ours),
        bound: rate(medians.bound),
        value: medians.speed(),
        unit: "x",
        target: Some(Target::AtLeast(0.5)),
    }
}

fn compare(sessions: u32, mut bound: impl Bound) -> Result<Medians> {
    let mut ours = PollPath::begin(sessions)?;
    let mut round = 1;
    alternate(
        || ours.round(),
        || {
            round += 1;
            let bytes = reply::bytes(sessions, round);
            let (gained, took) = timed(|| bound.gained(black_box(&bytes)));
            let expected =
                Sums { rows: sessions.into(), octets: numbers::gained(sessions, round - 1, round) };
            exact("poll path, bound", gained, Some(expected))?;
            Ok(took)
        },
    )
}

/// A router's state and the rounds over it.
pub(crate) struct PollPath {
    sessions: u32,
    round: u32,
    state: NasState,
}

impl PollPath {
    /// A plant whose counters are known and whose ledger entries are open: rounds 0 and 1 are done.
    pub(crate) fn begin(sessions: u32) -> Result<Self> {
        let mut state = empty_state()?;
        let snapshot = rounds::first(sessions);
        let plan = state.plan(&snapshot);
        let logins = plan.unknown_logins.clone();
        state.supply_logins(
            logins.into_iter().zip(1..).map(|(name, id)| (name, LoginRef { id, cycle: Some(id) })),
        );
        let changes = state.apply(&snapshot, plan);
        exact("poll path, first sight", changes.new_counters.len(), sessions as usize)?;
        let mut path = PollPath { sessions, round: 0, state };
        path.round()?;
        Ok(path)
    }

    /// The next round; the time is from the first byte to the changes, and giving back what they hold.
    pub(crate) fn round(&mut self) -> Result<Duration> {
        self.round += 1;
        let bytes = reply::bytes(self.sessions, self.round);
        let (sums, took) = timed(|| {
            let counters = counter_rows(black_box(&bytes), self.sessions as usize)?;
            let snapshot = rounds::later(counters, self.round);
            let plan = self.state.plan(&snapshot);
            let changes = self.state.apply(&snapshot, plan);
            Some(posted(&changes))
        });
        let gained = numbers::gained(self.sessions, self.round - 1, self.round);
        let expected = Posted { cycles: gained, entries: self.sessions as usize };
        exact("poll path", sums, Some(expected))?;
        exact(
            "poll path, baselines",
            self.state.baseline_sum(),
            numbers::sums(self.sessions, self.round).octets,
        )?;
        Ok(took)
    }
}

/// What the changes of a round add to totals.
#[derive(Debug, PartialEq, Eq)]
struct Posted {
    cycles: Octets,
    entries: usize,
}

fn posted(changes: &Changes) -> Posted {
    Posted {
        cycles: changes.cycle_octets.iter().map(|(_, octets)| *octets).sum(),
        entries: changes.grown_entries.len() + changes.new_entries.len(),
    }
}

fn empty_state() -> Result<NasState> {
    NasState::restore(NasRecord::default(), LinkSpeed(None), Vec::new(), &[])
        .map_err(|_| "an empty state could not be made".into())
}

/// The rows of a reply, the way the collector reads them.
fn counter_rows(bytes: &[u8], room_for: usize) -> Option<CounterRows> {
    let mut decoder = Decoder::new(Limits::default());
    let mut in_flight = Untagged::new();
    in_flight.sent();
    let mut rows = CounterRows::with_capacity(room_for);
    for read in bytes.chunks(READ) {
        decoder.feed(read);
        while let Some(sentence) = decoder.next().ok()? {
            match in_flight.accept(Reply::parse(sentence)) {
                Event::Row(row) => rows.push(counters::counter(&row)?),
                Event::Done(_) => return Some(rows),
                _ => return None,
            }
        }
    }
    None
}

/// A hand parser with one hash look-up a row.
trait Bound {
    /// What the rows gained since the last time.
    fn gained(&mut self, bytes: &[u8]) -> Option<Sums>;
}

struct ByName(HashMap<Vec<u8>, Octets>);

impl ByName {
    fn new(sessions: u32) -> Self {
        let last = |i| (numbers::interface(i).into_bytes(), numbers::octets(i, 1));
        ByName((0..sessions).map(last).collect())
    }
}

impl Bound for ByName {
    fn gained(&mut self, bytes: &[u8]) -> Option<Sums> {
        let mut gained = Sums::default();
        hand_parser::rows(bytes, |row| {
            let last = self.0.get_mut(row.name)?;
            gained.add(row.octets.grown_since(*last)?);
            *last = row.octets;
            Some(())
        })?;
        Some(gained)
    }
}

struct ById(HashMap<u64, Octets>);

impl ById {
    fn new(sessions: u32) -> Self {
        ById((0..sessions).map(|i| (numbers::handle(i), numbers::octets(i, 1))).collect())
    }
}

impl Bound for ById {
    fn gained(&mut self, bytes: &[u8]) -> Option<Sums> {
        let mut gained = Sums::default();
        hand_parser::rows(bytes, |row| {
            let last = self.0.get_mut(&hexadecimal(row.id.strip_prefix(b"*")?)?)?;
            gained.add(row.octets.grown_since(*last)?);
            *last = row.octets;
            Some(())
        })?;
        Some(gained)
    }
}

fn hexadecimal(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |sum, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(sum << 4 | u64::from(digit))
    })
}
