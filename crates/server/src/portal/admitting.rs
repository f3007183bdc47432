//! Letting a device in, by a code or by the key of an earlier time: guesses are counted, and an act that was begun is not broken off.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use operations::{AdmissionError, AdmittedDevice, HotspotDevice, stored_code};

use super::refusal::Refusal;
use super::seal::Seen;
use super::state::PortalState;
use super::unsaid::without_codes;

/// Longest code that is looked at, octets; none that we make is as long.
const LONGEST: usize = 64;
/// How long somebody waits; what was begun goes on.
const PATIENCE: Duration = Duration::from_secs(25);

/// What a device is let in by.
pub(super) enum By<'a> {
    /// A code, and the key that the browser kept.
    Code(&'a str, Option<&'a str>),
    /// A key alone.
    Key(&'a str),
}

/// Lets it in.
pub(super) async fn admit(
    portal: &PortalState,
    peer: IpAddr,
    device: Option<&Seen>,
    by: By<'_>,
) -> Result<AdmittedDevice, Refusal> {
    let admitted = try_to(portal, peer, device, by).await;
    portal.counts.activation(match &admitted {
        Ok(admitted) if admitted.already => "already",
        Ok(_) => "let_in",
        Err(refusal) => refusal.name(),
    });
    admitted
}

async fn try_to(
    portal: &PortalState,
    peer: IpAddr,
    device: Option<&Seen>,
    by: By<'_>,
) -> Result<AdmittedDevice, Refusal> {
    let device = device.ok_or(Refusal::NotHandedOver)?;
    let device =
        HotspotDevice { nas: device.nas, mac: device.mac.clone(), address: device.address.to_string() };
    let desk = Arc::clone(&portal.desk);
    match by {
        By::Code(code, key) => {
            let (code, key) = (normal(code)?, key.map(str::to_owned));
            let counted = Some(code.clone());
            let act = async move { desk.activate(&code, device, key.as_deref()).await };
            guessing(portal, peer, counted.as_deref(), act).await
        }
        By::Key(key) => {
            let key = key.trim().to_owned();
            let act = async move { desk.move_here(&key, device).await };
            guessing(portal, peer, None, act).await.map_err(of_a_key)
        }
    }
}

/// Counts `act` as a wrong guess unless it was none.
pub(super) async fn guessing<T: Send + 'static>(
    portal: &PortalState,
    peer: IpAddr,
    code: Option<&str>,
    act: impl Future<Output = Result<T, AdmissionError>> + Send + 'static,
) -> Result<T, Refusal> {
    let guess = portal.gate.guess(peer, code)?;
    let outcome = to_its_end(act).await;
    if !matches!(&outcome, Err(refusal) if refusal.is_a_wrong_guess()) {
        guess.was_right();
    }
    outcome
}

/// As codes are looked up, so that one is counted as one however it is typed.
pub(super) fn normal(code: &str) -> Result<String, Refusal> {
    let code = stored_code(code);
    match code.len() {
        0 => Err(Refusal::NothingNamed),
        1..=LONGEST => Ok(code),
        _ => Err(Refusal::InvalidCode),
    }
}

/// Whoever has a key is told of the key.
pub(super) fn of_a_key(refusal: Refusal) -> Refusal {
    if refusal == Refusal::InvalidCode { Refusal::InvalidKey } else { refusal }
}

/// A client that goes away in the middle must not leave a device half let in.
async fn to_its_end<T: Send + 'static>(
    act: impl Future<Output = Result<T, AdmissionError>> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::time::timeout(PATIENCE, operations::spawn_on_behalf(act)).await {
        Ok(Ok(outcome)) => outcome.map_err(Refusal::from),
        Ok(Err(broken)) => {
            let broken = without_codes(broken);
            tracing::error!(broken, "an act of the portal broke off");
            Err(Refusal::Failed)
        }
        Err(_) => Err(Refusal::Failed),
    }
}
