//! Thousands of random operations against a router to the letter: what is not ours stays byte for byte, a second run has nothing to do,
//! and who is in then is who is wanted.

use accounting::time::Micros;
use operations::{AdmitDevice, VoucherLeaving, VoucherLogin, Whose};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::plan::{Way, admit, keep};
use super::simple_router::{Router, a_user};
use crate::routeros::hotspot_user::{PROFILE, UserCookie, UserLogin};

/// Operations on one router, and routers: 10,000 operations in all.
const OPERATIONS: usize = 50;
const ROUTERS: u32 = 200;

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
    off: Vec<VoucherLeaving>,
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
                self.off.retain(|gone| gone.login != login(who));
                let mac = format!("AA:BB:CC:00:00:{mac:02X}").into_bytes();
                let left_octets = octets.map(u64::from);
                let login = login(who);
                self.wanted.push(VoucherLogin { login, mac, until, left_octets, moved_octets: 0, is_in });
            }
            Operation::Drop { who } => self.drop_one(who),
            Operation::Admit { who } => return self.admits(who),
            Operation::Pass { seconds, octets } => self.time_passes(seconds, octets),
            Operation::ComesBack { who } => self.comes_back(&login(who)),
            Operation::Foreign { name, logs_in } => self.somebody_elses(name, logs_in),
            Operation::Meddle { which, how } => self.meddle(usize::from(which), how),
        }
        0
    }

    /// Its place is kept until it is off.
    fn drop_one(&mut self, who: u8) {
        let gone = self.wanted.iter().filter(|wanted| wanted.login == login(who));
        let gone = gone.map(|wanted| VoucherLeaving { login: wanted.login.clone(), mac: wanted.mac.clone() });
        self.off.extend(gone.collect::<Vec<_>>());
        self.wanted.retain(|wanted| wanted.login != login(who));
    }

    fn admits(&mut self, who: u8) -> usize {
        let Some(wanted) = self.wanted.iter().find(|wanted| wanted.login == login(who)).cloned() else {
            return 0;
        };
        let device = AdmitDevice { who: wanted.clone(), address: b"10.5.0.9".to_vec() };
        let mut sent = 0;
        for _ in 0..4 {
            let present = self.router.present((&self.wanted, &self.off), true, Some(&wanted));
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
        let Some((user, _)) = self.router.users.get_mut(which).filter(|(user, _)| user.is_ours()) else {
            return;
        };
        match how {
            0 => user.is_off = true,
            1 => user.limit_uptime_us = 1,
            2 => user.whose = Whose::Foreign,
            3 => user.mac = b"00:11:22:33:44:55".to_vec(),
            4 => user.profile = b"default".to_vec(),
            5 => user.limit_octets = u64::MAX,
            _ => _ = self.router.users.remove(which),
        }
    }

    /// Passes until nothing is left to do, as the keeper makes them; how many commands that were.
    fn keep(&mut self) -> usize {
        let mut sent = 0;
        for _ in 0..4 {
            let present = self.router.present((&self.wanted, &self.off), false, None);
            let steps = keep(&self.wanted, &self.off, &present, Micros(self.now_us), "secret");
            assert!(steps.iter().all(|step| self.router.obey(step)), "it refuses one of {steps:?}");
            if steps.is_empty() {
                return sent;
            }
            sent += steps.len();
        }
        panic!("it never comes to rest");
    }

    fn assert_kept(&self) {
        for (user, _) in self.router.users.iter().filter(|(user, _)| user.is_ours()) {
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
        for gone in self.off.iter().filter(|gone| !self.wanted.iter().any(|who| who.login == gone.login)) {
            let is_it = |login: &UserLogin| login.user == gone.login && login.mac == gone.mac;
            let is_theirs =
                self.router.users.iter().any(|(user, _)| user.name == gone.login && !user.is_ours());
            assert!(is_theirs || !self.router.logins.iter().any(is_it), "{gone:?} is still in");
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
