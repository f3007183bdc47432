//! Ten thousand random operations on a router where others have queues, bindings, users, secrets, profiles and rules: limits, vouchers,
//! holds and disconnects leave every row that is not theirs as it was, octet for octet, and nothing of ours behind.

mod furniture;
mod script;

use std::time::Duration;

use operations::{DisconnectRequest, HoldWho, HotspotDevice, Operations, RouterCommands, VoucherOwner};
use proptest::prelude::prop;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use routeros_proto::Command;
use routeros_sim::server::SimRouter;
use routeros_sim::world::{Service, World};
use store::{
    HoldRepository, HoldSubject, LimitSubject, LimitUntil, Nas, NasId, NasRepository, RateLimit,
    RateLimitRepository, VoucherIssue, VoucherRepository, WantedLimit,
};

use super::books::act;
use super::booth::{operations, terms};
use super::supervised::Supervised;
use crate::sim;
use furniture::{TABLES, furnish, is_ours, is_the_routers};
use script::{CODES, DEVICES, LINES, Operation, code, guest, line, mac, operation};

const OPERATIONS: usize = 10_000;
/// Between two looks of the keepers.
const TOGETHER: usize = 20;
const A_DAY_MS: u32 = 86_400_000;

struct Town {
    house: Supervised,
    sim: SimRouter,
    operations: Operations,
    nas: Nas,
}

impl Town {
    async fn new() -> Town {
        let house = Supervised::hasty().await;
        let mut world = sim::world();
        world.add_hotspot("hotspot1");
        world.add_fasttrack_rule();
        let sim = house.covered_router("r", world, A_DAY_MS).await;
        furnish(&sim).await;
        sim.with_world(|world| {
            (0..DEVICES).for_each(|device| _ = world.appear(mac(device), 0, 0));
            (0..LINES).for_each(|number| dial(world, number));
        });
        house.read("r").await.unwrap();
        let issue = VoucherIssue {
            made_at: accounting::time::Micros(0),
            made_by: "eva".to_owned(),
            seller: None,
            plan: None,
            price: None,
            terms: terms(None, 3),
            note: None,
        };
        let codes = (0..CODES).map(code).collect();
        house.sqlite.insert_vouchers(issue, codes, act("voucher.make")).await.unwrap();
        let operations = operations(&house, house.clock.clone(), house.node.clone());
        let nas = house.sqlite.nas_by_name("r").await.unwrap().unwrap();
        Town { house, sim, operations, nas }
    }

    async fn happens(&self, operation: &Operation) {
        match operation {
            Operation::Limit { who, rate } => self.limit(*who, *rate).await,
            Operation::Redial { line } => self.sim.with_world(|world| redial(world, *line)),
            Operation::Leave { nth } => self.sim.with_world(|world| {
                let session = world.hotspot_sessions().nth(usize::from(*nth));
                session.into_iter().for_each(|session| world.leave(session));
            }),
            Operation::GuestComes { device } => {
                self.sim.with_world(|world| guest_comes(world, *device));
                self.house.read("r").await.unwrap();
            }
            Operation::Activate { code, device } => _ = self.activate(*code, *device).await,
            Operation::EndVoucher { code } => {
                _ = self.operations.end_voucher_session(VoucherOwner::Code(&self::code(*code))).await;
            }
            Operation::Pause { code, resume } => {
                let code = self::code(*code);
                _ = match resume {
                    true => self.operations.resume_voucher("eva", &code).await,
                    false => self.operations.pause_voucher("eva", &code).await,
                };
            }
            Operation::Disconnect { who, hold } => self.disconnect(*who, *hold).await,
            Operation::Release { who } => self.release(*who).await,
            Operation::Meddle => self.meddle().await,
        }
    }

    async fn limit(&self, who: u8, rate: Option<(u32, u32)>) {
        let subject = match who {
            0..DEVICES => LimitSubject::Device(mac(who).into_bytes()),
            _ if who < DEVICES + LINES => LimitSubject::Ppp(line(who - DEVICES).into_bytes()),
            _ => LimitSubject::Address(format!("10.7.0.{who}/32").into_bytes()),
        };
        let bps = |rate: u32| Some(u64::from(rate));
        match rate {
            None => {
                _ = self.house.sqlite.remove_limit(self.nas.id, subject, act("limit.remove")).await.unwrap()
            }
            Some((up, down)) => {
                let rate = RateLimit { up_bps: bps(up), down_bps: bps(down) };
                let (until, set_by) = (LimitUntil::Removed, "eva".to_owned());
                let set_at = accounting::time::Micros(0);
                let limit = WantedLimit { nas: self.nas.id, subject, rate, until, set_by, set_at };
                self.house.sqlite.set_limit(limit, act("limit.set")).await.unwrap();
            }
        }
    }

    async fn activate(&self, code: u8, device: u8) -> bool {
        let address = format!("10.5.0.{}", device + 2);
        let device = HotspotDevice { nas: NasId(1), mac: mac(device), address };
        self.operations.activate_voucher(&self::code(code), device, None).await.is_ok()
    }

    /// A line, the first device of a voucher, or a guest without one.
    async fn disconnect(&self, who: u8, hold: bool) {
        let login = match who {
            0..LINES => line(who),
            _ if who < LINES + CODES => code(who - LINES),
            _ => guest(who - LINES - CODES),
        };
        let request = DisconnectRequest {
            login: login.into_bytes(),
            router: Some("r".to_owned()),
            hold: hold.then_some(Duration::from_secs(86_400)),
            ..DisconnectRequest::default()
        };
        // What became of it is told elsewhere.
        _ = self.operations.disconnect("eva", request).await;
    }

