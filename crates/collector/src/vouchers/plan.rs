//! Which commands put devices of vouchers in and out: pure. Only users with our mark, their logins and cookies, and our profile are
//! touched (DESIGN 16); values are compared as values, so that a second run has nothing to do.

use std::collections::{BTreeMap, BTreeSet};

use accounting::time::Micros;
use operations::{AdmitDevice, VoucherLeaving, VoucherLogin, Whose};
use routeros_proto::Command;

use super::present::Present;
use super::terms::terms;
use crate::routeros::hotspot_user::{
    HotspotUser, PROFILE, UserTerms, add_profile, add_user, log_in, remove_cookie, remove_login, remove_user,
    set_password, set_profile, set_user,
};

/// One command.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The login it is about; nobody's: our profile.
    pub(super) about: Option<Vec<u8>>,
    pub(super) command: Command,
    /// It takes something away: what is gone already does not have to be, and an `.id` that was read long ago may be another's by now
    /// (routeros.md §8, trap 9).
    pub(super) removes: bool,
}

/// What is to be done to let a device in.
#[derive(Clone, Debug)]
pub(super) enum Way {
    Steps(Vec<Step>),
    /// It is in, for so many seconds.
    In(u64),
    NotInSight,
    /// Its hotspot user is somebody else's.
    Taken,
}

/// Who of the users that are shown is to go, or has another device by now. Those who are being let in are left to who does that.
pub(super) fn leaving<'p>(
    wanted: &[VoucherLogin],
    present: &'p Present,
) -> impl Iterator<Item = &'p HotspotUser> {
    let wanted = by_login(wanted);
    let goes = move |user: &&HotspotUser| match wanted.get(&*user.name) {
        Some(who) => who.is_in && who.mac != user.mac,
        None => true,
    };
    present.ours().filter(goes)
}

/// The names of those of whom cookies have to be known, for something of them is to go.
pub(super) fn goes<'a>(
    wanted: &[VoucherLogin],
    off: &'a [VoucherLeaving],
    present: &'a Present,
) -> Vec<&'a [u8]> {
    let mut names: Vec<&[u8]> = leaving(wanted, present).map(|user| &*user.name).collect();
    names.extend(off.iter().map(|gone| &*gone.login));
    names.sort_unstable();
    names.dedup();
    names
}

/// The names that are ours by the books and that no user with our mark has: somebody else's may.
pub(super) fn unseen<'a>(
    wanted: &'a [VoucherLogin],
    off: &'a [VoucherLeaving],
    present: &Present,
) -> Vec<&'a [u8]> {
    let ours: BTreeSet<&[u8]> = present.ours().map(|user| &*user.name).collect();
    let names = wanted.iter().map(|who| &*who.login).chain(off.iter().map(|gone| &*gone.login));
    names.filter(|name| !ours.contains(name)).collect()
}

/// The commands that lead from what is shown to what is wanted. `password`: for users who are not there; nobody ever needs it again.
pub(super) fn keep(
    wanted: &[VoucherLogin],
    off: &[VoucherLeaving],
    present: &Present,
    now: Micros,
    password: &str,
) -> Vec<Step> {
    let removals = removals(wanted, off, present);
    let wanted = by_login(wanted);
    let (mut changes, mut missing) = (Vec::new(), wanted.clone());
    for user in present.ours() {
        missing.remove(&*user.name);
        let stays = wanted.get(&*user.name).filter(|who| who.is_in && who.mac == user.mac);
        changes.extend(stays.and_then(|who| right(who, user, present, now)));
    }
    // One of a name that somebody else's user has would be refused in each pass.
    for who in missing.values().filter(|who| who.is_in && !present.is_taken(&who.login)) {
        let login = present.login(&who.login, &who.mac);
        let terms = terms(who, None, login, now);
        changes.push(makes(&who.login, add_user(&who.login, password, &who.mac, terms, &present.marks)));
    }
    let profile = if missing.len() < wanted.len() || !changes.is_empty() { profile(present) } else { None };
    removals.into_iter().chain(profile).chain(changes).collect()
}

/// What has to be taken away.
pub(super) fn removals(wanted: &[VoucherLogin], off: &[VoucherLeaving], present: &Present) -> Vec<Step> {
    let wanted = by_login(wanted);
    let mut removals = Vec::new();
    for user in present.ours() {
        match wanted.get(&*user.name) {
            None => removals.extend(away(user, present)),
            Some(who) if who.is_in => {
                removals.extend(strangers(who, &user.name, present));
                // What it adds up is another device's: it is made anew.
                removals.extend((who.mac != user.mac).then(|| removes(&user.name, remove_user(&user.id))));
            }
            Some(_) => {}
        }
    }
    // A login outlives its user's row (routeros.md §8, trap 15).
    let is_bare = |gone: &&VoucherLeaving| !present.users.iter().any(|user| user.name == gone.login);
    for gone in off.iter().filter(is_bare) {
        removals.extend(taken_off(&gone.login, present, |mac| mac == gone.mac));
    }
    removals
}

