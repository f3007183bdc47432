//! What can be asked of the part that talks to the routers. The collector implements it.

use accounting::table::Table;
use accounting::time::Micros;
use async_trait::async_trait;
use store::{Nas, NasId};

use crate::doctor::{Finding, Patient};
use crate::limits::{LimitChange, LimitsKept, TrafficLook};
use crate::planned_change::PlannedChange;
use crate::router_check::Check;
use crate::router_queue::RouterQueue;
use crate::router_requests::AddressTest;
use crate::session_end::{Disconnected, SessionTarget};
use crate::vouchers::{Admission, AdmitDevice, HostSought, HotspotHost, VoucherUser, VouchersKept};

/// A reading that was asked for and is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadNow {
    /// The snapshot it became.
    pub poll_seq: u64,
    /// Our clock when the last counter row had arrived.
    pub at: Micros,
}

/// Why a command to a router came to nothing. What is counted is safe in any case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouterCommandError {
    /// The router is unknown, disabled or paused.
    #[error(
        "the router is not polled, so nothing was read; enable it, or try again in a moment if it was changed just now"
    )]
    NotPolled,
    /// No connection, with the reason.
    #[error("the router cannot be reached ({0}); what was counted before is safe")]
    Unreachable(String),
    /// No answer in time.
    #[error("the router did not answer in time; what was counted before is safe, try again")]
    TimedOut,
    /// The router may well have answered, but the database does not take its reading; the sentence says why.
    #[error("{0}")]
    StoreStalled(String),
    /// The router, or the state of its poller, refuses; the sentence says why.
    #[error("{0}")]
    Refused(String),
    /// Somebody else is at it at this moment; the sentence says what.
    #[error("{0}")]
    Busy(String),
    /// Another process was to do it; it did not and will not; the sentence says why.
    #[error("{0}")]
    NotDone(String),
    /// Another process began it, and nobody knows whether it was done; the sentence says why.
    #[error("{0}")]
    Unknown(String),
}

/// What a router says of an interface or a queue that is to count for one subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CounterLook {
    /// It can count for one.
    Fit,
    /// The router has none of that name.
    NotThere,
    /// The router makes it for a session, or it carries one itself: sessions are counted already.
    OfSessions,
    /// Sessions of others come in by it: they are counted already.
    CarriesSessions,
    /// A queue inside this one, which is enrolled: what passes it passes that one too.
    WithinQueue(Vec<u8>),
    /// A queue around this one, which is enrolled.
    HoldsQueue(Vec<u8>),
    /// A queue whose target has addresses in common with that of this one, which is enrolled.
    SharesTarget(Vec<u8>),
    /// A queue whose target is this interface, which is enrolled.
    OnInterface(Vec<u8>),
    /// An interface that is the target of this queue, which is enrolled.
    PassesQueue(Vec<u8>),
}

/// Commands to routers.
#[async_trait]
pub trait RouterCommands: Send + Sync {
    /// Takes a reading on the polling connection and answers once it is committed (limit 5 s).
    async fn read_now(&self, nas: NasId) -> Result<ReadNow, RouterCommandError>;

    /// Looks a router over, polled or not, with one login of its own.
    async fn check_up(&self, nas: Nas) -> Result<Vec<Check>, RouterCommandError>;

    /// Looks on a router for what makes figures or limits wrong there, polled or not, with one login of its own (limit 25 s). Nothing is
    /// changed.
    async fn diagnose(&self, nas: Nas, patient: Patient) -> Result<Vec<Finding>, RouterCommandError>;

    /// Looks an address over that is in no registry, from this process, with at most one login of its own; nothing of it is kept
    /// (limit 25 s). Few at once: more are told that it is busy.
    async fn check_address(&self, address: AddressTest) -> Result<Vec<Check>, RouterCommandError>;

    /// Looks at interfaces and queues, on a router polled or not, with one login of its own (limit 5 s). What each is, in
    /// their order; one that fits counts for somebody where those after it are judged.
    async fn look_at_counters(
        &self,
        nas: Nas,
        counters: Vec<(Table, Vec<u8>)>,
    ) -> Result<Vec<CounterLook>, RouterCommandError>;

    /// Ends one session: takes a last reading, finds the session on the router, removes the hotspot's cookies of this user and
    /// device and then the session, and looks what became of it (limit 25 s). With `dry_run` everything up to the first command
    /// that would change something.
    ///
    /// An error other than `Unknown` means that the session was not ended.
    async fn disconnect(
        &self,
        nas: Nas,
        session: SessionTarget,
        dry_run: bool,
    ) -> Result<Disconnected, RouterCommandError>;

    /// Makes the queues of a router what is wanted of them, and says how each limit stands then, as it was read back (limit 20 s).
    /// With `dry_run` nothing is sent, and a change of what is wanted can be thought of.
    ///
    /// What is wanted is kept in any case as soon as the router can be reached, so that an error says only that it is not known
    /// to be so yet.
    async fn keep_limits(
        &self,
        nas: Nas,
        change: Option<LimitChange>,
        dry_run: bool,
    ) -> Result<LimitsKept, RouterCommandError>;

    /// Lets a device of a voucher in: makes its hotspot user, logs it in and says how it stands then, as it was read back (limit
    /// 20 s). One that is in already stays in.
    ///
    /// An error other than `Unknown` means that it was not let in. Whether it is to be in stands in the database: whoever has the
    /// router finds out what became of it.
    async fn admit_device(&self, nas: Nas, device: AdmitDevice) -> Result<Admission, RouterCommandError>;

    /// Makes a router what is wanted of the devices of vouchers, and says how each stands then, as it was read back (limit 20 s).
    ///
    /// What is wanted is kept in any case as soon as the router can be reached, so that an error says only that it is not known
    /// to be so yet. With `leave` nobody is to be in for this once, because the router is about to be left.
    async fn keep_vouchers(&self, nas: Nas, leave: bool) -> Result<VouchersKept, RouterCommandError>;

    /// Looks what the logins of these hotspot users moved, and of nobody else; the books have it when this answers (limit 20 s).
    async fn look_at_voucher_users(
        &self,
        nas: Nas,
        users: Vec<VoucherUser>,
    ) -> Result<(), RouterCommandError>;

    /// What would be sent to a router for a change that is only thought of, word by word, in its order (limit 50 s); nothing is sent.
    async fn plan_change(&self, nas: Nas, change: PlannedChange) -> Result<Vec<String>, RouterCommandError>;

    /// What users of a router's hotspot move, as it showed to the process that polls it, which looks at it for the next minute
    /// (limit 1 s: nobody waits for the router).
    async fn look_at_traffic(&self, nas: Nas) -> Result<TrafficLook, RouterCommandError>;

    /// Devices in sight of a router's hotspot (limit 5 s).
    async fn hotspot_hosts(
        &self,
        nas: Nas,
        sought: HostSought,
    ) -> Result<Vec<HotspotHost>, RouterCommandError>;

    /// The simple queues of a router in its order, with one login of its own (limit 5 s).
    async fn list_queues(&self, nas: Nas) -> Result<Vec<RouterQueue>, RouterCommandError>;

    /// Takes a reading and says whether it shows this very session.
    async fn is_session_open(&self, nas: Nas, session: SessionTarget) -> Result<bool, RouterCommandError>;

    /// The registry changed: pollers are started, stopped and restarted to fit it. Returns when the board says nothing more
    /// of those that were stopped (limit 5 s), or at once where nobody runs any.
    async fn reload(&self);
}
