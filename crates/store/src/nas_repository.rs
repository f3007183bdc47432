//! Routers as they are configured, and what their actors last left of them.

use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::fingerprint::Fingerprint;
use crate::ids::NasId;
use crate::reach::Reach;

/// Who says how a router is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NasOrigin {
    /// Added by a person through a face.
    Api,
    /// Listed in the configuration file; read-only in faces.
    File,
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsMode {
    /// Plain TCP.
    #[default]
    Off,
    /// TLS with a remembered certificate.
    Pinned,
    /// TLS with a certificate that a known authority signed.
    Verified,
}

/// Every TLS mode with its stable name.
pub const TLS_MODES: [(TlsMode, &str); 3] =
    [(TlsMode::Off, "off"), (TlsMode::Pinned, "pinned"), (TlsMode::Verified, "verified")];

impl TlsMode {
    /// The stable name in the database, the configuration and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            TlsMode::Off => "off",
            TlsMode::Pinned => "pinned",
            TlsMode::Verified => "verified",
        }
    }

    /// The port of the service that speaks it, unless the router was told otherwise: `api` or `api-ssl`
    /// (routeros.md §1.8, §1.9).
    pub fn usual_port(self) -> u16 {
        match self {
            TlsMode::Off => 8728,
            TlsMode::Pinned | TlsMode::Verified => 8729,
        }
    }

    /// The mode of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        TLS_MODES.iter().find(|(_, known)| *known == name).map(|(mode, _)| *mode)
    }
}

/// A password as sealed by the vault; useless without its key, and still not for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedPassword(pub Vec<u8>);

impl std::fmt::Debug for SealedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedPassword(..)")
    }
}

/// A router to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNas {
    /// Names the router to the vault; survives renaming.
    pub uuid: Uuid,
    /// Name towards people, unique among routers that were not removed.
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// TCP port of its API.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// The certificate that a pinned router must show; `None` = the first one it shows is remembered.
    pub fingerprint: Option<Fingerprint>,
    /// User on the router.
    pub username: String,
    /// That user's password.
    pub password: SealedPassword,
    /// Speed of the router's fastest link, bits per second; `None` = not known, unseen stretches are unbounded.
    pub link_speed_bps: Option<u64>,
    /// Time between polls, milliseconds; `None` = the configured default.
    pub interval_ms: Option<u32>,
    /// The group it belongs to (made when lacking): its logins are those of the group, too, and who is bound to groups reaches it by
    /// that.
    pub group: Option<String>,
    /// Whether it is polled.
    pub enabled: bool,
    /// Who says so.
    pub origin: NasOrigin,
}

/// A router as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nas {
    /// Its row.
    pub id: NasId,
    /// How it is configured.
    pub config: NewNas,
    /// The IANA zone of the days of subscribers whose login is bound to it; the installation's when `None`.
    pub zone: Option<String>,
    /// Why it is not polled although enabled, as a sentence.
    pub paused_reason: Option<String>,
    /// When it was added.
    pub created_at: Micros,
    /// The device's key as of its last committed snapshot.
    pub device: Option<String>,
    /// Our number of the device's current boot.
    pub boot: u32,
    /// Snapshots committed so far.
    pub poll_seq: u64,
    /// Our clock at the last committed round.
    pub last_at: Option<Micros>,
    /// Sessions that must have existed and that nobody saw.
    pub unseen_sessions: u64,
}

/// What to change of a router; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NasPatch {
    /// New name.
    pub name: Option<String>,
    /// New host; the sealed password must come with it, because it was sealed for the old one.
    pub host: Option<String>,
    /// New port; see `host`.
    pub port: Option<u16>,
    /// New TLS mode; see `host`.
    pub tls: Option<TlsMode>,
    /// Another certificate to demand, or the next one it shows.
    pub fingerprint: Option<Option<Fingerprint>>,
    /// New user.
    pub username: Option<String>,
    /// New password.
    pub password: Option<SealedPassword>,
    /// New link speed, or none any more.
    pub link_speed_bps: Option<Option<u64>>,
    /// New interval, or the default again.
    pub interval_ms: Option<Option<u32>>,
    /// Switched on or off.
    pub enabled: Option<bool>,
    /// Paused with a reason, or not paused any more.
    pub paused_reason: Option<Option<String>>,
    /// Another zone, or none any more.
    pub zone: Option<Option<String>>,
    /// Another group (made when lacking), or none any more. Logins are resolved anew.
    pub group: Option<Option<String>>,
}

