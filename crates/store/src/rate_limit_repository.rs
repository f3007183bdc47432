//! Speed limits that people set for one device, login or address on one router: what is wanted, until it ends. What the router
//! does about it is no matter of the database.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;

/// What is limited on its router.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LimitSubject {
    /// A device of the hotspot, by its MAC as routers write it: `AA:BB:CC:DD:EE:FF`.
    Device(Vec<u8>),
    /// The PPP sessions of a login.
    Ppp(Vec<u8>),
    /// An address or prefix, as somebody without a session has it: `10.0.0.7/32`.
    Address(Vec<u8>),
    /// The interface that faces somebody without a session, by its name.
    Interface(Vec<u8>),
}

impl LimitSubject {
    /// The stable name of its kind in the database and the API, and what it is called.
    pub fn parts(&self) -> (&'static str, &[u8]) {
        match self {
            LimitSubject::Device(mac) => ("device", mac),
            LimitSubject::Ppp(login) => ("ppp", login),
            LimitSubject::Address(prefix) => ("address", prefix),
            LimitSubject::Interface(name) => ("interface", name),
        }
    }

    /// The subject of that kind.
    pub fn from_parts(kind: &str, name: Vec<u8>) -> Option<Self> {
        match kind {
            "device" => Some(LimitSubject::Device(name)),
            "ppp" => Some(LimitSubject::Ppp(name)),
            "address" => Some(LimitSubject::Address(name)),
            "interface" => Some(LimitSubject::Interface(name)),
            _ => None,
        }
    }
}

/// How fast somebody may be, bits per second from the subscriber's point of view; `None`: as fast as they can.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// Their upload.
    pub up_bps: Option<u64>,
    /// Their download.
    pub down_bps: Option<u64>,
}

/// When a limit ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitUntil {
    /// When the session of that number within the router is over, and so are those of the same subject that the books knew before it:
    /// the same login's, and for a device the same device's.
    Session(u64),
    /// When the clock on the wall shows that instant, however often it is set until then.
    At(Micros),
    /// When so much time has passed as there was until that instant, by the books of what lasts for a while
    /// ([`crate::VoucherTimeRepository`]): with a clock that is set it is moved along.
    Lasting(Micros),
    /// Not before somebody removes it.
    Removed,
}

/// A limit that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedLimit {
    /// The router.
    pub nas: NasId,
    /// Whom it is for.
    pub subject: LimitSubject,
    /// How fast they may be.
    pub rate: RateLimit,
    /// When it ends.
    pub until: LimitUntil,
    /// Who set it.
    pub set_by: String,
    /// When (our clock).
    pub set_at: Micros,
}

impl WantedLimit {
    /// Whether both are one, which a clock that was set may have moved along in between.
    pub fn is(&self, other: &WantedLimit) -> bool {
        let moves = |limit: &WantedLimit| matches!(limit.until, LimitUntil::Lasting(_));
        match moves(self) && moves(other) {
            true => WantedLimit { until: other.until, ..self.clone() } == *other,
            false => self == other,
        }
    }
}

/// When it is asked which limits are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitsDue {
    /// What the clock on the wall shows.
    pub wall: Micros,
    /// What time it is by the books of what lasts for a while, after a clock that was set was made up for.
    pub lasting: Micros,
}

/// Who sets the limits of vouchers: these are wanted as long as the voucher lets its device in, whatever stands in their place.
pub const SET_BY_VOUCHER: &str = "voucher";

/// A limit in whose place another is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplacedLimit {
    /// The limit.
    pub limit: WantedLimit,
    /// What is wanted again when it ends by itself.
    pub beneath: Option<WantedLimit>,
}

/// See the module.
#[async_trait]
pub trait RateLimitRepository: Send + Sync {
    /// Wants a limit, in the place of one of before for the same subject; answers that one. What somebody set until it is removed
    /// is wanted again when one ends by itself that was set in its place. That is not so for one without speeds until a session ends:
    /// so a limit is taken away. What a voucher set is wanted again only while the voucher lets the device in.
    async fn set_limit(
        &self,
        wanted: WantedLimit,
        act: NewAudit,
    ) -> Result<Option<ReplacedLimit>, StoreError>;

    /// Wants none any more, nor what was to be wanted again; answers the one of before, and writes `act` only if there was one.
    async fn remove_limit(
        &self,
        nas: NasId,
        subject: LimitSubject,
        act: NewAudit,
    ) -> Result<Option<WantedLimit>, StoreError>;

    /// Wants what was wanted before, or nothing, in the place of exactly this one; whatever else is wanted by now stays.
    async fn undo_limit(
        &self,
        wanted: WantedLimit,
        before: Option<ReplacedLimit>,
        act: NewAudit,
    ) -> Result<(), StoreError>;

    /// What is wanted, of one router or of all; in the order of routers and subjects.
    async fn limits(&self, nas: Option<NasId>) -> Result<Vec<WantedLimit>, StoreError> {
        self.limits_within(nas, Reach::Everywhere).await
    }

    /// The same of routers that are reached.
    async fn limits_within(&self, nas: Option<NasId>, reach: Reach) -> Result<Vec<WantedLimit>, StoreError>;

    /// Ends those whose time, session or router is over, each with a line `limit.end` in the journal, and answers them. What stood
    /// beneath one is wanted again.
    async fn end_limits(&self, now: LimitsDue) -> Result<Vec<WantedLimit>, StoreError>;

    /// Ends exactly these, whose session the router does not show any more, in the same way; answers those that were wanted yet.
    async fn end_limits_seen_over(
        &self,
        over: Vec<WantedLimit>,
        now: Micros,
    ) -> Result<Vec<WantedLimit>, StoreError>;

    /// Routers on which something of ours may be: one for which a limit was ever wanted, until it is
    /// [known to be free of it](Self::free_of_limits).
    async fn limited_routers(&self) -> Result<Vec<NasId>, StoreError>;

    /// Something of ours may be on these routers from now on.
    async fn mark_limited(&self, routers: Vec<NasId>) -> Result<(), StoreError>;

    /// Nothing of ours is on the router, as it showed itself. Where a limit is wanted it stays among the limited ones.
    async fn free_of_limits(&self, nas: NasId) -> Result<(), StoreError>;
}
