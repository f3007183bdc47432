//! Counters read twice, for those whom no interface in a list shows: the mean over the time between.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use accounting::Octets;
use accounting::snapshot::CounterRow;
use operations::{RateReading, SampleSource, Watched};
use routeros_proto::{Command, Event, Reply, Tag, Tagged};
use rustc_hash::FxHashMap;
use tokio::time::Instant;
use uuid::Uuid;

use super::asked::Asked;
use super::names::joined;
use crate::link::error::LinkError;
use crate::routeros::hotspot::{self, Host};
use crate::routeros::{counters, queue};

/// Readings that are so many intervals apart are not compared.
const MOST_INTERVALS: u32 = 3;

/// Whose counters are in which menu, under what name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Menu {
    /// Sessions of hotspot users.
    Logins,
    /// Devices that the hotspot lets through.
    Hosts,
    Queues,
    /// Interfaces that a list cannot name.
    Interfaces,
}

impl Menu {
    /// Where the counters of somebody are who is found by no interface.
    pub(super) fn of(watched: &Watched) -> Option<(Menu, Box<[u8]>)> {
        match watched {
            Watched::Hotspot { user } => Some((Menu::Logins, user.clone())),
            Watched::Device { mac } => Some((Menu::Hosts, mac.clone())),
            Watched::Queue { name } => Some((Menu::Queues, name.clone())),
            Watched::Ppp { .. } | Watched::Interface { .. } => None,
        }
    }

    fn print(self, names: &[&[u8]]) -> Command {
        match self {
            Menu::Logins => hotspot::print_logins_of(names),
            Menu::Hosts => hotspot::print_hosts_called(names),
            Menu::Queues => queue::print_named(names),
            Menu::Interfaces => counters::print_named(names),
        }
    }

    /// The name a row is asked for under, and its counter.
    fn read<'r>(self, row: &Reply<'r>) -> Option<(&'r [u8], CounterRow<'r>)> {
        match self {
            Menu::Logins => hotspot::login(row).map(|owned| (owned.login, owned.counter)),
            Menu::Hosts => match hotspot::host(row)? {
                Host::Bypassed { counter, .. } => Some((counter.name, counter)),
                Host::Other => None,
            },
            Menu::Queues => queue::queue(row).map(|counter| (counter.name, counter)),
            Menu::Interfaces => counters::counter(row).map(|counter| (counter.name, counter)),
        }
    }
}

/// Somebody, and a name of theirs in a menu.
pub(super) type Counted = (Menu, Box<[u8]>, Uuid);

/// Counters of somebody: by handle, with the name.
type Counts = FxHashMap<u64, (Box<[u8]>, Octets)>;

/// What a print of all of them said.
#[derive(Debug, Default)]
struct Print {
    counts: BTreeMap<Uuid, Counts>,
    refused: Vec<(Menu, String)>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Differences {
    asked: Option<(Asked<Menu>, Vec<Counted>, Print)>,
    /// By customer, and when they were read.
    before: BTreeMap<Uuid, (Instant, Counts)>,
    asked_at: Option<Instant>,
    /// Between two readings, as they were asked for last.
    every: Duration,
}

/// What a reading of counters came to for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Moved(RateReading),
    /// Read for the first time, or not comparable with what was read before.
    Begun,
    /// The router shows none.
    Absent(Uuid),
    /// The router refused; why, for people.
    Refused(Uuid, String),
}

impl Differences {
    /// When they are to be asked, if somebody is counted by them.
    pub(super) fn due(&self, every: Duration, now: Instant) -> Instant {
        match &self.asked {
            Some((asked, ..)) => asked.overdue_at(),
            None => self.asked_at.map_or(now, |asked_at| asked_at + every),
        }
    }

    /// Asks for all of them, if that is due.
    pub(super) fn ask(
        &mut self,
        of: Vec<Counted>,
        (every, now): (Duration, Instant),
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) {
        if let Some((asked, ..)) = self.asked.take() {
            asked.cancel(replies, out);
        }
        let menus = [Menu::Logins, Menu::Hosts, Menu::Queues, Menu::Interfaces];
        let names = |menu| of.iter().filter(move |(of, ..)| *of == menu).map(|(_, name, _)| &**name);
        let prints: Vec<_> = menus
            .into_iter()
            .map(|menu| (menu, names(menu).collect::<Vec<_>>()))
            .filter(|(_, names)| !names.is_empty())
            .map(|(menu, names)| (menu, menu.print(&names)))
            .collect();
        (self.asked_at, self.every) = (Some(now), every);
        self.before.retain(|customer, _| of.iter().any(|(_, _, counted)| counted == customer));
        if !prints.is_empty() {
            self.asked = Some((Asked::send(prints, now, replies, out), of, Print::default()));
        }
    }

    /// Whether a reply is to one of its prints.
    pub(super) fn is_asked(&self, tag: Tag) -> bool {
        self.asked.as_ref().is_some_and(|(asked, ..)| asked.of(tag).is_some())
    }

    /// Takes a reply to one of its prints; with the last of them, what came of it.
    pub(super) fn accept(&mut self, tag: Tag, event: &Event<'_>, now: Instant) -> Vec<Outcome> {
        let Some((asked, of, print)) = &mut self.asked else { return Vec::new() };
        let Some(menu) = asked.of(tag) else { return Vec::new() };
        match event {
            Event::Row(row) => print.take(menu, row, of),
            Event::Trapped(trap) => {
                let path = menu.print(&[b"x"]);
                print.refused.push((menu, LinkError::from_trap(path.path(), trap.clone()).to_string()));
            }
            _ => {}
        }
        let ends = matches!(event, Event::Trapped(_) | Event::Done(_) | Event::Cancelled);
        if !ends || !asked.ended(tag) {
            return Vec::new();
        }
        // An answer that was late is not followed at once by one that tells of a moment.
        self.asked_at = Some(now);
        match self.asked.take() {
            Some((_, of, print)) => self.compare(&of, print, now),
            None => Vec::new(),
        }
    }

