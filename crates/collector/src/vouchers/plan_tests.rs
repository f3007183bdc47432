//! Thousands of random operations against a router to the letter: what is not ours stays byte for byte, a second run has nothing to do,
//! and who is in then is who is wanted.

use accounting::time::Micros;
use operations::{AdmitDevice, HotspotHost, VoucherLogin};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use routeros_proto::value;

use super::plan::{Step, Way, admit, keep, leaving};
use super::present::Present;
use crate::routeros::hotspot_user::{HotspotUser, MARK, PROFILE, UserCookie, UserLogin, UserProfile};

/// Operations on one router, and routers: 10,000 operations in all.
const OPERATIONS: usize = 50;
const ROUTERS: u32 = 200;

/// A router that does what it is told, to the letter; it gives each id once. Rows have the passwords and comments that tests ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Router {
    profiles: Vec<(Vec<u8>, String, bool)>,
    users: Vec<(HotspotUser, String)>,
    logins: Vec<UserLogin>,
    cookies: Vec<UserCookie>,
    last: u64,
}

impl Router {
    fn next_id(&mut self) -> Vec<u8> {
        self.last += 1;
        format!("*{:X}", self.last).into_bytes()
    }

    /// Does one command as it is shown; false when it refuses.
    fn obey(&mut self, step: &Step) -> bool {
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

    fn log_in(&mut self, user: &[u8], mac: &[u8]) {
        let (id, cookie) = (self.next_id(), self.next_id());
        let (user, mac) = (user.to_vec(), mac.to_vec());
        self.cookies.push(UserCookie { id: cookie, user: user.clone(), mac: mac.clone() });
        self.logins.push(UserLogin { id, user, mac, uptime_s: 0, octets: 0 });
    }

    /// One whose user was removed is still who we let in.
    fn is_ours(&self, name: &[u8]) -> bool {
        let is_theirs = |(user, _): &(HotspotUser, String)| !user.is_ours && user.name == name;
        name.starts_with(b"CODE") && !self.users.iter().any(is_theirs)
    }

    /// Everything that is not ours.
    fn foreign(&self) -> Router {
        let mut foreign = self.clone();
        foreign.profiles.retain(|(_, name, _)| name != PROFILE);
        foreign.users.retain(|(user, _)| !user.is_ours);
        foreign.logins.retain(|login| !self.is_ours(&login.user));
        foreign.cookies.retain(|cookie| !self.is_ours(&cookie.user));
        Router { last: 0, ..foreign }
    }

    /// As it is shown; cookies only of whom is asked for.
    fn present(&self, wanted: &[VoucherLogin], all: bool, host: Option<&VoucherLogin>) -> Present {
        let profile = self.profiles.iter().find(|(_, name, _)| name == PROFILE);
        let host = host.map(|who| HotspotHost {
            mac: who.mac.clone(),
            address: b"10.5.0.9".to_vec(),
            to_address: Vec::new(),
            authorized: false,
            bypassed: false,
        });
        let mut present = Present {
            profile: profile.map(|(id, _, plain)| UserProfile { id: id.clone(), is_as_wanted: *plain }),
            users: self.users.iter().map(|(user, _)| user.clone()).collect(),
            logins: self.logins.clone(),
            cookies: Vec::new(),
            hosts: host.into_iter().collect(),
            at: None,
        };
        let leaving: Vec<Vec<u8>> = leaving(wanted, &present).map(|user| user.name.clone()).collect();
        let asked = self.cookies.iter().filter(|cookie| all || leaving.contains(&cookie.user));
        present.cookies = asked.cloned().collect();
        present
    }
}

fn a_user(id: Vec<u8>, name: &[u8], comment: &str) -> HotspotUser {
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
        is_ours: comment == MARK,
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
    if let Some(off) = sent("disabled") {
        user.is_off = off == "yes";
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Want { who: u8, mac: u8, hours: Option<u8>, octets: Option<u32>, is_in: bool },
    Drop { who: u8 },
    Admit { who: u8 },
    Pass { seconds: u16, octets: u32 },
    ComesBack { who: u8 },
    Foreign { name: u8, logs_in: bool },
    Meddle { which: u8, how: u8 },
}

fn operation() -> impl Strategy<Value = Operation> {
    let hours = prop::option::weighted(0.8, 1..9_u8);
    let octets = prop::option::weighted(0.4, any::<u32>());
    prop_oneof![
        4 => (0..6_u8, 0..8_u8, hours, octets, any::<bool>()).prop_map(|(who, mac, hours, octets, is_in)| {
            Operation::Want { who, mac, hours, octets, is_in }
        }),
        2 => (0..6_u8).prop_map(|who| Operation::Drop { who }),
        3 => (0..6_u8).prop_map(|who| Operation::Admit { who }),
        2 => (0..900_u16, any::<u32>()).prop_map(|(seconds, octets)| Operation::Pass { seconds, octets }),
        1 => (0..6_u8).prop_map(|who| Operation::ComesBack { who }),
        1 => (0..9_u8, any::<bool>()).prop_map(|(name, logs_in)| Operation::Foreign { name, logs_in }),
        1 => (0..30_u8, 0..7_u8).prop_map(|(which, how)| Operation::Meddle { which, how }),
    ]
}

#[derive(Default)]
struct House {
    router: Router,
    wanted: Vec<VoucherLogin>,
    now_us: i64,
}

fn login(who: u8) -> Vec<u8> {
    format!("CODE{who}").into_bytes()
}

impl House {
    fn happens(&mut self, operation: &Operation) -> usize {
        match *operation {
            Operation::Want { who, mac, hours, octets, is_in } => {
                let until = hours.map(|hours| Micros(self.now_us + i64::from(hours) * 3_600_000_000));
                self.wanted.retain(|wanted| wanted.login != login(who));
                let mac = format!("AA:BB:CC:00:00:{mac:02X}").into_bytes();
                let left_octets = octets.map(u64::from);
                let login = login(who);
                self.wanted.push(VoucherLogin { login, mac, until, left_octets, moved_octets: 0, is_in });
            }
            Operation::Drop { who } => self.wanted.retain(|wanted| wanted.login != login(who)),
            Operation::Admit { who } => return self.admits(who),
            Operation::Pass { seconds, octets } => self.time_passes(seconds, octets),
            Operation::ComesBack { who } => self.comes_back(&login(who)),
            Operation::Foreign { name, logs_in } => self.somebody_elses(name, logs_in),
            Operation::Meddle { which, how } => self.meddle(usize::from(which), how),
        }
        0
    }

    fn admits(&mut self, who: u8) -> usize {
        let Some(wanted) = self.wanted.iter().find(|wanted| wanted.login == login(who)).cloned() else {
            return 0;
        };
        let device = AdmitDevice { who: wanted.clone(), address: b"10.5.0.9".to_vec() };
        let mut sent = 0;
        for _ in 0..4 {
            let present = self.router.present(&self.wanted, true, Some(&wanted));
            match admit(&device, &present, Micros(self.now_us), "secret") {
                Way::Steps(steps) => {
                    sent += steps.len();
                    let all = steps.iter().all(|step| self.router.obey(step));
                    assert!(all, "{steps:?}");
                }
                Way::In(_) => {
                    let is_in = |login: &&UserLogin| login.user == wanted.login && login.mac == wanted.mac;
                    assert_eq!(self.router.logins.iter().filter(is_in).count(), 1);
                    return sent;
                }
                Way::Taken => {
                    assert!(!self.router.is_ours(&wanted.login));
                    return sent;
                }
                Way::NotInSight => panic!("it is"),
            }
        }
        panic!("it is never in");
    }

    fn time_passes(&mut self, seconds: u16, octets: u32) {
        self.now_us += i64::from(seconds) * 1_000_000;
        for login in &mut self.router.logins {
            login.uptime_s += u64::from(seconds);
            login.octets += u64::from(octets);
            for (user, _) in self.router.users.iter_mut().filter(|(user, _)| user.name == login.user) {
                user.uptime_us += u64::from(seconds) * 1_000_000;
                user.octets += u64::from(octets);
            }
        }
    }

    /// By its cookie, after it was gone.
    fn comes_back(&mut self, name: &[u8]) {
        self.router.logins.retain(|login| login.user != name);
        let cookie = self.router.cookies.iter().find(|cookie| cookie.user == name).cloned();
        let lets_in = |cookie: &UserCookie| {
            self.router.users.iter().any(|(user, _)| user.name == cookie.user && user.mac == cookie.mac)
        };
        if let Some(cookie) = cookie.filter(lets_in) {
            self.router.log_in(&cookie.user, &cookie.mac);
        }
    }

    fn somebody_elses(&mut self, name: u8, logs_in: bool) {
        let name = if name < 3 { login(name) } else { format!("guest{name}").into_bytes() };
        if self.router.users.iter().any(|(user, _)| user.name == name) {
            return;
        }
        let id = self.router.next_id();
        self.router.users.push((a_user(id, &name, "of somebody else"), "theirs".to_owned()));
        if logs_in {
            self.router.log_in(&name, b"AA:BB:CC:00:00:01");
        }
        let id = self.router.next_id();
        self.router.profiles.push((id, format!("profile of {}", name.escape_ascii()), false));
    }

    /// Somebody changes one of ours, or takes the mark away, or removes one.
    fn meddle(&mut self, which: usize, how: u8) {
        if how == 6 {
            self.router
                .profiles
                .iter_mut()
                .filter(|(_, name, _)| name == PROFILE)
                .for_each(|ours| ours.2 = false);
        }
        let Some((user, _)) = self.router.users.get_mut(which).filter(|(user, _)| user.is_ours) else {
            return;
        };
        match how {
            0 => user.is_off = true,
            1 => user.limit_uptime_us = 1,
            2 => user.is_ours = false,
            3 => user.mac = b"00:11:22:33:44:55".to_vec(),
            4 => user.profile = b"default".to_vec(),
            5 => user.limit_octets = u64::MAX,
            _ => _ = self.router.users.remove(which),
        }
    }

    /// Passes until nothing is left to do but what the router refuses, as the keeper makes them; how many commands that were.
    fn keep(&mut self) -> usize {
        let mut sent = 0;
        for _ in 0..4 {
            let present = self.router.present(&self.wanted, false, None);
            let steps = keep(&self.wanted, &present, Micros(self.now_us), "secret");
            let taken = steps.iter().filter(|step| self.router.obey(step)).count();
            if taken == 0 {
                return sent;
            }
            sent += taken;
        }
        panic!("it never comes to rest");
    }

    fn assert_kept(&self) {
        for (user, _) in self.router.users.iter().filter(|(user, _)| user.is_ours) {
            let who = self.wanted.iter().find(|who| who.login == user.name);
            let who = who.unwrap_or_else(|| panic!("nobody wants {user:?}"));
            if !who.is_in {
                continue;
            }
            assert!(user.mac == who.mac && user.profile == PROFILE.as_bytes() && !user.is_off, "{user:?}");
            let left = who.until.map(|until| (until.0 - self.now_us).max(0).unsigned_abs());
            match left {
                None => assert_eq!(user.limit_uptime_us, 0),
                Some(left) => {
                    assert!(user.limit_uptime_us >= user.uptime_us + left, "too early: {user:?} {left}")
                }
            }
            let strangers = |mac: &[u8]| mac != who.mac;
            let mut theirs = self.router.logins.iter().filter(|login| login.user == user.name);
            assert!(!theirs.any(|login| strangers(&login.mac)), "another device is in as {user:?}");
            assert!(self.router.profiles.iter().any(|(_, name, plain)| name == PROFILE && *plain));
        }
        for who in self.wanted.iter().filter(|who| who.is_in) {
            assert!(self.router.users.iter().any(|(user, _)| user.name == who.login), "{who:?} has no user");
        }
    }
}

#[test]
fn what_is_not_ours_stays_and_who_is_wanted_may_be_in_after_ten_thousand_operations() {
    let config = Config { cases: ROUTERS, failure_persistence: None, ..Config::default() };
    let commands = std::cell::Cell::new(0);
    TestRunner::new(config)
        .run(&prop::collection::vec(operation(), OPERATIONS), |operations| {
            let mut house = House::default();
            for operation in &operations {
                let before = house.router.foreign();
                let theirs_too = matches!(
                    operation,
                    Operation::Foreign { .. }
                        | Operation::Meddle { .. }
                        | Operation::Pass { .. }
                        | Operation::ComesBack { .. }
                );
                commands.set(commands.get() + house.happens(operation));
                let foreign = house.router.foreign();
                prop_assert!(theirs_too || foreign == before, "letting a device in touched what is not ours");
                commands.set(commands.get() + house.keep());
                prop_assert_eq!(house.router.foreign(), foreign);
                prop_assert_eq!(house.keep(), 0, "a second run changes nothing");
                house.assert_kept();
            }
            Ok(())
        })
        .unwrap();
    assert!(commands.get() > 2_000, "{commands:?} commands were sent, so nothing was tried");
}
