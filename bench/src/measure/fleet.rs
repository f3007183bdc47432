//! Many small routers shared by two processes on one server.

use std::time::Duration;

use routeros_sim::world::Mark;

use super::many_routers::EACH;
use crate::books::{Books as _, PostgresBooks};
use crate::child::Daemon;
use crate::daemon::KEY;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::database;
use crate::plant::routers::Routers;
use crate::scale::Scale;
use crate::timing::{ROUNDS, median};

/// Between two rounds, by the routers' clocks and the processes'.
const INTERVAL: Duration = Duration::from_secs(300);
/// How often, and how long between, it is looked whether the routers are shared out.
const LOOKS: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Measures it: the same routers polled by two processes that share a database, and by one that has its own, in turns.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("fleet")?;
    let routers = Routers::start(scale.sessions / EACH, EACH)?;
    let mut one = Polled::start(&folder, &routers, &["alone"])?;
    let mut two = Polled::start(&folder, &routers, &["east", "west"])?;
    // A first round is not counted: caches are cold, and who took a router over reads it at once.
    let mut turns = vec![Turn::of(&routers, &mut one, &mut two)?];
    let before = two.routers()?;
    for _ in 0..ROUNDS {
        turns.push(Turn::of(&routers, &mut one, &mut two)?);
    }
    let turns = turns.split_off(1);
    let shares = Shares::of(&before, &two.routers()?, &turns)?;
    one.stop()?;
    two.stop()?;
    let took = |of: fn(&Turn) -> Duration| median(turns.iter().map(of).collect());
    Ok(section(scale, &shares, (took(|turn| turn.two), took(|turn| turn.one))))
}

/// What a round of both took, and how often the two asked each router for its counters.
struct Turn {
    one: Duration,
    two: Duration,
    asked: Vec<u64>,
}

impl Turn {
    fn of(routers: &Routers, one: &mut Polled, two: &mut Polled) -> Result<Turn> {
        routers.pass(INTERVAL);
        let one = one.round(routers)?;
        let before = routers.counter_prints();
        let two = two.round(routers)?;
        let asked = routers.counter_prints().into_iter().zip(&before).map(|(now, then)| now - then);
        Ok(Turn { one, two, asked: asked.collect() })
    }
}

/// Processes on a database, and what they must have counted.
struct Polled {
    books: PostgresBooks,
    daemons: Vec<Daemon>,
    marks: Vec<Mark>,
}

/// A router as the database has it: who polls it, since how many changes of hands, and how many rounds were committed.
#[derive(Clone, Debug)]
struct Router {
    holder: Option<String>,
    epoch: i64,
    rounds: i64,
}

impl Polled {
    /// Starts processes of these names; the routers are shared out evenly, and the first round of each, which they poll by
    /// themselves, is committed.
    fn start(folder: &Folder, routers: &Routers, names: &[&str]) -> Result<Self> {
        let entries = (0..).zip(routers.addrs()).map(|(number, addr): (u32, _)| {
            database::sealed(database::router(&format!("bench-{number}"), addr), KEY)
        });
        let (books, _) = PostgresBooks::make(folder, "fleet", entries.collect(), EACH)?;
        let start = |name: &&str| Daemon::on(books.url(), name);
        let daemons = names.iter().map(start).collect::<Result<_>>()?;
        let mut polled = Polled { books, daemons, marks: Vec::new() };
        polled.until_it_begins(names)?;
        polled.marks = routers.mark();
        Ok(polled)
    }

