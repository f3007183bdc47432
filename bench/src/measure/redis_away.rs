//! Rounds while Redis takes what is told, while nobody listens where it should be, and where it is not named at all.

use std::time::Duration;

use redis::Connection;

use super::shard::Shard;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::redis_server::{RedisServer, nobody};
use crate::plant::telling::Telling;
use crate::plant::{numbers, stream};
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{ROUNDS, median};

/// Sessions of a router.
const EACH: u32 = 1_000;
/// Rounds in a turn: one of them opens new ledger entries, and what one brought is told while the next is written.
const IN_A_TURN: u32 = 3;

/// How it stands with Redis in a turn.
#[derive(Clone, Copy, Debug)]
enum Stands {
    Unset,
    Up,
    Down,
}

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("redis-away")?;
    let redis = RedisServer::start(&folder)?;
    let each = EACH.min(scale.sessions / 4);
    let mut written = Written::open(&folder, &redis, scale.sessions / each, each)?;
    let mut turns = [Stands::Unset, Stands::Up, Stands::Down];
    let mut took: [Vec<Duration>; 3] = Default::default();
    for turn in 0..=ROUNDS {
        for stands in turns {
            let round = written.turn(stands)?;
            // The first turn is not counted: caches and pages are cold.
            if turn > 0 {
                took[stands as usize].push(round);
            }
        }
        // Who comes first is not always the same one.
        turns.rotate_left(1);
    }
    Ok(section(&written, took.map(median)))
}

/// A database that rounds are written to.
struct Written<'r> {
    shard: Shard,
    routers: u32,
    each: u32,
    round: u32,
    redis: &'r RedisServer,
    look: Connection,
}

impl<'r> Written<'r> {
    fn open(folder: &Folder, redis: &'r RedisServer, routers: u32, each: u32) -> Result<Self> {
        let mut shard = Shard::open(folder, routers, each)?;
        shard.round(0)?;
        Ok(Written { shard, routers, each, round: 0, redis, look: redis.connect()? })
    }

    /// Commits the rounds of a turn; how long the store took for one of them. What they brought is told afterwards where it
    /// could not be told meanwhile.
    fn turn(&mut self, stands: Stands) -> Result<Duration> {
        let (url, refused) = (self.redis.url(), format!("redis://{}", nobody()?));
        stream::empty(&mut self.look)?;
        self.shard.store.write_events(!matches!(stands, Stands::Unset));
        let telling = match stands {
            Stands::Unset => None,
            Stands::Up => Some(Telling::start(&self.shard.store, &url)?),
            Stands::Down => Some(Telling::start(&self.shard.store, &refused)?),
        };
        let mut took = Duration::ZERO;
        for _ in 0..IN_A_TURN {
            self.round += 1;
            took += self.shard.round(self.round)?;
        }
        self.shard.check(self.round)?;
        match (stands, telling) {
            (Stands::Down, Some(telling)) => {
                telling.stop()?.ok_or("the publisher had no trouble where nobody listens")?;
                self.told(&Telling::start(&self.shard.store, &url)?)?;
            }
            (_, Some(telling)) => self.told(&telling)?,
            (_, None) => exact("events of who tells nobody", self.shard.waiting()?, 0)?,
        }
        Ok(took / IN_A_TURN)
    }

    /// What stands in the stream in the end is what the rounds of the turn brought.
    fn told(&mut self, telling: &Telling) -> Result<()> {
        let events = u64::from(self.routers * IN_A_TURN);
        telling.until_told(events)?;
        let gained = numbers::gained(self.routers * self.each, self.round - IN_A_TURN, self.round);
        stream::check("events of a turn", &stream::read(&mut self.look)?, events, gained)
    }
}

fn section(written: &Written<'_>, [unset, up, down]: [Duration; 3]) -> Section {
    let Written { routers, each, .. } = written;
    Section {
        figures: vec![
            figure("while Redis is down, against while it is up", (down, up), Some(Target::AtMost(1.05))),
            figure("while Redis is down, against where it is not named", (down, unset), None),
            figure("while Redis is up, against where it is not named", (up, unset), None),
        ],
        notes: vec![format!(
            "Redis away: {routers} routers of {each} sessions, all moved, given to the store at once as in the shard measurement, by \
             turns of {IN_A_TURN} rounds (one of them opens new ledger entries) into one database: with Redis up, the publisher \
             telling what the round before brought while the next is written; with a publisher whose port refuses; and without \
             Redis, so that nothing is written down to be told. The publisher is in the process that writes, Redis on the same \
             machine. After each turn the books are exact; what waited is told, and the stream holds each event once, in order, \
             and all octets."
        )],
    }
}

fn figure(what: &str, (ours, bound): (Duration, Duration), target: Option<Target>) -> Figure {
    let millis = |took: Duration| format!("{:.0} ms", took.as_secs_f64() * 1e3);
    Figure {
        what: format!("a round {what}"),
        ours: millis(ours),
        bound: millis(bound),
        value: ours.as_secs_f64() / bound.as_secs_f64(),
        unit: "x",
        target,
    }
}
