//! Many small routers shared by two processes on one server.

use std::collections::HashSet;
use std::time::Duration;

use collector::supervisor::SupervisorConfig;
use routeros_sim::world::Mark;

use super::many_routers::EACH;
use super::shares::{Router, Shares};
use crate::books::{Books as _, PostgresBooks};
use crate::child::Daemon;
use crate::daemon::KEY;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::database;
use crate::plant::routers::Routers;
use crate::scale::Scale;
use crate::timing::{ROUNDS, median, timed};

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
    let shares =
        Shares::of(&before, &two.routers()?, &turns.iter().map(|turn| &*turn.asked).collect::<Vec<_>>())?;
    one.stop()?;
    let taken_over = two.one_is_killed()?;
    two.stop()?;
    let took = |of: fn(&Turn) -> Duration| median(turns.iter().map(of).collect());
    Ok(section(scale, &shares, (took(|turn| turn.two), took(|turn| turn.one)), taken_over))
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

    /// Ends one as a power cut would: until the last of its routers was read by another, and that was committed.
    fn one_is_killed(&mut self) -> Result<Duration> {
        let before = self.routers()?;
        self.daemons.pop().ok_or("there is none to be killed")?.kill()?;
        let (read, took) = timed(|| self.until_all_are_read_by_one(&before));
        read.map(|()| took)
    }

    fn until_all_are_read_by_one(&mut self, before: &[Router]) -> Result<()> {
        let is_read = |(then, now): (&Router, &Router)| then.holder == now.holder || now.rounds > then.rounds;
        for _ in 0..LOOKS {
            let now = self.routers()?;
            let holders: HashSet<_> = now.iter().map(|router| &router.holder).collect();
            if holders.len() == 1 && before.iter().zip(&now).all(is_read) {
                return Ok(());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Err("the routers of a process that was killed were not read by the other".into())
    }

    fn stop(self) -> Result<()> {
        self.daemons.into_iter().try_for_each(Daemon::stop)
    }
}

fn section(
    scale: &Scale,
    shares: &Shares,
    (two, one): (Duration, Duration),
    taken_over: Duration,
) -> Section {
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
    let SupervisorConfig { term, default_interval, .. } = SupervisorConfig::default();
    let may = term + default_interval;
    let take_over = Figure {
        what:
            "fleet: one is killed: until the last of its routers is read by the other and committed, against \
               its term and an interval"
                .to_owned(),
        ours: millis(taken_over),
        bound: millis(may),
        value: taken_over.as_secs_f64() / may.as_secs_f64(),
        unit: "x",
        target: Some(Target::AtMost(1.0)),
    };
    let figures = vec![
        share("rounds committed", shares.least(|share| share.rounds)),
        share("prints of counters", shares.least(|share| share.asked)),
        time,
        take_over,
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
         compared with the routers' own truth after each round. In the end one process is killed with nothing said before; what \
         another takes over it reads at once, so that most of that time is the term.",
        scale.sessions / EACH
    )
}
