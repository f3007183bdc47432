//! A router with a hotspot and two devices in sight, vouchers, and all that lets one in with the other.

use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use operations::{
    AdmissionError, AdmittedDevice, Clock, HotspotDevice, LocalToken, MarkOn, Marks, Monitors, Operations,
    Passwords, RouterCommands, TalkerBoard, Vault, VouchersKept,
};
use routeros_proto::Command;
use routeros_sim::server::SimRouter;
use routeros_sim::world::Switches;
use store::{
    ClaimedVoucher, InstallationRepository, Nas, NasRepository, NewAudit, Node, NodeRole, RateLimit,
    VoucherClaim, VoucherDeviceRepository, VoucherDeviceState, VoucherIssue, VoucherPhase, VoucherRepository,
    VoucherTerms,
};

use super::supervised::{HostClock, Supervised};
use crate::sim;

const A_DAY_MS: u32 = 86_400_000;
pub(super) const AN_HOUR_US: u64 = 3_600_000_000;
pub(super) const PHONE: &str = "AA:BB:CC:00:00:01";
pub(super) const TABLET: &str = "AA:BB:CC:00:00:02";
/// Of somebody who has no voucher.
pub(super) const GUEST: &str = "AA:BB:CC:00:00:03";
/// Of the first voucher.
pub(super) const CODE: &str = "ABCD-1";

/// One for so long and so many devices, at 1 and 2 Mbit/s.
pub(super) fn terms(validity_us: Option<u64>, devices: u32) -> VoucherTerms {
    let rate = RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) };
    VoucherTerms { validity_us, devices, rate, quota_octets: None }
}

/// See the module.
pub(super) struct Booth {
    pub(super) house: Supervised,
    pub(super) sim: SimRouter,
    pub(super) operations: Operations,
}

impl Booth {
    /// With a voucher for an hour and one device.
    pub(super) async fn new() -> Booth {
        Booth::of(terms(Some(AN_HOUR_US), 1), 1).await
    }

    /// With so many vouchers on these terms: `ABCD-1`, `ABCD-2`...
    pub(super) async fn of(terms: VoucherTerms, vouchers: usize) -> Booth {
        Booth::with(terms, vouchers, Switches::default()).await
    }

    /// At a router that behaves so.
    pub(super) async fn with(terms: VoucherTerms, vouchers: usize, switches: Switches) -> Booth {
        let house = Supervised::start().await;
        let mut world = sim::world();
        world.device_mut().switches = switches;
        world.add_hotspot("hotspot1");
        let sim = house.covered_router("r", world, A_DAY_MS).await;
        sim.with_world(|world| {
            for mac in [PHONE, TABLET, GUEST] {
                world.appear(mac, 0, 40_000_000);
            }
        });
        let issue = VoucherIssue {
            made_at: Micros(0),
            made_by: "eva".to_owned(),
            seller: None,
            plan: None,
            price: None,
            terms,
            note: None,
        };
        let codes = (1..=vouchers).map(|number| format!("ABCD-{number}")).collect();
        house.sqlite.insert_vouchers(issue, codes, super::books::act("voucher.make")).await.unwrap();
        let operations = operations(&house, house.clock.clone(), house.node.clone());
        Booth { house, sim, operations }
    }

    /// The process was killed, and another one is there at once: of the first one's memory nothing is left.
    pub(super) async fn restart(self) -> Booth {
        let Booth { house, sim, .. } = self;
        sim.drop_connections();
        let house = house.restart().await;
        let operations = operations(&house, house.clock.clone(), house.node.clone());
        Booth { house, sim, operations }
    }

    /// Whoever activates a voucher is on another host, whose clock is two minutes behind the supervisor's.
    pub(super) fn clock_back(&mut self) {
        let clock = HostClock::of_another(Duration::from_secs(120));
        self.operations = operations(&self.house, clock, Node::new("another", NodeRole::All));
    }

    /// The comment of hotspot users of this installation.
    pub(super) async fn mark(&self) -> String {
        Marks::of(&self.house.sqlite.installation().await.unwrap().id).comment(MarkOn::Voucher)
    }

    pub(super) async fn nas(&self) -> Nas {
        self.house.sqlite.nas_by_name("r").await.unwrap().unwrap()
    }

    /// The device where the router sees it.
    pub(super) fn device(&self, mac: &str) -> HotspotDevice {
        let address = match mac {
            TABLET => "10.5.0.3",
            GUEST => "10.5.0.4",
            _ => "10.5.0.2",
        };
        self.device_at(mac, address)
    }

    pub(super) fn device_at(&self, mac: &str, address: &str) -> HotspotDevice {
        HotspotDevice { nas: store::NasId(1), mac: mac.to_owned(), address: address.to_owned() }
    }

    pub(super) async fn activate(&self, code: &str, mac: &str) -> Result<AdmittedDevice, AdmissionError> {
        self.operations.activate_voucher(code, self.device(mac), None).await
    }

