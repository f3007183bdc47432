//! What happens in the world of a script.

use std::time::Duration;

use routeros_sim::world::{Service, SessionKey, World};

use super::beyond::{Resets, note_resets};
use super::script::{Act, BOB, BOUND_LOGIN, LOGINS, USERS};
use super::{bypassed, facing, queue};

/// The MAC address of a device of the hotspot.
pub(super) fn hotspot_mac(number: usize) -> String {
    format!("2C:54:91:00:00:{number:02X}")
}

pub(super) fn mac(login: usize) -> String {
    format!("AA:BB:CC:00:00:{login:02X}")
}

pub(super) fn apply(world: &mut World, act: &Act, resets: &Resets) {
    match *act {
        Act::Connect { login, service, up_kbps, down_kbps } => {
            let service = if login == BOUND_LOGIN { Service::Pppoe } else { service };
            world.connect(LOGINS[login], service, mac(login), up_kbps * 1_000, down_kbps * 1_000);
        }
        Act::Disconnect(nth) => with_live(world, nth, |world, key| world.disconnect(key)),
        Act::DisconnectNewest => {
            let newest = world.live_sessions().last();
            newest.into_iter().for_each(|key| world.disconnect(key));
        }
        Act::LogIn { user, device: number, up_kbps, down_kbps } => {
            world.log_in(USERS[user], hotspot_mac(number), up_kbps * 1_000, down_kbps * 1_000);
        }
        Act::Roam { nth, device: number } => with_guest(world, nth, |world, key| {
            let mac = number.map(hotspot_mac);
            world.roam(key, mac.as_deref().map(str::as_bytes));
        }),
        Act::Leave(nth) => with_guest(world, nth, |world, key| world.leave(key)),
        Act::LeaveOf(user) => {
            let of_user = |key: &SessionKey| world.login_of(*key) == USERS[user];
            let sessions: Vec<SessionKey> = world.hotspot_sessions().filter(of_user).collect();
            sessions.into_iter().for_each(|key| world.leave(key));
        }
        Act::ResetUser(user) => world.reset_hotspot_user(USERS[user]),
        Act::RemakeUser(user) => {
            world.remove_hotspot_user(USERS[user]);
            world.add_hotspot_user(USERS[user]);
        }
        Act::Reconnect(nth) => with_live(world, nth, |world, key| {
            world.reconnect(key);
        }),
        Act::ReconnectFaster(nth) => with_live(world, nth, |world, key| {
            world.reconnect_at(key, 40_000_000, 80_000_000);
        }),
        Act::ReconnectLeavingTwin(nth) => with_ppp(world, nth, |world, key| {
            world.reconnect_leaving_twin(key, Duration::from_secs(20));
        }),
        Act::Transfer { session, up, down } => {
            with_live(world, session, |world, key| world.transfer(key, up, down))
        }
        Act::Reboot { silent_s, redial } => {
            let silent = Duration::from_secs(silent_s);
            if redial {
                world.reboot_and_redial(Duration::from_secs(2), Duration::from_secs(1));
            } else {
                world.reboot_silent_for(silent);
            }
        }
        Act::ResetCounters(nth) => with_ppp(world, nth, |world, key| {
            let name = world.interface_name_of(key).to_vec();
            note_resets(world, resets, &[key]);
            world.reset_counters(name);
        }),
        Act::ResetAllCounters => {
            let live: Vec<SessionKey> = world.live_sessions().collect();
            note_resets(world, resets, &live);
            world.reset_all_counters();
        }
        Act::HandOver { up, down } => hand_over(world, up, down),
        Act::TransferOnFacing { .. } | Act::RenameFacing | Act::ResetFacing | Act::RemakeFacing => {
            facing::apply(world, act);
        }
        Act::OfDevice(act) => bypassed::apply(world, act),
        Act::RatesThroughQueue { up_kbps, down_kbps } => queue::set_rates(world, up_kbps, down_kbps),
        Act::Advance(_) => unreachable!("time moves for both clocks at once"),
    }
}

fn hand_over(world: &mut World, up: u64, down: u64) {
    let bears_it = |key: &SessionKey| world.interface_name_of(*key) == b"<pppoe-bob-1>";
    let Some(holder) = world.live_sessions().find(bears_it) else { return };
    let heir = if world.login_of(holder) == LOGINS[BOB] { BOB + 1 } else { BOB };
    world.disconnect(holder);
    let heir = world.connect(LOGINS[heir], Service::Pppoe, mac(heir), 0, 0);
    world.transfer(heir, up, down);
}

fn with_live(world: &mut World, nth: usize, act: impl FnOnce(&mut World, SessionKey)) {
    with_one_of(world.live_sessions().chain(world.hotspot_sessions()).collect(), world, nth, act);
}

fn with_ppp(world: &mut World, nth: usize, act: impl FnOnce(&mut World, SessionKey)) {
    with_one_of(world.live_sessions().collect(), world, nth, act);
}

fn with_guest(world: &mut World, nth: usize, act: impl FnOnce(&mut World, SessionKey)) {
    with_one_of(world.hotspot_sessions().collect(), world, nth, act);
}

fn with_one_of(
    live: Vec<SessionKey>,
    world: &mut World,
    nth: usize,
    act: impl FnOnce(&mut World, SessionKey),
) {
    if !live.is_empty() {
        act(world, live[nth % live.len()]);
    }
}
