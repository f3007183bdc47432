//! The subscriber with a static address in the scripts: their interface is renamed, reset, removed and made anew, and what
//! really passed on it is the truth.

use accounting::Octets;
use accounting::login::LoginKind;
use accounting::snapshot::Snapshot;
use accounting::table::Table;
use routeros_sim::world::{FixedKind, World};
use store::{NewSubscriber, Scope, SubscriberStatus};

use super::checked::Passed;
use super::script::Act;

/// The name of the interface when it was enrolled, and the login that is.
pub(super) const NAME: &str = "vlan101";
pub(super) const LOGIN: &str = "interface:vlan101";
/// What it is called after a rename.
const OTHER_NAME: &str = "to ana, =x";

/// Rounds in a row that must lack a row before it is believed to be gone (`accounting::apply::absence`).
const ROUNDS_TO_BELIEVE: u32 = 2;

/// What polling could know of it.
#[derive(Default)]
pub(super) struct Facing {
    /// What had passed before and after the first round that showed it.
    seen: Option<[Octets; 2]>,
    before_round: Option<Octets>,
    resets_before: u32,
    /// It was reset since the last reading, and a round failed since: what that one printed is not used.
    reset: bool,
    failed: bool,
    lacking: u32,
    /// No bound can be asked: a trace was lost, or prints said that it was gone while it was there.
    beyond: bool,
}

impl Facing {
    pub(super) fn begin(&mut self, world: &World) {
        self.before_round = Some(passed(world));
        self.reset |= world.resets_on(NAME) > self.resets_before;
        self.resets_before = world.resets_on(NAME);
    }

    pub(super) fn failed(&mut self) {
        self.failed = true;
    }

    pub(super) fn read(&mut self, world: &World, snapshot: &Snapshot) {
        self.beyond |= self.reset && self.failed;
        (self.reset, self.failed) = (false, false);
        let mut prints = snapshot.standing.iter().filter(|print| print.table == Table::Facing);
        let shown = prints.next().is_some_and(|print| !print.rows.is_empty());
        self.lacking = if shown { 0 } else { self.lacking + 1 };
        if shown {
            let before = self.before_round.unwrap_or_default();
            self.seen.get_or_insert([before, passed(world)]);
        }
        self.beyond |= self.seen.is_some() && self.lacking >= ROUNDS_TO_BELIEVE;
    }

    /// What passed on it, if a round ever showed it.
    pub(super) fn passed(&self, world: &World) -> Option<Passed> {
        let (by_now, hidden) = (passed(world), octets(world.hidden_on(NAME)));
        Some(Passed { by_now, seen: self.seen?, hidden, beyond: self.beyond })
    }
}

fn passed(world: &World) -> Octets {
    octets(world.passed_on(NAME))
}

pub(super) fn apply(world: &mut World, act: &Act) {
    let name = world.name_now(NAME).expect("it is there all the time");
    match *act {
        Act::TransferOnFacing { up, down } => drop(world.transfer_on(&name, up, down)),
        Act::RenameFacing => {
            let to = if name == NAME.as_bytes() { OTHER_NAME } else { NAME };
            world.rename_interface(&name, to);
        }
        Act::ResetFacing => drop(world.reset_counters(&name)),
        Act::RemakeFacing => {
            world.remove_interface(&name);
            add(world);
        }
        _ => unreachable!("it is about something else"),
    }
}

pub(super) fn add(world: &mut World) {
    world.add_fixed_interface(NAME, FixedKind::Vlan, 2_000_000, 6_000_000);
}

pub(super) fn subscriber() -> NewSubscriber {
    NewSubscriber {
        id: uuid::Uuid::from_u128(1),
        username: "static".to_owned(),
        name: None,
        service: "static_ip".to_owned(),
        plan: None,
        status: SubscriberStatus::Active,
        expiry_at: None,
        zone: None,
        note: None,
        kind: LoginKind::StaticIp,
        login: LOGIN.as_bytes().to_vec(),
        scope: Scope::Router("r".to_owned()),
    }
}

fn octets(sim: routeros_sim::world::Octets) -> Octets {
    Octets::new(sim.input, sim.output)
}
