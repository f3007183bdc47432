//! What is told of a pass, as the router showed it last: a `done` is no proof.

use operations::{
    Admission, HotspotHost, RouterCommandError, VoucherFound, VoucherLogin, VouchersKept, name_for_people,
};

use super::pass::Seen;
use super::plan::Way;

/// How those who are wanted stand.
pub(super) fn kept(wanted: &[VoucherLogin], seen: Seen) -> VouchersKept {
    let found = |who: &VoucherLogin| {
        let login = seen.present.login(&who.login, &who.mac);
        let row = seen.present.ours().find(|user| user.name == who.login);
        let (of_login, of_row) = (login.map_or(0, |login| login.octets), row.map_or(0, |row| row.octets));
        let uptime_s = login.map(|login| login.uptime_s);
        (who.login.clone(), VoucherFound { uptime_s, octets: of_login.max(of_row) })
    };
    let stays = (seen.left > 0).then(|| "the router does not show what was sent to it".to_owned());
    VouchersKept {
        found: wanted.iter().map(found).collect(),
        shown: seen.present.ours().map(|user| user.name.clone()).collect(),
        commands: seen.commands,
        stays: seen.refused.or(stays),
    }
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
        Some(Way::Taken) => Err(RouterCommandError::Refused(format!(
            "a hotspot user of the router is called {} and does not carry our mark, so it is left alone; rename or remove it on the router",
            name_for_people(login)
        ))),
        Some(Way::Steps(_)) | None => Err(RouterCommandError::Refused(seen.refused.unwrap_or_else(|| {
            "the router took the login and does not show the device as logged in".to_owned()
        }))),
    }
}

/// The devices in sight that were sought.
pub(super) fn hosts(seen: Seen) -> Vec<HotspotHost> {
    seen.present.hosts
}