    fn until_it_begins(&mut self, names: &[&str]) -> Result<()> {
        for _ in 0..LOOKS {
            let routers = self.routers()?;
            let of =
                |name: &str| routers.iter().filter(|router| router.holder.as_deref() == Some(name)).count();
            let shares: Vec<usize> = names.iter().map(|name| of(name)).collect();
            let differ =
                shares.iter().max().zip(shares.iter().min()).is_some_and(|(most, least)| most - least > 1);
            let all_shared = !differ && shares.iter().sum::<usize>() == routers.len();
            if all_shared && routers.iter().all(|router| router.rounds > 0) {
                return Ok(());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Err(format!("the routers were not shared out among {names:?} and read").into())
    }

    /// In their order.
    fn routers(&mut self) -> Result<Vec<Router>> {
        let sql = "SELECT lease_holder, lease_epoch, poll_seq FROM nas ORDER BY id";
        let rows = self.books.watcher()?.query(sql, &[])?;
        let router = |row: &postgres::Row| -> Result<Router> {
            Ok(Router { holder: row.try_get(0)?, epoch: row.try_get(1)?, rounds: row.try_get(2)? })
        };
        rows.iter().map(router).collect()
    }

    /// A round of every router, all processes at once: until the last of them is committed.
    fn order(&mut self) -> Result<Duration> {
        self.daemons.iter().try_for_each(|daemon| daemon.order(INTERVAL))?;
        let took =
            self.daemons.iter_mut().map(|daemon| Ok(daemon.taken()?.time)).collect::<Result<Vec<_>>>()?;
        Ok(took.into_iter().max().unwrap_or_default())
    }

    /// The same, and what the database holds then.
    fn round(&mut self, routers: &Routers) -> Result<Duration> {
        let took = self.order()?;
        self.books.kept()?.check("fleet", routers.sums().octets, routers.truth_since(&self.marks))?;
        Ok(took)
    }

    fn stop(self) -> Result<()> {
        self.daemons.into_iter().try_for_each(Daemon::stop)
    }
}

/// What each process did of all.
struct Shares(Vec<Share>);

#[derive(Debug)]
struct Share {
    name: String,
    routers: u64,
    /// Times routers were asked for their counters.
    asked: u64,
    /// Rounds committed.
    rounds: u64,
}

impl Shares {
    /// Who polls a router now did all its rounds since, for none changed hands.
    fn of(before: &[Router], after: &[Router], turns: &[Turn]) -> Result<Shares> {
        let mut shares: Vec<Share> = Vec::new();
        for (router, (then, now)) in before.iter().zip(after).enumerate() {
            let asked = turns.iter().filter_map(|turn| turn.asked.get(router)).sum();
            let rounds = u64::try_from(now.rounds - then.rounds)?;
            let name = now.holder.clone().filter(|_| now.epoch == then.epoch);
            let name = name.ok_or("a router changed hands, so that nobody knows who polled it")?;
            if rounds < turns.len() as u64 {
                return Err(format!("{rounds} rounds of a router of {name} were committed").into());
            }
            match shares.iter_mut().find(|share| share.name == name) {
                Some(share) => share.add(asked, rounds),
                None => shares.push(Share { name, routers: 1, asked, rounds }),
            }
        }
        Ok(Shares(shares))
    }

    /// The share of whoever did less, and all of it in words.
    fn least(&self, what: impl Fn(&Share) -> u64) -> (f64, String) {
        let all: u64 = self.0.iter().map(&what).sum();
        let least = self.0.iter().map(&what).min().unwrap_or_default();
        let told: Vec<String> =
            self.0.iter().map(|share| format!("{} {}", share.name, what(share))).collect();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let share = least as f64 / all as f64;
        (share, told.join(", "))
    }
}

impl Share {
    fn add(&mut self, asked: u64, rounds: u64) {
        (self.routers, self.asked, self.rounds) =
            (self.routers + 1, self.asked + asked, self.rounds + rounds);
    }
}

fn section(scale: &Scale, shares: &Shares, (two, one): (Duration, Duration)) -> Section {
    let share = |what: &str, (value, ours): (f64, String)| Figure {
        what: format!("fleet: {what} by the process that did less, of all"),
        ours,
        bound: String::new(),
        value,
        unit: "",
        // The other one did the rest: 0.55 at most.
        target: Some(Target::AtLeast(0.45)),
    };
    let millis = |took: Duration| format!("{:.0} ms", took.as_secs_f64() * 1e3);
    let time = Figure {
        what: "fleet: until all is committed, by two processes against one".to_owned(),
        ours: millis(two),
        bound: millis(one),
        value: two.as_secs_f64() / one.as_secs_f64(),
        unit: "x",
        target: None,
    };
    let figures = vec![
        share("rounds committed", shares.least(|share| share.rounds)),
        share("prints of counters", shares.least(|share| share.asked)),
        time,
    ];
    let has: Vec<String> = shares.0.iter().map(|share| format!("{} {}", share.name, share.routers)).collect();
    Section { figures, notes: vec![note(scale, &has.join(", "))] }
}

fn note(scale: &Scale, has: &str) -> String {
    format!(
        "fleet: {} simulated routers of {EACH} sessions in clear, polled by two processes like those of the memory measurement \
         (supervisor, pollers, actors, leases as in `tikmeter serve`, HTTP server) that share a database, and in turns by one \
         that has another; all routers of a process are read in the same moment, {INTERVAL:?} apart on clocks set by hand, all \
         counters moved. The routers are the processes' own by leases, and none changed hands meanwhile (the epoch of each is \
         compared): {has}. Rounds are counted by the database, prints by the routers. The routers, the server and all \
         processes share this machine, so that two of them have no more processors than one. The sums of both databases are \
         compared with the routers' own truth after each round.",
        scale.sessions / EACH
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(holder: &str, epoch: i64, rounds: i64) -> Router {
        Router { holder: Some(holder.to_owned()), epoch, rounds }
    }

    fn turn(asked: &[u64]) -> Turn {
        Turn { one: Duration::ZERO, two: Duration::ZERO, asked: asked.to_vec() }
    }

    #[test]
    fn the_share_of_whoever_did_less_is_told() {
        let before = ["east", "west", "west", "west"].map(|name| router(name, 2, 10));
        let after = [("east", 18), ("west", 16), ("west", 16), ("west", 16)];
        let after = after.map(|(name, rounds)| router(name, 2, rounds));
        let shares = Shares::of(&before, &after, &[turn(&[5, 3, 3, 3]), turn(&[4, 3, 3, 3])]).unwrap();
        let (share, told) = shares.least(|share| share.rounds);
        assert!((share - 8.0 / 26.0).abs() < 1e-9, "{share}");
        assert_eq!(told, "east 8, west 18");
        assert_eq!(shares.least(|share| share.asked).1, "east 9, west 18");
    }

    #[test]
    fn a_change_of_hands_and_a_round_too_few_are_errors() {
        let turns = [turn(&[1]), turn(&[1])];
        let after =
            |epoch, rounds| Shares::of(&[router("east", 2, 10)], &[router("east", epoch, rounds)], &turns);
        assert!(after(2, 12).is_ok());
        assert!(after(3, 12).is_err());
        assert!(after(2, 11).is_err());
    }
}
