//! For whom a limit is wanted: which router, and which session it ends with.

use std::collections::BTreeSet;
use std::net::IpAddr;

use accounting::login::LoginKind;
use store::{LimitSubject, Nas, NasId, SessionPhase, SessionQuery, SessionRow};

use crate::error::OperationError;
use crate::names::name_for_people;
use crate::operations::Operations;

/// Sessions of one login that are looked through.
const MOST: u32 = 1_000;
/// So many routers are read at most to find somebody who came since the last reading.
const MOST_READ: usize = 8;

/// Whom somebody means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitWho {
    /// A device of the hotspot, by its MAC.
    Mac(String),
    /// A login as its router gives it: of PPP, or of the hotspot with one device.
    Login(Vec<u8>),
    /// An address or prefix of somebody without a session.
    Address(String),
    /// A subscriber, by their username or id: whatever they have of PPP or the hotspot now, or the interface that faces them.
    Subscriber(String),
}

/// Who that is.
pub(super) struct Meant {
    pub(super) nas: Nas,
    pub(super) subject: LimitSubject,
    /// The highest number that a session of theirs has within the router, where there is one.
    pub(super) session: Option<u64>,
}

/// A MAC as routers write it.
///
/// # Errors
/// A sentence for who wrote it.
pub(crate) fn canonical_mac(text: &str) -> Result<String, OperationError> {
    let digits: String = text.chars().filter(|sign| !matches!(sign, ':' | '-' | '.')).collect();
    let pairs: Vec<&str> =
        digits.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok()).collect();
    if digits.len() != 12 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(OperationError::Invalid(format!(
            "\"{}\" is no MAC address; write it like AA:BB:CC:DD:EE:FF. Nothing was changed",
            text.escape_debug()
        )));
    }
    Ok(pairs.join(":").to_ascii_uppercase())
}

/// The same as routers' rows have it.
pub(super) fn mac(text: &str) -> Result<Vec<u8>, OperationError> {
    canonical_mac(text).map(String::into_bytes)
}

impl Operations {
    /// Finds whom somebody means: in the books first, and on a router that is read for it where they do not know them yet. With
    /// `is_now` it is somebody who is connected now, and their router is read in any case: the books know who was when it was read
    /// last.
    pub(super) async fn meant(
        &self,
        router: Option<&str>,
        who: &LimitWho,
        is_now: bool,
    ) -> Result<Meant, OperationError> {
        let named = self.limit_router(router).await?;
        if let Some(meant) = self.without_session(named.as_ref(), who).await? {
            return Ok(meant);
        }
        let sessions = self.connected(named.as_ref(), who, is_now).await?;
        self.one_of(&sessions, who).await
    }

    /// Who is meant, and all sessions that they have; none where they have none to have.
    pub(super) async fn sessions_of(
        &self,
        router: Option<&str>,
        who: &LimitWho,
    ) -> Result<(LimitSubject, Vec<SessionRow>), OperationError> {
        let named = self.limit_router(router).await?;
        if let Some(meant) = self.without_session(named.as_ref(), who).await? {
            return Ok((meant.subject, Vec::new()));
        }
        let sessions = self.connected(named.as_ref(), who, true).await?;
        Ok((self.one_of(&sessions, who).await?.subject, sessions))
    }

    async fn limit_router(&self, router: Option<&str>) -> Result<Option<Nas>, OperationError> {
        match router {
            Some(router) => self.named_nas(router).await.map(Some),
            None => Ok(None),
        }
    }

    /// Whom they mean who never has a session; `None` for whoever has.
    async fn without_session(
        &self,
        nas: Option<&Nas>,
        who: &LimitWho,
    ) -> Result<Option<Meant>, OperationError> {
        match who {
            LimitWho::Address(prefix) => {
                let nas = nas.ok_or_else(|| OperationError::Invalid(WHICH_ROUTER.to_owned()))?;
                let subject = LimitSubject::Address(address(prefix)?);
                Ok(Some(Meant { nas: nas.clone(), subject, session: None }))
            }
            LimitWho::Subscriber(key) => self.faced(nas, key).await,
            LimitWho::Mac(_) | LimitWho::Login(_) => Ok(None),
        }
    }

