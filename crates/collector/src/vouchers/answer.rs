//! What is told of a pass, as the router showed it last: a `done` is no proof.

use std::collections::{BTreeSet, HashSet};

use operations::{
    Admission, HotspotHost, MarkOn, Marks, RouterCommandError, VoucherFound, VoucherLeaving, VoucherLogin,
    VouchersKept, name_for_people,
};

use super::pass::Seen;
use super::plan::Way;

/// How those who are wanted stand, and those who have to be off.
pub(super) fn kept(wanted: &[VoucherLogin], leaving: &[VoucherLeaving], seen: Seen) -> VouchersKept {
    let found = |who: &VoucherLogin| {
        let login = seen.present.login(&who.login, &who.mac);
        let row = seen.present.ours().find(|user| user.name == who.login);
        let (of_login, of_row) = (login.map_or(0, |login| login.octets), row.map_or(0, |row| row.octets));
        let uptime_s = login.map(|login| login.uptime_s);
        (who.login.clone(), VoucherFound { uptime_s, octets: of_login.max(of_row) })
    };
    let found = wanted.iter().map(found).collect();
    let known = wanted.iter().map(|who| (&who.login, &who.mac));
    let known = known.chain(leaving.iter().map(|gone| (&gone.login, &gone.mac)));
    let taken: HashSet<&Vec<u8>> =
        seen.present.users.iter().filter(|user| !user.is_ours()).map(|user| &user.name).collect();
    let logins: HashSet<(&Vec<u8>, &Vec<u8>)> =
        seen.present.logins.iter().map(|login| (&login.user, &login.mac)).collect();
    // Of a user that lost our mark it is not known whether the device is off.
    let may_be_in = |who: &(&Vec<u8>, &Vec<u8>)| taken.contains(who.0) || logins.contains(who);
    let unmarked_or_bare = known.clone().filter(may_be_in).map(|(login, _)| login);
    let ours = seen.present.ours().map(|user| &user.name);
    let shown: BTreeSet<Vec<u8>> = ours.chain(unmarked_or_bare).cloned().collect();
    let left = (seen.left > 0).then(|| "the router does not show what was sent to it".to_owned());
    let lost = known.map(|(login, _)| login).find(|login| taken.contains(login));
    let lost = lost.map(|login| unmarked(login, &seen.present.marks));
    let shown = shown.into_iter().collect();
    VouchersKept { found, shown, commands: seen.commands, stays: seen.refused.or(lost).or(left) }
}

/// Of a user of our name that is not ours, or not any more.
fn unmarked(login: &[u8], marks: &Marks) -> String {
    let (name, mark) = (name_for_people(login), marks.comment(MarkOn::Voucher));
    format!(
        "a hotspot user of the router is called {name} and does not carry our mark, so it is left alone and its device is not put out by \
         us; if it is the voucher's, give it its mark back with /ip hotspot user set [find name=\"{name}\"] comment=\"{mark}\", else \
         rename or remove it on the router"
    )
}

/// Whether the device is in.
pub(super) fn admitted(login: &[u8], seen: Seen) -> Result<Admission, RouterCommandError> {
    match seen.way {
        Some(Way::In(uptime_s)) => {
            let logged_in = |command: &String| command.starts_with("/ip/hotspot/active/login");
            Ok(Admission::In {
                already: !seen.commands.iter().any(logged_in),
                uptime_s,
                commands: seen.commands,
            })
        }
        Some(Way::NotInSight) => Ok(Admission::NotInSight),
        Some(Way::Taken) => Err(RouterCommandError::Refused(unmarked(login, &seen.present.marks))),
        Some(Way::Steps(_)) | None => Err(RouterCommandError::Refused(seen.refused.unwrap_or_else(|| {
            "the router took the login and does not show the device as logged in".to_owned()
        }))),
    }
}

/// The devices in sight that were sought.
pub(super) fn hosts(seen: Seen) -> Vec<HotspotHost> {
    seen.present.hosts
}
