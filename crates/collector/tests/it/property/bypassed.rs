//! The device of the scripts that the hotspot lets through at times, and that logs a user in at others: its host's counter
//! goes on all the while, and no octet of it may count twice.

use std::collections::BTreeSet;

use accounting::Octets;
use accounting::snapshot::{OwnedRows, Snapshot};
use routeros_sim::world::{Mark, SessionKey, SessionTruth, Truth, World};

use super::beyond::Prints;
use super::checked::Checked;
use super::script::DeviceAct;

/// The device, its login, and the user it logs in.
const MAC: &str = "2C:54:91:00:00:F0";
pub(super) const LOGIN: &str = "mac:2C:54:91:00:00:F0";
pub(super) const USER: &str = "till";

/// Rounds in a row that must lack a row before it is believed to be gone (`accounting::apply::absence`).
const ROUNDS_TO_BELIEVE: u32 = 2;

/// What polling could know of it.
#[derive(Default)]
pub(super) struct Bypassed {
    /// When the table of hosts was read first.
    since: Option<Mark>,
    /// The times it was let through that such a print showed.
    shown: BTreeSet<SessionKey>,
    lacking: u32,
    /// Prints said that it was gone while it was there.
    beyond: bool,
    /// Its counter begins at 0 when it is let through.
    starts_over: bool,
}

impl Bypassed {
    pub(super) fn of(starts_over: bool) -> Self {
        Bypassed { starts_over, ..Bypassed::default() }
    }

    /// A round was read.
    pub(super) fn read(&mut self, world: &World, snapshot: &Snapshot, before: &Prints) {
        let Some(hosts) = &snapshot.hosts else { return };
        self.since.get_or_insert_with(|| world.mark());
        let is_there = |rows: &OwnedRows| rows.rows().any(|row| row.counter.name == MAC.as_bytes());
        // The row of a login has its octets.
        let shown = is_there(hosts) && !snapshot.logins.as_ref().is_some_and(is_there);
        let stays = stays(&world.truth());
        if shown {
            let printed = stays.iter().filter(|stay| before.since(stay)[0]);
            self.shown.extend(printed.map(|stay| stay.key));
        }
        let is_up = stays.iter().any(|stay| stay.ended_us.is_none());
        self.lacking = if shown || !is_up { 0 } else { self.lacking + 1 };
        self.beyond |= self.lacking >= ROUNDS_TO_BELIEVE;
    }

    /// Nothing of it and of its user counts twice, and what it moved in the stays that were shown is within the bound.
    /// (That what it moved under a login which nobody saw counts for the device is said in the docs.)
    pub(super) fn check(
        &self,
        world: &World,
        (total, upper): (Octets, Option<u64>),
        of_user: Octets,
    ) -> Result<Checked, String> {
        let all = world.truth();
        let moved = sum(&stays(&all)) + sum(&of_login(&all, USER));
        let said = total + of_user;
        if said.input > moved.input || said.output > moved.output {
            return Err(format!(
                "{LOGIN} and {USER}: said {total:?} and {of_user:?}, together they moved {moved:?}"
            ));
        }
        let Some(since) = self.since.as_ref().filter(|_| !self.beyond) else { return Ok(Checked::Beyond) };
        // Between two readings a counter that started over may have overtaken its old value, as after a reset by hand.
        if self.starts_over && stays(&all).len() > 1 {
            return Ok(Checked::Beyond);
        }
        let Some(upper) = upper else { return Ok(Checked::Unbounded) };
        let mut shown = stays(&world.truth_since(since));
        shown.retain(|stay| self.shown.contains(&stay.key));
        let least = sum(&shown);
        if least.both() > total.both() + upper {
            return Err(format!("{LOGIN}: said {total:?} and at most {upper} more, it moved {least:?}"));
        }
        Ok(Checked::Bounded)
    }
}

fn stays(truth: &Truth) -> Vec<SessionTruth> {
    of_login(truth, LOGIN)
}

fn of_login(truth: &Truth, login: &str) -> Vec<SessionTruth> {
    truth.sessions.iter().filter(|session| session.login == login.as_bytes()).cloned().collect()
}

fn sum(sessions: &[SessionTruth]) -> Octets {
    sessions.iter().map(|session| Octets::new(session.octets.input, session.octets.output)).sum()
}

pub(super) fn apply(world: &mut World, act: DeviceAct) {
    match act {
        DeviceAct::LetThrough => {
            world.unbypass(MAC);
            world.bypass(MAC);
        }
        DeviceAct::HoldUp => world.unbypass(MAC),
        DeviceAct::Come { up_kbps, down_kbps } => {
            world.appear(MAC, up_kbps * 1_000, down_kbps * 1_000);
        }
        DeviceAct::LogIn { up_kbps, down_kbps } => {
            world.unbypass(MAC);
            world.log_in(USER, MAC, up_kbps * 1_000, down_kbps * 1_000);
        }
        DeviceAct::Transfer { up, down } => with_session(world, |world, key| world.transfer(key, up, down)),
        DeviceAct::Go => with_session(world, World::leave),
    }
}

fn with_session(world: &mut World, act: impl FnOnce(&mut World, SessionKey)) {
    let is_its = |world: &World, key: SessionKey| {
        [LOGIN, USER].iter().any(|login| world.login_of(key) == login.as_bytes())
    };
    let session = world.bypassed_sessions().chain(world.hotspot_sessions()).find(|key| is_its(world, *key));
    if let Some(key) = session {
        act(world, key);
    }
}
