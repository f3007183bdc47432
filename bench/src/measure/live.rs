//! Samples told to a thousand WebSockets, against a bare fan-out of the same texts.

use std::ops::Range;
use std::time::Duration;

use crate::figure::{Figure, Result, Section, Target};
use crate::live::child::{Live, as_many_sockets_as_may_be};
use crate::live::numbers::{Place, moment_of};
use crate::live::towers::Towers;
use crate::live::viewers::{Arrived, Viewers, overhear};
use crate::live::{EACH, ROUTERS, Side};
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{Medians, ROUNDS, median};

/// Who looks.
const VIEWERS: usize = 1_000;
const FEW_VIEWERS: usize = 20;
/// Times that each router speaks at once: what a second of it is in 16.
const BURST: u32 = 16;
/// Samples of each router before those that count: what it says first is shown to nobody.
const BEFORE: u32 = 2;
/// Seconds of the steady state.
const SECONDS: u32 = 20;
/// Viewers that came or went are all there, or all gone, then.
const SETTLES: Duration = Duration::from_millis(500);
/// Memory that a viewer may cost who is told nothing, KiB.
const KIB_PER_VIEWER: f64 = 20.0;
/// Milliseconds that a sample may take to nearly everybody.
const MS: f64 = 50.0;

/// Measures it: both children run with all their viewers at once, and take turns.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    as_many_sockets_as_may_be()?;
    let count = if scale.quick { FEW_VIEWERS } else { VIEWERS };
    let (mut ours, bare) = (Live::start(Side::Ours)?, Live::start(Side::Bare)?);
    let addr = ours.addr;
    let texts = overhear(addr, all_of(1), || ours.say(0, ROUTERS, 1).map(drop))?;
    texts.iter().try_for_each(|text| bare.learn(text))?;
    let place = place_in(&texts)?;
    let (mut ours, mut bare) = (Watched::by(ours, count, place)?, Watched::by(bare, count, place)?);
    let mut bursts = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let took = (ours.burst()?, bare.burst()?);
        // The first is not counted: buffers are small yet.
        if round > 0 {
            bursts.0.push(took.0);
            bursts.1.push(took.1);
        }
    }
    let seconds = if scale.quick { 1 } else { SECONDS };
    let steady = (ours.steady(seconds)?, bare.steady(seconds)?);
    let bursts = Medians { ours: median(bursts.0), bound: median(bursts.1) };
    let measured = Measured { bursts, steady, kib: (ours.kib_each, bare.kib_each) };
    let octets = texts.iter().map(String::len).sum::<usize>() / texts.len();
    let mut figures = figures(count, &measured);
    if scale.quick {
        // A few cost less than one page of the allocator's.
        figures.retain(|figure| figure.unit != " KiB");
    }
    Ok(Section { figures, notes: vec![note(count, octets)] })
}

/// Messages to a viewer when every router speaks so many times.
fn all_of(times: u32) -> usize {
    (ROUTERS * EACH * times) as usize
}

/// Where all of them say what is moved.
fn place_in(texts: &[String]) -> Result<Place> {
    let mut places = texts.iter().map(|text| Place::of(text));
    let first = places.next().flatten().ok_or("a message does not say what is moved")?;
    if places.all(|place| place == Some(first)) {
        Ok(first)
    } else {
        Err("messages differ in their form".into())
    }
}

/// A child and who looks at it.
struct Watched {
    live: Live,
    viewers: Viewers,
    /// Memory that a viewer costs who is told nothing yet.
    kib_each: f64,
}

impl Watched {
    fn by(mut live: Live, count: usize, place: Place) -> Result<Watched> {
        // What the first ones cost is the server's own.
        drop(Viewers::connect(live.addr, count.min(FEW_VIEWERS), place)?);
        std::thread::sleep(SETTLES);
        let before = live.memory()?;
        let viewers = Viewers::connect(live.addr, count, place)?;
        std::thread::sleep(SETTLES);
        let kib_each = (f64::from(live.memory()?) - f64::from(before)) / count as f64;
        Ok(Watched { live, viewers, kib_each })
    }

    /// All routers speak [`BURST`] times at once; how long until the last viewer had the last of it.
    fn burst(&mut self) -> Result<Duration> {
        let said = self.live.say(0, ROUTERS, BURST)?;
        let arrived = self.arrived(all_of(BURST))?;
        let last = arrived.iter().filter_map(|viewer| viewer.last()).map(|last| last.at).max();
        let first = said.first().ok_or("nothing was said")?;
        Ok(Duration::from_nanos(last.ok_or("nobody looks")?.saturating_sub(*first)))
    }

    /// Every router says once a second what its subscribers move, one router after the other; of all messages to all viewers,
    /// how long nearly all took at most.
    fn steady(&mut self, seconds: u32) -> Result<Duration> {
        let towers = Towers::open()?;
        self.live.reach(towers.addrs())?;
        let mut said = say_steadily(&towers, 0..BEFORE)?;
        std::thread::sleep(SETTLES);
        drop(self.viewers.take());
        let counted = said.len();
        said.extend(say_steadily(&towers, BEFORE..BEFORE + seconds)?);
        let mut took = Vec::new();
        for viewer in self.arrived(all_of(seconds))? {
            took.extend(each_once(&viewer, &said, counted)?);
        }
        took.sort_unstable();
        Ok(Duration::from_nanos(took[took.len() * 99 / 100]))
    }

