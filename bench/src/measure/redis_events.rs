//! Telling over Redis what many routers' rounds brought, against a bare client that has the same entries ready.

use std::time::Duration;

use redis::Connection;

use super::shard::Shard;
use crate::bound::bare_xadd::{BareXadd, Batch};
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::redis_server::RedisServer;
use crate::plant::stream::Entry;
use crate::plant::telling::Teller;
use crate::plant::{numbers, stream};
use crate::scale::Scale;
use crate::timing::{Medians, ROUNDS, median, timed};

/// Sessions of a router.
const EACH: u32 = 100;
/// Rounds that wait of each router where Redis was away.
const BACKLOG: u32 = 5;

/// Of a bare client's speed.
const LEAST: Target = Target::AtLeast(0.5);

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("redis")?;
    let redis = RedisServer::start(&folder)?;
    let mut outbox = Outbox::open(&folder, &redis, scale.sessions / EACH)?;
    let round = compare(&mut outbox, &redis, 1, Begins::Running)?;
    let backlog = compare(&mut outbox, &redis, BACKLOG, Begins::Running)?;
    let first = compare(&mut outbox, &redis, 1, Begins::Anew)?;
    Ok(section(scale.sessions / EACH, &round, &backlog, &first))
}

/// The publisher that is timed.
#[derive(Clone, Copy, PartialEq)]
enum Begins {
    /// It told the round before.
    Running,
    /// Its process has just begun.
    Anew,
}

/// What was told, how long it took, and in how many transactions of Redis'.
struct Compared {
    medians: Medians,
    entries: usize,
    octets: usize,
    batches: usize,
}

/// So many rounds of each router are told by the publisher, and the same entries sent by the bare client, in turns.
fn compare(outbox: &mut Outbox, redis: &RedisServer, rounds: u32, begins: Begins) -> Result<Compared> {
    let mut bare = BareXadd::open(redis.addr(), RedisServer::PASSWORD)?;
    let (mut ours, mut bound, mut ready) = (Vec::new(), Vec::new(), Vec::new());
    // The first turn is not counted: caches and pages are cold.
    for _ in 0..=ROUNDS {
        if begins == Begins::Anew {
            outbox.teller = Teller::new(&outbox.shard.store, &outbox.url)?;
        }
        ours.push(outbox.tell(rounds)?);
        ready = outbox.as_batches(rounds, begins)?;
        stream::empty(&mut outbox.look)?;
        let (sent, took) = timed(|| bare.send(&ready));
        sent?;
        outbox.told(rounds)?;
        bound.push(took);
    }
    let medians = Medians { ours: median(ours.split_off(1)), bound: median(bound.split_off(1)) };
    let octets = ready.iter().map(Batch::octets).sum();
    let entries = ready.iter().map(Batch::commands).sum();
    Ok(Compared { medians, entries, octets, batches: ready.len() })
}

/// A database in which rounds wait to be told, and the stream they are told in.
struct Outbox {
    shard: Shard,
    routers: u32,
    round: u32,
    url: String,
    teller: Teller,
    look: Connection,
}

impl Outbox {
    fn open(folder: &Folder, redis: &RedisServer, routers: u32) -> Result<Outbox> {
        let mut shard = Shard::open(folder, routers, EACH)?;
        shard.round(0)?;
        shard.store.write_events(true);
        let url = redis.url();
        let teller = Teller::new(&shard.store, &url)?;
        Ok(Outbox { shard, routers, round: 0, url, teller, look: redis.connect()? })
    }

    /// Commits so many rounds, and says how long it takes until all of it is told and nothing waits.
    fn tell(&mut self, rounds: u32) -> Result<Duration> {
        for _ in 0..rounds {
            self.round += 1;
            self.shard.round(self.round)?;
        }
        self.shard.check(self.round)?;
        stream::empty(&mut self.look)?;
        let events = u64::from(rounds * self.routers);
        let (told, took) = timed(|| self.teller.tell(events));
        told?;
        Ok(took)
    }

    /// What stands in the stream is what the last rounds brought.
    fn told(&mut self, rounds: u32) -> Result<Vec<Entry>> {
        let entries = stream::read(&mut self.look)?;
        let gained = numbers::gained(self.routers * EACH, self.round - rounds, self.round);
        stream::check("events told", &entries, u64::from(rounds * self.routers), gained)?;
        Ok(entries)
    }

    /// The same entries, in as many batches as the publisher made of them.
    fn as_batches(&mut self, rounds: u32, begins: Begins) -> Result<Vec<Batch>> {
        let entries = self.told(rounds)?;
        // Who connects tries one to see whether Redis lets it do so.
        let tried = usize::from(begins == Begins::Anew);
        let batches = stream::transactions(&mut self.look)?.saturating_sub(tried).max(1);
        let commands: Vec<_> = entries.iter().map(Entry::command).collect();
        Ok(commands.chunks(commands.len().div_ceil(batches)).map(Batch::of).collect())
    }
}

fn section(routers: u32, round: &Compared, backlog: &Compared, first: &Compared) -> Section {
    let note = |compared: &Compared| {
        format!(
            "{} entries of {} bytes in {} transactions",
            compared.entries,
            compared.octets / compared.entries,
            compared.batches
        )
    };
    Section {
        figures: vec![
            figure("redis: a round of each router told", round, Some(LEAST)),
            figure(
                &format!("redis: {BACKLOG} rounds of each router told after Redis was away"),
                backlog,
                Some(LEAST),
            ),
            figure("redis: a round of each router told by a publisher that has just begun", first, None),
        ],
        notes: vec![format!(
            "redis: {routers} routers of {EACH} sessions, all moved, one packed event a router and round; {}; where {BACKLOG} rounds \
             wait {}. The publisher told the round before, unless it is said that it has just begun. Ours starts with rows that wait in PostgreSQL, when the publisher looks (it does so once a second; that \
             wait is not in it), and ends when no row is left: it looks at what waits, reads and unpacks rows, makes JSON of \
             them with the names that it holds, sends them in transactions of Redis' (`MULTI`), and deletes the rows in \
             transactions that are durable. One that has just begun is not connected yet and has all names to look up, which is \
             what its time goes to; a name is looked up again after half an hour, and the round after that is like the first. The bound has \
             the same commands ready as bytes, sends as many of them at once over an open connection, pipelined without `MULTI`, \
             and reads the ids: no database, no JSON. Redis keeps everything in memory (`--save \"\"`, no append-only file), on \
             the same machine. After each turn of both the stream is read back: every router's events in order without a gap, \
             all octets of them the sum of what moved.",
            note(round),
            note(backlog),
        )],
    }
}

fn figure(what: &str, compared: &Compared, target: Option<Target>) -> Figure {
    let told = |took: Duration| {
        let seconds = took.as_secs_f64();
        let per_second = compared.octets as f64 / f64::from(1 << 20) / seconds;
        format!("{:.0} ms, {per_second:.0} MiB a second", seconds * 1e3)
    };
    Figure {
        what: what.to_owned(),
        ours: told(compared.medians.ours),
        bound: told(compared.medians.bound),
        value: compared.medians.speed(),
        unit: "x",
        target,
    }
}