    /// The connection is gone, and what was asked with it.
    pub(super) fn forget(&mut self) {
        *self = Differences::default();
    }

    fn compare(&mut self, of: &[Counted], mut print: Print, now: Instant) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut customers: Vec<_> = of.iter().map(|(menu, _, customer)| (*customer, *menu)).collect();
        customers.sort_unstable();
        customers.dedup_by_key(|(customer, _)| *customer);
        for (customer, menu) in customers {
            let refused = print.refused.iter().find(|(refused, _)| *refused == menu);
            outcomes.push(match (refused, print.counts.remove(&customer)) {
                (Some((_, why)), _) => Outcome::Refused(customer, why.clone()),
                (None, None) => Outcome::Absent(customer),
                (None, Some(counts)) => self.moved(customer, counts, now),
            });
        }
        outcomes
    }

    fn moved(&mut self, customer: Uuid, counts: Counts, now: Instant) -> Outcome {
        let interface = joined_names(&counts);
        let before = self.before.insert(customer, (now, counts.clone()));
        let Some((read_at, before)) = before else { return Outcome::Begun };
        let over = now.saturating_duration_since(read_at);
        // A mean of hours is nobody's rate now, and one of a moment is that of a burst.
        let is_of_now = over >= self.every / 2 && over <= self.every * MOST_INTERVALS;
        match (gained(&before, &counts), is_of_now) {
            (Some(gained), true) => Outcome::Moved(RateReading {
                customer,
                interface,
                input_bps: bits_a_second(gained.input, over),
                output_bps: bits_a_second(gained.output, over),
                source: SampleSource::Counters { over },
            }),
            _ => Outcome::Begun,
        }
    }
}

impl Print {
    fn take(&mut self, menu: Menu, row: &Reply<'_>, of: &[Counted]) {
        let Some((asked_for, counter)) = menu.read(row) else { return };
        for (_, _, customer) in of.iter().filter(|(of, name, _)| *of == menu && **name == *asked_for) {
            let named = (Box::from(counter.name), counter.octets);
            self.counts.entry(*customer).or_default().insert(counter.handle, named);
        }
    }
}

/// What all counters gained, if each was there before and went back in neither direction: what one gained that is new, or was
/// reset, nobody knows.
fn gained(before: &Counts, now: &Counts) -> Option<Octets> {
    now.iter().try_fold(Octets::ZERO, |sum, (handle, (_, octets))| {
        let (_, earlier) = before.get(handle)?;
        let input = octets.input.checked_sub(earlier.input)?;
        let output = octets.output.checked_sub(earlier.output)?;
        Some(Octets::new(sum.input.saturating_add(input), sum.output.saturating_add(output)))
    })
}

fn joined_names(counts: &Counts) -> Arc<[u8]> {
    let mut names: Vec<&[u8]> = counts.values().map(|(name, _)| &**name).collect();
    names.sort_unstable();
    joined(names.into_iter())
}

fn bits_a_second(octets: u64, over: Duration) -> u64 {
    let rate = u128::from(octets) * 8 * 1_000_000_000 / over.as_nanos().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(u64, u64, u64)]) -> Counts {
        let named = |(handle, input, output): &(u64, u64, u64)| {
            (*handle, (Box::from(*b"x"), Octets::new(*input, *output)))
        };
        of.iter().map(named).collect()
    }

    #[test]
    fn what_is_gained_is_known_only_of_counters_that_were_there_and_went_on() {
        let before = counts(&[(1, 10, 20), (2, 5, 5)]);
        assert_eq!(gained(&before, &counts(&[(1, 11, 24), (2, 6, 5)])), Some(Octets::new(2, 4)));
        assert_eq!(gained(&before, &counts(&[(1, 11, 24)])), Some(Octets::new(1, 4)), "one ended");
        assert_eq!(gained(&before, &counts(&[(1, 11, 24), (3, 1, 1)])), None, "one is new");
        assert_eq!(gained(&before, &counts(&[(1, 11, 19)])), None, "one was reset");
    }

    #[test]
    fn neither_a_mean_of_an_hour_nor_that_of_a_moment_is_a_rate() {
        let (begin, customer) = (Instant::now(), Uuid::nil());
        let mut differences = Differences { every: Duration::from_secs(5), ..Differences::default() };
        let mut read = |after_ms, octets| {
            let at = begin + Duration::from_millis(after_ms);
            match differences.moved(customer, counts(&[(1, octets, 0)]), at) {
                Outcome::Moved(reading) => Some(reading.input_bps),
                _ => None,
            }
        };
        let told = [read(0, 0), read(5_000, 5_000), read(5_100, 900_000), read(10_100, 905_000)];
        assert_eq!(told, [None, Some(8_000), None, Some(8_000)]);
        assert_eq!(read(3_600_000, 999_999_999), None);
    }

    #[test]
    fn a_rate_is_bits_over_the_time_between() {
        assert_eq!(bits_a_second(1_000, Duration::from_secs(5)), 1_600);
        assert_eq!(bits_a_second(u64::MAX, Duration::from_nanos(1)), u64::MAX);
    }
}
