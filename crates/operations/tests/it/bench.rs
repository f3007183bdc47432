//! A workbench: operations on a database in memory, with a clock set by hand and routers that are not there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use accounting::time::Micros;
use async_trait::async_trait;
use operations::{
    LimitBoard, LocalToken, ManualClock, Monitors, NewRouter, Operations, Passwords, ReadNow,
    RouterCommandError, RouterCommands, StatusBoard, TalkerBoard, Vault,
};
use store::{AuditQuery, NasId, Node, NodeRole, Sqlite, TlsMode};

/// The begin of a bucket.
pub(crate) const NOW: Micros = Micros(1_800_000_000_000_000);

/// Counts how often it was told that the registry changed; only router 1 answers.
#[derive(Default)]
pub(crate) struct NotedCommands {
    reloads: AtomicUsize,
}

impl NotedCommands {
    pub(crate) fn reloads(&self) -> usize {
        self.reloads.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl RouterCommands for NotedCommands {
    async fn read_now(&self, nas: NasId) -> Result<ReadNow, RouterCommandError> {
        match nas {
            NasId(1) => Ok(ReadNow { poll_seq: 7, at: NOW }),
            _ => Err(RouterCommandError::TimedOut),
        }
    }

    /// Not asked here.
    async fn disconnect(
        &self,
        _: store::Nas,
        _: operations::SessionTarget,
        _: bool,
    ) -> Result<operations::Disconnected, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn keep_limits(
        &self,
        _: store::Nas,
        _: Option<operations::LimitChange>,
        _: bool,
    ) -> Result<operations::LimitsKept, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn admit_device(
        &self,
        _: store::Nas,
        _: operations::AdmitDevice,
    ) -> Result<operations::Admission, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn keep_vouchers(
        &self,
        _: store::Nas,
        _: bool,
    ) -> Result<operations::VouchersKept, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn look_at_voucher_users(
        &self,
        _: store::Nas,
        _: Vec<operations::VoucherUser>,
    ) -> Result<(), RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn plan_change(
        &self,
        _: store::Nas,
        _: operations::PlannedChange,
    ) -> Result<Vec<String>, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn look_at_traffic(&self, _: store::Nas) -> Result<operations::TrafficLook, RouterCommandError> {
        Err(RouterCommandError::NotPolled)
    }

    async fn hotspot_hosts(
        &self,
        _: store::Nas,
        _: operations::HostSought,
    ) -> Result<Vec<operations::HotspotHost>, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn is_session_open(
        &self,
        _: store::Nas,
        _: operations::SessionTarget,
    ) -> Result<bool, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn list_queues(&self, _: store::Nas) -> Result<Vec<operations::RouterQueue>, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn check_address(
        &self,
        _: operations::AddressTest,
    ) -> Result<Vec<operations::Check>, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn check_up(&self, _: store::Nas) -> Result<Vec<operations::Check>, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn diagnose(
        &self,
        _: store::Nas,
        _: operations::Patient,
    ) -> Result<Vec<operations::Finding>, RouterCommandError> {
        Ok(Vec::new())
    }

    /// By the name; other names are not answered.
    async fn look_at_counters(
        &self,
        _: store::Nas,
        counters: Vec<(accounting::table::Table, Vec<u8>)>,
    ) -> Result<Vec<operations::CounterLook>, RouterCommandError> {
        let look = |(_, name): &(_, Vec<u8>)| match &**name {
            b"gone" => Ok(operations::CounterLook::NotThere),
            b"uplink" => Ok(operations::CounterLook::CarriesSessions),
            b"pppoe-in1" => Ok(operations::CounterLook::OfSessions),
            b"inner" => Ok(operations::CounterLook::WithinQueue(b"house".to_vec())),
            b"outer" => Ok(operations::CounterLook::HoldsQueue(b"flat".to_vec())),
            b"subnet" => Ok(operations::CounterLook::SharesTarget(b"q ana".to_vec())),
            b"on vlan" => Ok(operations::CounterLook::OnInterface(b"vlan9".to_vec())),
            b"vlan9" => Ok(operations::CounterLook::PassesQueue(b"q bob".to_vec())),
            b"vlan1" => Ok(operations::CounterLook::Fit),
            _ => Err(RouterCommandError::TimedOut),
        };
        counters.iter().map(look).collect()
    }

    async fn reload(&self) {
        self.reloads.fetch_add(1, Ordering::SeqCst);
    }
}

/// Operations and what their parts can be asked.
pub(crate) struct Bench {
    pub(crate) operations: Operations,
    pub(crate) commands: Arc<NotedCommands>,
    pub(crate) clock: ManualClock,
}

impl Bench {
    pub(crate) fn new() -> Bench {
        let (commands, clock) = (Arc::new(NotedCommands::default()), ManualClock::new(NOW));
        let operations = Operations {
            store: Arc::new(Sqlite::open_in_memory().unwrap()),
            commands: Arc::clone(&commands) as Arc<dyn RouterCommands>,
            board: StatusBoard::new(),
            talkers: TalkerBoard::default(),
            limits: LimitBoard::default(),
            monitors: Monitors::default(),
            clock: Arc::new(clock.clone()),
            zone: jiff::tz::TimeZone::UTC,
            vault: Arc::new(Vault::ephemeral()),
            addresses: operations::RouterAddresses::default(),
            passwords: Passwords::default(),
            process_token: None,
            local_token: LocalToken::default(),
            reach: store::Reach::Everywhere,
            maker: String::new(),
            node: Node::new("test", NodeRole::All),
        };
        Bench { operations, commands, clock }
    }

    /// The actions in the journal, oldest first.
    pub(crate) async fn journal(&self) -> Vec<String> {
        let acts = self
            .operations
            .audit(AuditQuery { limit: 100, reach: store::Reach::Everywhere, ..AuditQuery::default() })
            .await
            .unwrap();
        acts.into_iter().rev().map(|record| format!("{} {}", record.act.actor, record.act.action)).collect()
    }
}

/// A router to be added.
pub(crate) fn router(name: &str) -> NewRouter {
    NewRouter {
        name: name.to_owned(),
        host: "192.168.88.1".to_owned(),
        port: 8728,
        tls: TlsMode::Off,
        fingerprint: None,
        username: "meter".to_owned(),
        password: "pa55".into(),
        link_speed_bps: None,
        interval_ms: None,
        group: None,
        enabled: true,
    }
}