    async fn release(&self, who: u8) {
        let subject = match who < LINES {
            true => HoldSubject::Ppp(line(who).into_bytes()),
            false => HoldSubject::Device(mac(who - LINES).into_bytes()),
        };
        let who = HoldWho { router: "r".to_owned(), subject };
        _ = self.operations.release_hold("eva", who).await;
    }

    /// A foreign hand takes one of ours away.
    async fn meddle(&self) {
        let ours = self
            .rows("/queue/simple/print")
            .await
            .into_iter()
            .find(|row| is_ours(row) && !is_the_routers(row));
        let id = ours.and_then(|row| row.iter().find(|(name, _)| name == ".id").map(|(_, id)| id.clone()));
        if let Some(id) = id {
            let remove = Command::new("/queue/simple/remove").attr(".id", id);
            // It may have gone meanwhile.
            _ = sim::link(&self.sim).await.print(&remove, |_| ()).await;
        }
    }

    async fn keep(&self) {
        self.house.supervisor.keep_limits(self.nas.clone(), None, false).await.unwrap();
        self.house.supervisor.keep_vouchers(self.nas.clone(), false).await.unwrap();
    }

    async fn rows(&self, print: &str) -> Vec<Vec<(String, String)>> {
        let mut rows = Vec::new();
        let text = |bytes: &[u8]| bytes.escape_ascii().to_string();
        let mut take = |row: routeros_proto::Reply<'_>| {
            rows.push(row.attributes().map(|(name, value)| (text(name), text(value))).collect());
        };
        sim::link(&self.sim).await.print(&Command::new(print), &mut take).await.unwrap();
        rows
    }

    /// What others have; a secret of one who may be held only where nobody is.
    async fn foreign(&self, with_lines: bool) -> Vec<Vec<(String, String)>> {
        let mut all = Vec::new();
        for table in TABLES {
            all.extend(self.rows(table).await.into_iter().filter(|row| !is_ours(row)));
        }
        let of_line = |row: &[(String, String)]| row.iter().any(|(_, value)| value.starts_with("line-"));
        all.retain(|row| with_lines || !of_line(row));
        // What the router itself adds up for those who were in.
        all.iter_mut().for_each(|row| row.retain(|(name, _)| name != "uptime"));
        all
    }

    /// Everything ends, and what is ours goes.
    async fn all_over(&self) {
        for number in 0..CODES {
            _ = self.operations.revoke_voucher("eva", &code(number)).await;
        }
        for who in 0..DEVICES + LINES + 2 {
            self.limit(who, None).await;
        }
        for who in 0..LINES + DEVICES {
            self.release(who).await;
        }
        for _ in 0..600 {
            self.keep().await;
            let held = self.house.sqlite.holds().await.unwrap();
            if held.is_empty() && self.nothing_of_ours().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("something of ours stays");
    }

    /// But for the profile of vouchers, which stays.
    async fn nothing_of_ours(&self) -> bool {
        for table in TABLES.into_iter().filter(|table| !table.contains("user/profile")) {
            if self.rows(table).await.iter().any(|row| is_ours(row) && !is_the_routers(row)) {
                return false;
            }
        }
        true
    }
}

/// Whatever the device was logged in by ends.
fn guest_comes(world: &mut World, device: u8) {
    let name = guest(device);
    if world.hotspot_sessions().all(|one| world.login_of(one) != name.as_bytes()) {
        world.log_in(name, mac(device), 0, 0);
        // Who logged in in the very moment of a command is left alone.
        world.advance(Duration::from_secs(5));
    }
}

fn dial(world: &mut World, number: u8) {
    world.connect(line(number), Service::Pppoe, mac(0x40 + number), 0, 0);
}

fn redial(world: &mut World, number: u8) {
    let name = line(number);
    let session = world.live_sessions().find(|one| world.login_of(*one) == name.as_bytes());
    session.into_iter().for_each(|session| world.disconnect(session));
    dial(world, number);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_operations_leave_what_is_not_ours_as_it_was() {
    let mut runner = TestRunner::deterministic();
    let script =
        prop::collection::vec(operation(), OPERATIONS).new_tree(&mut runner).expect("no rejects").current();
    let town = Town::new().await;
    let (before, without_lines) = (town.foreign(true).await, town.foreign(false).await);
    assert!(before.len() >= 15, "{before:?}");
    for (nth, together) in script.chunks(TOGETHER).enumerate() {
        for operation in together {
            town.happens(operation).await;
        }
        town.keep().await;
        if nth % 50 == 0 {
            assert_eq!(town.foreign(false).await, without_lines, "after {nth} times {TOGETHER}");
        }
    }
    town.all_over().await;
    assert_eq!(town.foreign(true).await, before);
    let sent = |path: &str| town.sim.changes().iter().filter(|command| command.starts_with(path)).count();
    for (path, least) in [
        ("/queue/simple/", 700),
        ("/ip/hotspot/user/add", 5),
        ("/ip/hotspot/active/login", 5),
        ("/ppp/active/remove", 3),
        ("/ppp/secret/set", 3),
        ("/ip/hotspot/ip-binding/add", 3),
    ] {
        assert!(sent(path) >= least, "{path} was sent {} times only, so little was tried", sent(path));
    }
}