    pub(super) async fn activate_with(
        &self,
        code: &str,
        mac: &str,
        proof: &str,
    ) -> Result<AdmittedDevice, AdmissionError> {
        self.operations.activate_voucher(code, self.device(mac), Some(proof)).await
    }

    pub(super) async fn move_to(&self, proof: &str, mac: &str) -> Result<AdmittedDevice, AdmissionError> {
        self.operations.move_voucher_device(proof, self.device(mac)).await
    }

    /// Only written down, as by who is killed right after.
    pub(super) async fn claim(&self, code: &str, mac: &str) {
        let (code, mac) = (code.to_owned(), mac.to_owned());
        let by = Some(self.operations.node.run.clone());
        let claim =
            VoucherClaim { code, nas: store::NasId(1), mac, proof: None, at: self.house.clock.now(), by };
        let claimed = self.house.sqlite.claim_voucher(claim).await.unwrap();
        assert!(matches!(claimed, ClaimedVoucher::Device { .. }), "{claimed:?}");
    }

    pub(super) fn act(&self, action: &str) -> NewAudit {
        NewAudit { at: self.house.clock.now(), ..super::books::act(action) }
    }

    pub(super) async fn keep(&self) -> VouchersKept {
        self.house.supervisor.keep_vouchers(self.nas().await, false).await.unwrap()
    }

    pub(super) async fn phase(&self, code: &str) -> VoucherPhase {
        let (issued, _) = self.house.sqlite.voucher_by_code(code.to_owned()).await.unwrap().unwrap();
        issued.voucher.phase(self.house.clock.now())
    }

    /// What all devices of the hotspot moved in ten seconds, download.
    pub(super) fn moved(&self) -> u64 {
        self.sim.with_world(|world| {
            let mark = world.mark();
            world.advance(Duration::from_secs(10));
            world.truth_since(&mark).by_login().into_values().map(|truth| truth.total().output).sum()
        })
    }

    /// A table of the router; what a row lacks is empty.
    pub(super) async fn rows(&self, print: &str, columns: &[&str]) -> Vec<Vec<String>> {
        let (mut rows, print) = (Vec::new(), Command::new(print).proplist(columns));
        let mut take = |row: routeros_proto::Reply<'_>| {
            let text = |name: &&str| {
                String::from_utf8_lossy(row.get(name.as_bytes()).unwrap_or_default()).into_owned()
            };
            rows.push(columns.iter().map(text).collect());
        };
        sim::link(&self.sim).await.print(&print, &mut take).await.unwrap();
        rows
    }

    /// All that a voucher may leave behind; our profile stays.
    pub(super) async fn everything(&self) -> Vec<Vec<String>> {
        let mut all = self.rows("/ip/hotspot/user/print", &["name", "password", "profile", "comment"]).await;
        all.extend(self.rows("/ip/hotspot/active/print", &["user", "mac-address"]).await);
        all.extend(self.rows("/ip/hotspot/cookie/print", &["user", "mac-address"]).await);
        all.extend(self.rows("/queue/simple/print", &["name", "target"]).await);
        all
    }

    /// Waits until nothing of a voucher is on the router.
    pub(super) async fn until_out(&self) {
        let mut seen = Vec::new();
        for _ in 0..600 {
            seen = self.everything().await;
            if !seen.iter().flatten().any(|text| text.starts_with("ABCD") || text.starts_with("pisonet")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{seen:?}");
    }

    pub(super) async fn until_rows(&self, print: &str, wanted: usize) {
        for _ in 0..600 {
            if self.rows(print, &["name"]).await.len() == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{:?}", self.rows(print, &["name"]).await);
    }

    pub(super) async fn until_phase(&self, code: &str, wanted: VoucherPhase) {
        for _ in 0..600 {
            if self.phase(code).await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it is {:?} and not {wanted:?}", self.phase(code).await);
    }

    /// Waits until no device of a voucher is wanted or in.
    pub(super) async fn until_nobody(&self, code: &str) {
        for _ in 0..600 {
            let (_, devices) = self.house.sqlite.voucher_by_code(code.to_owned()).await.unwrap().unwrap();
            if devices.iter().all(|device| device.state == VoucherDeviceState::Out) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("somebody is wanted or in");
    }
}

pub(super) fn operations(house: &Supervised, clock: HostClock, node: Node) -> Operations {
    Operations {
        store: Arc::new(house.sqlite.clone()),
        commands: house.supervisor.clone(),
        board: house.board.clone(),
        talkers: TalkerBoard::default(),
        limits: house.limits.clone(),
        monitors: Monitors::default(),
        clock: Arc::new(clock),
        zone: jiff::tz::TimeZone::UTC,
        vault: Arc::new(Vault::ephemeral()),
        addresses: operations::RouterAddresses::default(),
        passwords: Passwords::default(),
        process_token: None,
        node,
        local_token: LocalToken::default(),
        reach: store::Reach::Everywhere,
        maker: String::new(),
    }
}