/// What has to be taken away before this device is let in.
pub(super) fn removals_before(device: &AdmitDevice, present: &Present) -> Vec<Step> {
    let who = &device.who;
    match begins_anew(who, present) {
        Some(user) => away(user, present),
        None => strangers(who, &who.login, present),
    }
}

/// The user of before of one that logs in with so much data and no more: what its row adds up of before, and whether, is not
/// established (routeros.md U5), so that it is made anew and its limit is what is left.
fn begins_anew<'p>(who: &VoucherLogin, present: &'p Present) -> Option<&'p HotspotUser> {
    let user = present.ours().find(|user| user.name == who.login)?;
    (who.left_octets.is_some() && present.login(&who.login, &who.mac).is_none()).then_some(user)
}

/// What lets this device in: its user with a new password, and a login with it.
pub(super) fn admit(device: &AdmitDevice, present: &Present, now: Micros, password: &str) -> Way {
    let AdmitDevice { who, address } = device;
    if !present.hosts.iter().any(|host| host.is(&who.mac, address)) {
        return Way::NotInSight;
    }
    let user = present.users.iter().find(|user| user.name == who.login);
    if user.is_some_and(|user| !user.is_ours()) {
        return Way::Taken;
    }
    let mut steps = Vec::new();
    steps.extend(user.into_iter().flat_map(|_| removals_before(device, present)));
    steps.extend(profile(present));
    let login = present.login(&who.login, &who.mac);
    match user.filter(|_| begins_anew(who, present).is_none()) {
        Some(user) => {
            steps.extend(right(who, user, present, now));
            steps.extend(login.is_none().then(|| makes(&who.login, set_password(&user.id, password))));
        }
        None => {
            let terms = terms(who, None, login, now);
            let add = add_user(&who.login, password, &who.mac, terms, &present.marks);
            steps.push(makes(&who.login, add));
        }
    }
    match login {
        Some(login) if steps.is_empty() => return Way::In(login.uptime_s),
        Some(_) => {}
        None => steps.push(makes(&who.login, log_in(&who.login, password, &who.mac, address))),
    }
    Way::Steps(steps)
}

/// First the cookies, or it is back within a second (routeros.md §8, trap 19); the user last, for it tells that these are ours.
fn away(user: &HotspotUser, present: &Present) -> Vec<Step> {
    let mut steps = taken_off(&user.name, present, |_| true);
    steps.push(removes(&user.name, remove_user(&user.id)));
    steps
}

/// Other devices than the one that is wanted as this user: it had another until now.
fn strangers(who: &VoucherLogin, user: &[u8], present: &Present) -> Vec<Step> {
    taken_off(user, present, |mac| mac != who.mac)
}

fn taken_off(user: &[u8], present: &Present, which: impl Fn(&[u8]) -> bool) -> Vec<Step> {
    let cookies = present.cookies.iter().filter(|cookie| cookie.user == user && which(&cookie.mac));
    let logins = present.logins_of(user).filter(|login| which(&login.mac));
    let cookies = cookies.map(|cookie| removes(user, remove_cookie(&cookie.id)));
    cookies.chain(logins.map(|login| removes(user, remove_login(&login.id)))).collect()
}

fn right(who: &VoucherLogin, user: &HotspotUser, present: &Present, now: Micros) -> Option<Step> {
    let terms = terms(who, Some(user), present.login(&who.login, &who.mac), now);
    let shown = UserTerms { limit_uptime_us: user.limit_uptime_us, limit_octets: user.limit_octets };
    let is_its = user.mac == who.mac && user.whose == Whose::Ours;
    let stands = terms == shown && is_its && user.profile == PROFILE.as_bytes() && !user.is_off;
    (!stands).then(|| makes(&who.login, set_user(&user.id, &who.mac, terms, &present.marks)))
}

fn profile(present: &Present) -> Option<Step> {
    let command = match &present.profile {
        None => add_profile(),
        Some(profile) if !profile.is_as_wanted => set_profile(&profile.id),
        Some(_) => return None,
    };
    Some(Step { about: None, command, removes: false })
}

fn makes(about: &[u8], command: Command) -> Step {
    Step { about: Some(about.to_vec()), command, removes: false }
}

fn removes(about: &[u8], command: Command) -> Step {
    Step { about: Some(about.to_vec()), command, removes: true }
}

fn by_login(wanted: &[VoucherLogin]) -> BTreeMap<&[u8], &VoucherLogin> {
    wanted.iter().map(|who| (&*who.login, who)).collect()
}
