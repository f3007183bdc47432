//! The subscriber of the scripts whose traffic passes a simple queue: it is renamed, set, reset, removed and made anew, and
//! what really passed is the truth.

use accounting::Octets;
use accounting::login::LoginKind;
use accounting::snapshot::Snapshot;
use accounting::standing::login_of_counter;
use accounting::table::Table;
use collector::link::Link;
use routeros_proto::Command;
use routeros_sim::world::World;
use store::NewSubscriber;

use super::checked::Passed;
use super::facing;
use super::script::QueueAct;

/// The name of the queue when it was enrolled, and the login that is.
const NAME: &str = "q ana";
pub(super) const LOGIN: &str = "queue:q ana";
/// What it is called after a rename.
const OTHER_NAME: &str = "to ana, =y";

/// Rounds in a row that must lack a row before it is believed to be gone (`accounting::apply::absence`).
const ROUNDS_TO_BELIEVE: u32 = 2;

/// What polling could know of it.
#[derive(Default)]
pub(super) struct Queue {
    /// What had passed before and after the first round that showed it.
    seen: Option<[Octets; 2]>,
    before_round: Octets,
    /// What its row showed last, and how often the router had restarted by then.
    last: Option<(Octets, u32)>,
    /// Its counter started over since.
    reset: bool,
    /// A `set` starts it over.
    set_starts_over: bool,
    lacking: u32,
    /// No bound can be asked: a reset left no trace, or prints said that it was gone while it was there.
    beyond: bool,
}

impl Queue {
    pub(super) fn of(set_starts_over: bool) -> Self {
        Queue { set_starts_over, ..Queue::default() }
    }

    pub(super) fn begin(&mut self, world: &World) {
        self.before_round = passed(world);
    }

    pub(super) fn read(&mut self, world: &World, snapshot: &Snapshot) {
        let Some(print) = snapshot.standing.iter().find(|print| print.table == Table::Queue) else { return };
        let Some(row) = print.rows.rows().next() else {
            self.lacking += 1;
            self.beyond |= self.seen.is_some() && self.lacking >= ROUNDS_TO_BELIEVE;
            return;
        };
        self.lacking = 0;
        self.seen.get_or_insert([self.before_round, passed(world)]);
        let traced = |(value, reboots): (Octets, u32)| {
            row.octets.grown_since(value).is_none() && reboots == world.reboots()
        };
        self.beyond |= self.reset && !self.last.is_some_and(traced);
        self.reset = false;
        self.last = Some((row.octets, world.reboots()));
    }

    /// What passed it, if a round ever showed it.
    pub(super) fn passed(&self, world: &World) -> Option<Passed> {
        Some(Passed { by_now: passed(world), seen: self.seen?, hidden: Octets::ZERO, beyond: self.beyond })
    }

    /// An admin does something to the queue; nothing where the router does not answer.
    pub(super) async fn act(&mut self, link: &mut Link, act: QueueAct) {
        let mut tell = async |path: &str, settings: &[(&str, &str)]| {
            let named = |command: Command, (name, value): &(&str, &str)| command.attr(name, value);
            let command = settings.iter().fold(Command::new(path), named);
            link.print(&command, |_| ()).await.is_ok()
        };
        for name in [NAME, OTHER_NAME] {
            let numbers = ("numbers", name);
            let done = match act {
                QueueAct::Rename => {
                    let to = if name == NAME { OTHER_NAME } else { NAME };
                    tell("/queue/simple/set", &[numbers, ("name", to)]).await
                }
                QueueAct::Set => {
                    tell("/queue/simple/set", &[numbers, ("max-limit", "9000000/8000000")]).await
                }
                QueueAct::Reset => tell("/queue/simple/reset-counters", &[numbers]).await,
                QueueAct::Remake => {
                    tell("/queue/simple/remove", &[numbers]).await
                        && tell("/queue/simple/add", &[("name", NAME), ("target", "10.7.0.7")]).await
                }
            };
            if done {
                let is_set = matches!(act, QueueAct::Rename | QueueAct::Set);
                self.reset |= !is_set || self.set_starts_over;
                return;
            }
        }
    }
}

/// The queue is made.
pub(super) async fn add(link: &mut Link) {
    let command = Command::new("/queue/simple/add").attr("name", NAME).attr("target", "10.7.0.7");
    link.print(&command, |_| ()).await.unwrap();
}

pub(super) fn set_rates(world: &mut World, up_kbps: u64, down_kbps: u64) {
    for name in [NAME, OTHER_NAME] {
        world.set_rates_through(name, up_kbps * 1_000, down_kbps * 1_000);
    }
}

pub(super) fn subscriber() -> NewSubscriber {
    let login = login_of_counter(Table::Queue, NAME.as_bytes());
    NewSubscriber {
        id: uuid::Uuid::from_u128(2),
        username: "queued".to_owned(),
        kind: LoginKind::StaticIp,
        login: login.name.into(),
        ..facing::subscriber()
    }
}

fn passed(world: &World) -> Octets {
    let octets = world.traffic_of_queue(NAME);
    Octets::new(octets.input, octets.output)
}
