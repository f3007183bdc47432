//! A router to the letter: it does what it is told, refuses what a router refuses, and shows what there is.

use operations::{HotspotHost, MarkOn, Marks, VoucherLeaving, VoucherLogin};
use routeros_proto::value;

use super::plan::{Step, goes};
use super::present::Present;
use crate::routeros::hotspot_user::{HotspotUser, PROFILE, UserCookie, UserLogin, UserProfile};

/// A router that does what it is told, to the letter; it gives each id once. Rows have the passwords and comments that tests ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Router {
    pub(super) profiles: Vec<(Vec<u8>, String, bool)>,
    pub(super) users: Vec<(HotspotUser, String)>,
    pub(super) logins: Vec<UserLogin>,
    pub(super) cookies: Vec<UserCookie>,
    last: u64,
}

impl Router {
    pub(super) fn next_id(&mut self) -> Vec<u8> {
        self.last += 1;
        format!("*{:X}", self.last).into_bytes()
    }

    /// Does one command as it is shown; false when it refuses.
    pub(super) fn obey(&mut self, step: &Step) -> bool {
        let shown = step.command.shown();
        let value = |name: &str| {
            let begin = shown.find(&format!(" ={name}="))? + name.len() + 3;
            let rest = &shown[begin..];
            Some(rest[..rest.find(" =").unwrap_or(rest.len())].to_owned())
        };
        let id = value(".id").unwrap_or_default().into_bytes();
        match step.command.path() {
            "/ip/hotspot/user/profile/add" => {
                let name = value("name").unwrap();
                assert!(self.profiles.iter().all(|(_, known, _)| *known != name), "a name is taken twice");
                let id = self.next_id();
                self.profiles.push((id, name, value("rate-limit").is_none()));
            }
            "/ip/hotspot/user/profile/set" => {
                let profile = self.profiles.iter_mut().find(|(known, ..)| *known == id).unwrap();
                profile.2 = value("rate-limit").is_some_and(|rate| rate.is_empty());
            }
            "/ip/hotspot/user/add" => {
                let name = value("name").unwrap();
                if self.users.iter().any(|(user, _)| user.name == name.as_bytes()) {
                    return false;
                }
                let (id, comment) = (self.next_id(), value("comment").unwrap());
                let mut user = a_user(id, name.as_bytes(), &comment);
                set(&mut user, &value);
                self.users.push((user, value("password").unwrap()));
            }
            "/ip/hotspot/user/set" => {
                let (user, password) = self.users.iter_mut().find(|(user, _)| user.id == id).unwrap();
                set(user, &value);
                *password = value("password").unwrap_or_else(|| password.clone());
            }
            "/ip/hotspot/user/remove" => self.users.retain(|(user, _)| user.id != id),
            "/ip/hotspot/active/remove" => self.logins.retain(|login| login.id != id),
            "/ip/hotspot/cookie/remove" => self.cookies.retain(|cookie| cookie.id != id),
            "/ip/hotspot/active/login" => {
                let (name, mac) = (value("user").unwrap(), value("mac-address").unwrap());
                let mut users = self.users.iter().map(|(user, _)| user);
                let Some(user) = users.find(|user| user.name == name.as_bytes()) else { return false };
                if user.is_off || user.mac != mac.as_bytes() {
                    return false;
                }
                self.log_in(name.as_bytes(), mac.as_bytes());
            }
            other => panic!("{other}"),
        }
        true
    }

    pub(super) fn log_in(&mut self, user: &[u8], mac: &[u8]) {
        let (id, cookie) = (self.next_id(), self.next_id());
        let (user, mac) = (user.to_vec(), mac.to_vec());
        self.cookies.push(UserCookie { id: cookie, user: user.clone(), mac: mac.clone() });
        self.logins.push(UserLogin { id, user, mac, uptime_s: 0, octets: 0 });
    }

    /// One whose user was removed is still who we let in.
    pub(super) fn is_ours(&self, name: &[u8]) -> bool {
        let is_theirs = |(user, _): &(HotspotUser, String)| !user.is_ours() && user.name == name;
        name.starts_with(b"CODE") && !self.users.iter().any(is_theirs)
    }

    /// Everything that is not ours.
    /// Of a name without a user only ours are ever in: a login outlives its row.
    fn is_theirs(&self, name: &[u8]) -> bool {
        self.users.iter().any(|(user, _)| user.name == name && !user.is_ours())
    }

    pub(super) fn foreign(&self) -> Router {
        let mut foreign = self.clone();
        foreign.profiles.retain(|(_, name, _)| name != PROFILE);
        foreign.users.retain(|(user, _)| !user.is_ours());
        foreign.logins.retain(|login| self.is_theirs(&login.user));
        foreign.cookies.retain(|cookie| self.is_theirs(&cookie.user));
        Router { last: 0, ..foreign }
    }

    /// As it is shown; cookies only of whom is asked for.
    pub(super) fn present(
        &self,
        (wanted, off): (&[VoucherLogin], &[VoucherLeaving]),
        all: bool,
        host: Option<&VoucherLogin>,
    ) -> Present {
        let profile = self.profiles.iter().find(|(_, name, _)| name == PROFILE);
        let host = host.map(|who| HotspotHost {
            mac: who.mac.clone(),
            address: b"10.5.0.9".to_vec(),
            to_address: Vec::new(),
            authorized: false,
            bypassed: false,
        });
        let mut present = Present {
            marks: marks(),
            profile: profile.map(|(id, _, plain)| UserProfile { id: id.clone(), is_as_wanted: *plain }),
            users: self.users.iter().map(|(user, _)| user.clone()).collect(),
            logins: self.logins.clone(),
            cookies: Vec::new(),
            hosts: host.into_iter().collect(),
            at: None,
            uptime: None,
        };
        let goes = goes(wanted, off, &present);
        let asked = self.cookies.iter().filter(|cookie| all || goes.contains(&&*cookie.user));
        present.cookies = asked.cloned().collect();
        present
    }
}

/// Of the installation that the tests are.
pub(super) fn marks() -> Marks {
    Marks::of("0123456789abcdef")
}

pub(super) fn a_user(id: Vec<u8>, name: &[u8], comment: &str) -> HotspotUser {
    HotspotUser {
        id,
        name: name.to_vec(),
        mac: Vec::new(),
        profile: b"default".to_vec(),
        limit_uptime_us: 0,
        limit_octets: 0,
        uptime_us: 0,
        octets: 0,
        is_off: false,
        whose: marks().whose(MarkOn::Voucher, comment.as_bytes()),
    }
}

fn set(user: &mut HotspotUser, sent: &dyn Fn(&str) -> Option<String>) {
    if let Some(mac) = sent("mac-address") {
        user.mac = mac.into_bytes();
    }
    if let Some(profile) = sent("profile") {
        user.profile = profile.into_bytes();
    }
    if let Some(limit) = sent("limit-uptime") {
        user.limit_uptime_us = value::duration_micros(limit.as_bytes()).unwrap();
    }
    if let Some(limit) = sent("limit-bytes-total") {
        user.limit_octets = limit.parse().unwrap();
    }
    if let Some(comment) = sent("comment") {
        user.whose = marks().whose(MarkOn::Voucher, comment.as_bytes());
    }
    if let Some(off) = sent("disabled") {
        user.is_off = off == "yes";
    }
}
