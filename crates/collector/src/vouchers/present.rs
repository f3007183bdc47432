//! What a router shows of those whom vouchers let in.

use std::collections::BTreeMap;

use accounting::time::{Micros, StartInterval, UptimeSpan};
use operations::{HotspotHost, Marks};
use store::{SeenVoucherLogin, SeenVoucherRow, SeenVoucherSession};
use tokio::time::Instant;

use crate::routeros::hotspot_user::{HotspotUser, UserCookie, UserLogin, UserProfile};

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Present {
    /// By what ours are known.
    pub(super) marks: Marks,
    /// Our profile.
    pub(super) profile: Option<UserProfile>,
    pub(super) users: Vec<HotspotUser>,
    pub(super) logins: Vec<UserLogin>,
    /// Those of whoever is to go.
    pub(super) cookies: Vec<UserCookie>,
    pub(super) hosts: Vec<HotspotHost>,
    /// When the youngest rows were asked for.
    pub(super) at: Option<Instant>,
    /// Whole seconds since the router booted, and when that was asked for.
    pub(super) uptime: Option<(u64, Instant)>,
}

impl Present {
    /// Nothing yet.
    pub(super) fn of(marks: Marks) -> Present {
        Present { marks, ..Present::default() }
    }

    /// The users with our mark.
    pub(super) fn ours(&self) -> impl Iterator<Item = &HotspotUser> {
        self.users.iter().filter(|user| user.is_ours())
    }

    /// Whether a user of that name is somebody else's.
    pub(super) fn is_taken(&self, name: &[u8]) -> bool {
        self.users.iter().any(|user| user.name == name && !user.is_ours())
    }

    /// Of one user there is what was shown of them just now.
    pub(super) fn know_anew(&mut self, user: &[u8], shown: Present) {
        self.users.retain(|known| known.name != user);
        self.logins.retain(|known| known.user != user);
        self.cookies.retain(|known| known.user != user);
        self.users.extend(shown.users);
        self.logins.extend(shown.logins);
        self.cookies.extend(shown.cookies);
    }

    /// The logins of `whose` users and MACs, and the rows of users that `is_rows`, for the books: `now` the answer came, `at` by the books'
    /// time.
    pub(super) fn sights(
        &self,
        (now, at): (Instant, Micros),
        whose: impl Fn(&[u8], &[u8]) -> bool,
        is_rows: impl Fn(&[u8], &[u8]) -> bool,
    ) -> Vec<SeenVoucherLogin> {
        let Some((before, asked)) = self.uptime else { return Vec::new() };
        // The rows are younger than the uptime, by as much at most as their answer took.
        let took_s = now.saturating_duration_since(asked).as_secs().saturating_add(1);
        let uptime = UptimeSpan { before, after: before.saturating_add(took_s) };
        let mut seen: BTreeMap<(&[u8], &[u8]), SeenVoucherLogin> = BTreeMap::new();
        let logins = self.logins.iter().filter(|login| whose(&login.user, &login.mac));
        for login in logins {
            let (age_s, octets) = (login.uptime_s, login.octets);
            let session = SeenVoucherSession { began: StartInterval::of(uptime, age_s), age_s, octets };
            let its = seen.entry((&login.user, &login.mac));
            let its = its.or_insert_with(|| unseen(&login.user, &login.mac, at));
            (its.session, its.is_up) = (Some(session), true);
        }
        for user in self.ours().filter(|user| is_rows(&user.name, &user.mac)) {
            let its = seen.entry((&user.name, &user.mac));
            let its = its.or_insert_with(|| unseen(&user.name, &user.mac, at));
            its.row = Some(SeenVoucherRow { id: user.id.clone(), octets: user.octets });
        }
        seen.into_values().collect()
    }

    /// The login of that user on that device.
    pub(super) fn login(&self, user: &[u8], mac: &[u8]) -> Option<&UserLogin> {
        self.logins_of(user).find(|login| login.mac == mac)
    }

    /// All logins of that user.
    pub(super) fn logins_of(&self, user: &[u8]) -> impl Iterator<Item = &UserLogin> {
        self.logins.iter().filter(move |login| login.user == user)
    }
}

fn unseen(login: &[u8], mac: &[u8], at: Micros) -> SeenVoucherLogin {
    let mac = String::from_utf8_lossy(mac).into_owned();
    SeenVoucherLogin { login: login.to_vec(), mac, session: None, row: None, at, is_up: false }
}