/// A certificate seen on a router that has none remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstSight {
    /// The router.
    pub nas: NasId,
    /// The host it was seen at.
    pub host: String,
    /// The port it was seen at.
    pub port: u16,
    /// The certificate.
    pub fingerprint: Fingerprint,
}

/// A router's password that is sealed anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resealed {
    /// The router.
    pub nas: NasId,
    /// As it must be stored still.
    pub before: SealedPassword,
    /// As it is to be stored.
    pub after: SealedPassword,
}

/// What became of the routers of the configuration file; names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSync {
    /// New in the file.
    pub added: Vec<String>,
    /// Different from before, or back after having been away.
    pub changed: Vec<String>,
    /// In the file no longer: paused, history kept.
    pub vanished: Vec<String>,
}

/// The registry of routers. Names are unique among routers that were not removed; a removed router's history stays.
#[async_trait]
pub trait NasRepository: Send + Sync {
    /// Adds a router. `Constraint` when the name is taken.
    async fn insert_nas(&self, new: NewNas, act: NewAudit) -> Result<NasId, StoreError>;

    /// All routers that were not removed, by name.
    async fn list_nas(&self) -> Result<Vec<Nas>, StoreError>;

    /// Those of them that are reached.
    async fn list_nas_within(&self, reach: Reach) -> Result<Vec<Nas>, StoreError>;

    /// The router of that name.
    async fn nas_by_name(&self, name: &str) -> Result<Option<Nas>, StoreError>;

    /// The router of that row, unless removed.
    async fn nas_by_id(&self, nas: NasId) -> Result<Option<Nas>, StoreError>;

    /// Another router, polled now or not, whose last committed snapshot came from this device (rule 8). Its baselines
    /// are where counting goes on, so nobody else may count this device until it is removed or commits another one.
    async fn nas_of_device(&self, device: &str, except: NasId) -> Result<Option<Nas>, StoreError>;

    /// Changes a router. `NotFound` when it was removed, `Constraint` when the new name is taken.
    async fn update_nas(&self, nas: NasId, patch: NasPatch, act: NewAudit) -> Result<(), StoreError>;

    /// Stores passwords that were sealed anew, all of them or none, and forgets those of removed routers. `Constraint` when one of
    /// them is not stored as it was `before`.
    async fn reseal_nas(&self, anew: Vec<Resealed>, act: NewAudit) -> Result<(), StoreError>;

    /// Remembers the first certificate a router showed and returns the remembered one: this, or the one that was
    /// there before, and then nothing is written. `NotFound` when the router was removed or moved meanwhile.
    async fn remember_certificate(&self, first: FirstSight, act: NewAudit)
    -> Result<Fingerprint, StoreError>;

    /// Removes a router: its name is free again, its history stays. Its open sessions end, each with an entry that
    /// bounds what was not seen between the last look and the act; nothing is committed for it any more. `NotFound`
    /// when it was removed before.
    async fn remove_nas(&self, nas: NasId, act: NewAudit) -> Result<(), StoreError>;

    /// Makes the routers of origin `File` that the file of `node` listed those of `wanted`, told apart by name; those that
    /// another process' file lists are left alone. A remembered certificate stays where
    /// `wanted` names none. The act is written once per
    /// router that changes, with its name as the subject. `Constraint` when a person added a router of that name.
    async fn sync_file_nas(
        &self,
        wanted: Vec<NewNas>,
        node: String,
        act: NewAudit,
    ) -> Result<FileSync, StoreError>;
}