    async fn connected(
        &self,
        nas: Option<&Nas>,
        who: &LimitWho,
        is_now: bool,
    ) -> Result<Vec<SessionRow>, OperationError> {
        let mut fitting = self.fitting(nas, who).await?;
        if is_now {
            self.read_those_of(&fitting).await?;
            fitting = self.fitting(nas, who).await?;
        }
        if fitting.is_empty() {
            self.read_all(nas).await?;
            fitting = self.fitting(nas, who).await?;
        }
        Ok(fitting)
    }

    /// Reads the routers of these sessions: some may be over, and others have begun. Of more routers than are read nobody is
    /// meant all the same.
    async fn read_those_of(&self, sessions: &[SessionRow]) -> Result<(), OperationError> {
        let routers: BTreeSet<NasId> = sessions.iter().map(|row| row.nas).collect();
        if routers.len() <= MOST_READ {
            let readings = routers.into_iter().map(|nas| self.commands.read_now(nas));
            futures_util::future::try_join_all(readings).await?;
        }
        Ok(())
    }

    /// Open sessions that fit, on that router or on any.
    async fn fitting(&self, nas: Option<&Nas>, who: &LimitWho) -> Result<Vec<SessionRow>, OperationError> {
        let mut open = match who {
            LimitWho::Mac(text) => {
                let mut of_device =
                    self.store.open_sessions_of_caller(mac(text)?, self.reach.clone()).await?;
                // One that is let through without a login is in no table of logins.
                of_device.retain(|row| {
                    row.service.kind() == LoginKind::Hotspot && !row.username.starts_with(b"mac:")
                });
                of_device
            }
            LimitWho::Login(login) => self.open_of(nas, login).await?,
            LimitWho::Subscriber(key) => self.open_of_subscriber(nas, key).await?,
            LimitWho::Address(_) => Vec::new(),
        };
        open.retain(|row| nas.is_none_or(|nas| nas.id == row.nas));
        Ok(open)
    }

    /// Open sessions of a login.
    pub(super) async fn open_of(
        &self,
        nas: Option<&Nas>,
        login: &[u8],
    ) -> Result<Vec<SessionRow>, OperationError> {
        let query = SessionQuery {
            router: nas.map(|nas| nas.config.name.clone()),
            username: Some(login.to_vec()),
            subscriber: None,
            phase: Some(SessionPhase::Open),
            before: None,
            reach: self.reach.clone(),
            limit: MOST,
        };
        let mut of_login = self.store.list_sessions(query).await?;
        of_login.retain(|row| row.service.kind() != LoginKind::StaticIp);
        Ok(of_login)
    }

    async fn read_all(&self, nas: Option<&Nas>) -> Result<(), OperationError> {
        if let Some(nas) = nas {
            return self.read_now(&nas.config.name).await.map(drop);
        }
        let routers = self.reached_routers().await?;
        let polled: Vec<_> = routers.into_iter().filter(|nas| nas.config.enabled).collect();
        if polled.len() <= MOST_READ {
            let readings = polled.iter().map(|nas| self.commands.read_now(nas.id));
            // One that cannot be read shows nobody; who is not found then is said not to be there.
            let _ = futures_util::future::join_all(readings).await;
        }
        Ok(())
    }

