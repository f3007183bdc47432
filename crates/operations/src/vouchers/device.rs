//! Which device is to be let in, and what its owner gets to know.

use std::net::Ipv4Addr;

use accounting::time::Micros;
use store::{NasId, RateLimit};

use super::stopped::VoucherStop;
use crate::error::OperationError;
use crate::limits::canonical_mac;
use crate::router_commands::RouterCommandError;

/// A device at a router's hotspot, as the hand-over named it. Whether it is there the router is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HotspotDevice {
    /// The router.
    pub nas: NasId,
    /// Its MAC as people or routers write it.
    pub mac: String,
    /// Its address at the hotspot, which is IPv4.
    pub address: String,
}

impl HotspotDevice {
    /// MAC and address as routers write them.
    pub(super) fn canonical(&self) -> Result<(String, Ipv4Addr), OperationError> {
        let mac = canonical_mac(&self.mac)?;
        let address = self.address.parse().map_err(|_| {
            OperationError::Invalid(format!(
                "\"{}\" is no address that a hotspot gives; nothing was changed",
                self.address.escape_debug()
            ))
        })?;
        Ok((mac, address))
    }
}

/// A device that was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmittedDevice {
    /// It was in before.
    pub already: bool,
    /// What its owner has to keep: who has it may end the session and move it to another device.
    pub proof: String,
    /// Microseconds that are left; `None`: no time limit.
    pub left_us: Option<u64>,
    /// Octets that are left, both ways together; `None`: no limit.
    pub left_octets: Option<u64>,
}

/// How a voucher stands, for who has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoucherStanding {
    /// Its time runs, and the device (by code: any of its devices) is in, as its router showed it last.
    pub active: bool,
    /// The same, and why else it is not.
    pub how: StandsHow,
    /// Microseconds that are left; `None`: no time limit.
    pub left_us: Option<u64>,
    /// Octets that are left, both ways together; `None`: no limit.
    pub left_octets: Option<u64>,
    /// The look at its routers that the octets are of (our clock); `None`: nobody looked yet, or there is no limit.
    pub as_of: Option<Micros>,
    /// How fast its devices may be.
    pub rate: RateLimit,
}

/// How a voucher stands, and the device of it that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandsHow {
    /// Nobody was let in with it.
    Unused,
    /// Its time runs, and the device is in.
    Online,
    /// Its time runs, and the device is not in: it was put off, or the last look did not show it.
    Away,
    /// Somebody stopped its time.
    Paused,
    /// Its time is over.
    TimeOver,
    /// Its data is used up.
    DataOver,
    /// Somebody took it out of use.
    Revoked,
}

/// Whose session is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoucherOwner<'a> {
    /// All devices of the voucher of that code.
    Code(&'a str),
    /// The device whose owner got this.
    Proof(&'a str),
}

/// Why no device was let in. Nothing of the voucher is used then, but where a router's answer was lost
/// ([`RouterCommandError::Unknown`]): whoever has the router finds out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionError {
    /// There is no such voucher, or it is paused, over or taken out of use: which of these is told to nobody.
    #[error("there is no voucher of that code that is good now")]
    InvalidCode,
    /// The voucher of that proof lets nobody in, or not now: whoever has the proof is told why.
    #[error("the voucher of this key is paused, over or out of use")]
    Stopped(VoucherStop),
    /// As many devices are in as it lets in.
    #[error("as many devices are in with this voucher as it lets in")]
    AlreadyUsed,
    /// The device is in with another voucher, whose time runs.
    #[error("this device is in with another voucher; end that session first")]
    OtherVoucher,
    /// The router does not show that device at that address.
    #[error("the router does not see that device at that address")]
    NotInSight,
    /// The router did not do it.
    #[error(transparent)]
    Router(#[from] RouterCommandError),
    /// Anything else.
    #[error(transparent)]
    Other(OperationError),
}

impl From<OperationError> for AdmissionError {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Router(error) => AdmissionError::Router(error),
            other => AdmissionError::Other(other),
        }
    }
}

impl From<store::StoreError> for AdmissionError {
    fn from(error: store::StoreError) -> Self {
        AdmissionError::Other(error.into())
    }
}
