//! Who is kept out of a router for a while: what is wanted, until when, and whether something of it may be on the router. It is
//! written down before anything is sent, so that it is undone also by a process that comes later.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;

/// Who is kept out of their router.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HoldSubject {
    /// A device of the hotspot, by its MAC as the router gave it.
    Device(Vec<u8>),
    /// A PPP login.
    Ppp(Vec<u8>),
}

impl HoldSubject {
    /// The stable name of its kind in the database and the API, and what it is called.
    pub fn parts(&self) -> (&'static str, &[u8]) {
        match self {
            HoldSubject::Device(mac) => ("device", mac),
            HoldSubject::Ppp(login) => ("ppp", login),
        }
    }

    /// The subject of that kind.
    pub fn from_parts(kind: &str, name: Vec<u8>) -> Option<Self> {
        match kind {
            "device" => Some(HoldSubject::Device(name)),
            "ppp" => Some(HoldSubject::Ppp(name)),
            _ => None,
        }
    }
}

/// Somebody who is to be kept out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The router.
    pub nas: NasId,
    /// Who.
    pub subject: HoldSubject,
    /// Until then (our clock).
    pub until: Micros,
    /// Something of it may be on the router.
    pub is_placed: bool,
    /// Who wanted it.
    pub set_by: String,
    /// When (our clock).
    pub set_at: Micros,
}

/// See the module.
#[async_trait]
pub trait HoldRepository: Send + Sync {
    /// Wants one, also in the place of one that was over when this is set: what of that may be on the router is of this one then.
    /// `Constraint` when there is one for the subject already that goes on.
    async fn set_hold(&self, hold: Hold, act: NewAudit) -> Result<(), StoreError>;

    /// From now on something of it may be on the router; answers it as it is then. `None`, and nothing is written, when at that
    /// instant none is wanted.
    async fn place_hold(
        &self,
        nas: NasId,
        subject: HoldSubject,
        now: Micros,
        act: NewAudit,
    ) -> Result<Option<Hold>, StoreError>;

    /// The one of that subject, if there is one.
    async fn hold_of(&self, nas: NasId, subject: HoldSubject) -> Result<Option<Hold>, StoreError>;

    /// It ends at that instant, if it was to end later; answers it as it is then, `None` when there is none.
    async fn shorten_hold(
        &self,
        nas: NasId,
        subject: HoldSubject,
        until: Micros,
        act: NewAudit,
    ) -> Result<Option<Hold>, StoreError>;

    /// All there are, in the order of routers and subjects; those of routers that were removed are none any more.
    async fn holds(&self) -> Result<Vec<Hold>, StoreError> {
        self.holds_within(Reach::Everywhere).await
    }

    /// The same of routers that are reached.
    async fn holds_within(&self, reach: Reach) -> Result<Vec<Hold>, StoreError>;

    /// Nothing of exactly this one is on its router any more. False, and nothing is written, when it is another by now.
    async fn end_hold(&self, hold: Hold, act: NewAudit) -> Result<bool, StoreError>;
}