    async fn one_of(&self, fitting: &[SessionRow], who: &LimitWho) -> Result<Meant, OperationError> {
        let first = fitting.first().ok_or_else(|| OperationError::NotFound(nobody(who)))?;
        let subject = |row: &SessionRow| match row.service.kind() {
            LoginKind::Hotspot => LimitSubject::Device(row.calling_station_id.to_ascii_uppercase()),
            LoginKind::Ppp | LoginKind::StaticIp => LimitSubject::Ppp(row.username.clone()),
        };
        if fitting.iter().any(|row| row.nas != first.nas || subject(row) != subject(first)) {
            return Err(OperationError::Conflict(choose(fitting)));
        }
        let nas = self.nas(&first.router).await?;
        let session = fitting.iter().map(|row| row.no).max();
        Ok(Meant { nas, subject: subject(first), session })
    }
}

const WHICH_ROUTER: &str = "name the router of that address with --router. Nothing was changed";

/// An address or prefix, or several of one subscriber with commas between: each as routers store it, so that it is the same
/// however it was written.
pub(super) fn address(text: &str) -> Result<Vec<u8>, OperationError> {
    let all: Option<BTreeSet<String>> = text.split(',').map(|one| prefix(one.trim())).collect();
    let all = all.map(|all| all.into_iter().collect::<Vec<_>>().join(",").into_bytes());
    all.ok_or_else(|| {
        OperationError::Invalid(format!(
            "\"{}\" is no address or prefix; write 10.0.0.7 or 10.0.0.0/24. Nothing was changed",
            text.escape_debug()
        ))
    })
}

/// With the bits of hosts cleared, and all bits where none are given.
fn prefix(text: &str) -> Option<String> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits: u32 =
        bits.map_or(Some(most), |bits| bits.parse().ok()).filter(|bits| (1..=most).contains(bits))?;
    let address = match address {
        IpAddr::V4(address) => IpAddr::V4((address.to_bits() & (u32::MAX << (most - bits))).into()),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & (u128::MAX << (most - bits))).into()),
    };
    Some(format!("{address}/{bits}"))
}

fn nobody(who: &LimitWho) -> String {
    let who = match who {
        LimitWho::Mac(mac) => format!("no such hotspot user is active: {}", mac.escape_debug()),
        LimitWho::Login(login) => format!("no session of {} is open", name_for_people(login)),
        LimitWho::Address(address) => format!("nobody has {}", address.escape_debug()),
        LimitWho::Subscriber(key) => format!("no session of the subscriber {} is open", key.escape_debug()),
    };
    format!("{who}. Nothing was changed; list sessions with: tikmeter sessions --state open")
}

fn choose(fitting: &[SessionRow]) -> String {
    let mut all: Vec<String> = fitting
        .iter()
        .map(|row| format!("{} on router {}", name_for_people(&row.calling_station_id), row.router))
        .collect();
    all.sort();
    all.dedup();
    all.truncate(10);
    format!("nothing was changed: several fit, name the router or the MAC: {}", all.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_is_read_as_people_write_it_and_written_as_routers_do() {
        for text in ["aa:bb:cc:dd:ee:0f", "AA-BB-CC-DD-EE-0F", "aabb.ccdd.ee0f"] {
            assert_eq!(mac(text).unwrap(), b"AA:BB:CC:DD:EE:0F");
        }
        for wrong in [
            "",
            "AA:BB:CC:DD:EE",
            "AA:BB:CC:DD:EE:GG",
            "AA:BB:CC:DD:EE:FF:00",
            "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
        ] {
            let told = mac(wrong).unwrap_err().to_string();
            assert!(told.contains("is no MAC address"), "{told}");
        }
    }

    #[test]
    fn addresses_are_prefixes_and_never_everything() {
        for (right, stored) in [
            ("10.0.0.7", "10.0.0.7/32"),
            ("10.0.0.9/24", "10.0.0.0/24"),
            ("fd00::1/64", "fd00::/64"),
            ("10.0.0.9/32, 10.0.0.7,10.0.0.7", "10.0.0.7/32,10.0.0.9/32"),
        ] {
            assert_eq!(address(right).unwrap(), stored.as_bytes());
        }
        for wrong in ["", "10.0.0", "0.0.0.0/0", "10.0.0.7/33", "ether1", "10.0.0.7,", "10.0.0.7/"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