    /// What each viewer had of what was said; all must have as much.
    fn arrived(&self, messages: usize) -> Result<Vec<Vec<Arrived>>> {
        self.viewers.until_all_have(messages)?;
        let arrived = self.viewers.take();
        for viewer in &arrived {
            exact("live: messages to a viewer", viewer.len(), messages)?;
        }
        Ok(arrived)
    }
}

/// Each router says these samples, a second between two of the same; when it did.
fn say_steadily(towers: &Towers, samples: Range<u32>) -> Result<Vec<u64>> {
    let mut said = Vec::new();
    for sample in samples {
        for router in 0..ROUTERS {
            said.push(towers.say(router, sample)?);
            std::thread::sleep(Duration::from_secs(1) / ROUTERS);
        }
    }
    Ok(said)
}

/// How long each message took to a viewer, who must have each moment's from `counted` on once.
fn each_once(viewer: &[Arrived], said: &[u64], counted: usize) -> Result<Vec<u64>> {
    let (mut took, mut of_moment) = (Vec::with_capacity(viewer.len()), vec![0; said.len()]);
    for message in viewer {
        let moment = moment_of(message.moved).filter(|moment| *moment < said.len());
        let moment = moment.ok_or("a viewer was told what nobody said")?;
        took.push(message.at.saturating_sub(said[moment]));
        of_moment[moment] += 1;
    }
    exact("live: messages of each moment", &of_moment[counted..], &vec![EACH; said.len() - counted])?;
    Ok(took)
}

/// What was measured, ours first.
struct Measured {
    bursts: Medians,
    steady: (Duration, Duration),
    kib: (f64, f64),
}

fn figures(count: usize, measured: &Measured) -> Vec<Figure> {
    let Measured { bursts, steady, kib } = measured;
    let ms = |took: Duration| took.as_secs_f64() * 1e3;
    let told = |took: Duration| format!("{:.1} ms", ms(took));
    let both = (told(steady.0), told(steady.1));
    vec![
        figure(
            &format!("{} samples put up at once, until each of {count} viewers has them", all_of(BURST)),
            (told(bursts.ours), told(bursts.bound)),
            (bursts.speed(), "x"),
            Target::AtLeast(0.6),
        ),
        figure(
            "from a router's bytes to a viewer, 99 of 100",
            both.clone(),
            (ms(steady.0) / ms(steady.1), "x"),
            Target::AtMost(2.0),
        ),
        figure("the same in milliseconds", both, (ms(steady.0), " ms"), Target::AtMost(MS)),
        figure(
            "memory for a viewer who is told nothing",
            (format!("{:.1} KiB", kib.0), format!("{:.1} KiB", kib.1)),
            (kib.0, " KiB"),
            Target::AtMost(KIB_PER_VIEWER),
        ),
    ]
}

fn figure(what: &str, told: (String, String), (value, unit): (f64, &'static str), target: Target) -> Figure {
    Figure { what: format!("live: {what}"), ours: told.0, bound: told.1, value, unit, target: Some(target) }
}

fn note(count: usize, octets: usize) -> String {
    format!(
        "live: {ROUTERS} routers with {EACH} watched subscribers each, {count} WebSockets on `/ws` that look at all of them, messages \
         of {octets} bytes. At once: every router speaks {BURST} times as fast as it can be put up. 99 of 100: every router is a \
         socket of this process that is asked as any other over its control connection, and writes the rows of a `monitor-traffic` \
         once a second, one router after the other; of all messages to all viewers, from just before those bytes are written until \
         the viewer's read returns. The bound reads the same bytes by hand. Every viewer had every message once. The server is a child process with its two threads, as \
         is the bound: axum's WebSockets, ready texts from a ring of as many moments, what waits with one flush, no token, nobody \
         closed or counted. The viewers are in this process, on the same machine, and what they cost is in both sides alike. Memory: growth of VmRSS for {count} viewers \
         who connect to a server that {FEW_VIEWERS} had connected to before, while nothing is said."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::numbers::moved;

    #[test]
    fn a_message_that_lacks_comes_twice_or_was_never_said_is_an_error() {
        let said = [5, 1_000, 2_000];
        let viewer = |moments: &[u32]| {
            let all = moments.iter().flat_map(|moment| (0..EACH).map(move |_| moved(*moment, 0)));
            all.map(|moved| Arrived { at: 3_000, moved }).collect::<Vec<_>>()
        };
        let took = each_once(&viewer(&[1, 2]), &said, 1).unwrap();
        assert_eq!((took.first(), took.last()), (Some(&2_000), Some(&1_000)));
        for wrong in [&viewer(&[1, 1]), &viewer(&[1, 2, 2]), &viewer(&[1, 2])[1..], &viewer(&[1, 2, 3])] {
            each_once(wrong, &said, 1).unwrap_err();
        }
    }
}
