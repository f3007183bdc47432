//! What a router's configuration must look like.

use store::{Nas, NasOrigin, TlsMode};

use crate::checks::{check_name, check_path_name};
use crate::error::OperationError;
use crate::router_addresses::RouterAddresses;
use crate::router_requests::{AddressTest, NewRouter, RouterPatch};
use crate::steps::zone;

/// Shortest time between polls.
const SHORTEST_INTERVAL_MS: u32 = 1_000;
/// Longest time between polls: an hour.
const LONGEST_INTERVAL_MS: u32 = 3_600_000;

/// Refuses a new router that cannot be polled, or may not.
pub(crate) fn check_new(new: &NewRouter, addresses: &RouterAddresses) -> Result<(), OperationError> {
    check_router_name(&new.name)?;
    check_place(&new.host, addresses)?;
    check_port(new.port)?;
    check_fingerprint(new.tls, new.fingerprint.is_some())?;
    check_user(&new.username)?;
    check_interval(new.interval_ms)?;
    check_link_speed(new.link_speed_bps)?;
    new.group.as_deref().map_or(Ok(()), check_group_name)
}

/// Refuses an address that no router can have, or may.
pub(crate) fn check_address(asked: &AddressTest, addresses: &RouterAddresses) -> Result<(), OperationError> {
    check_place(&asked.host, addresses)?;
    check_port(asked.port)?;
    check_fingerprint(asked.tls, asked.fingerprint.is_some())?;
    asked.login.as_ref().map_or(Ok(()), |login| check_user(&login.username))
}

/// Refuses values with which a router cannot be polled, or may not.
pub(crate) fn check_patch(
    nas: &Nas,
    patch: &RouterPatch,
    addresses: &RouterAddresses,
) -> Result<(), OperationError> {
    patch.name.as_deref().map_or(Ok(()), check_router_name)?;
    patch.host.as_deref().map_or(Ok(()), |host| check_place(host, addresses))?;
    patch.port.map_or(Ok(()), check_port)?;
    check_fingerprint(patch.tls.unwrap_or(nas.config.tls), patch.fingerprint.is_some())?;
    patch.username.as_deref().map_or(Ok(()), check_user)?;
    check_interval(patch.interval_ms.flatten())?;
    check_link_speed(patch.link_speed_bps.flatten())?;
    patch.group.iter().flatten().try_for_each(|name| check_group_name(name))?;
    patch.zone.iter().flatten().try_for_each(|name| zone(name).map(|_| ()))
}

/// Refuses a change that would send the stored password to another address, or for another user.
pub(crate) fn check_password(nas: &Nas, change: &RouterPatch) -> Result<(), OperationError> {
    let moves =
        change.host.is_some() || change.port.is_some() || change.tls.is_some() || change.username.is_some();
    if moves && change.password.is_none() {
        return Err(OperationError::Invalid(format!(
            "a new host, port, TLS mode or user of {} needs its password in the same request, because the stored one was \
             given for the old one; nothing was changed",
            nas.config.name
        )));
    }
    Ok(())
}

/// Refuses to change what the configuration file says.
pub(crate) fn refuse_file_router(nas: &Nas) -> Result<(), OperationError> {
    match nas.config.origin {
        NasOrigin::Api => Ok(()),
        NasOrigin::File => Err(OperationError::Conflict(format!(
            "the router {} comes from the configuration file; nothing was changed, edit it there and reload",
            nas.config.name
        ))),
    }
}

/// Refuses to remove what the configuration file still lists; a vanished entry is paused.
pub(crate) fn refuse_listed_router(nas: &Nas) -> Result<(), OperationError> {
    match nas.paused_reason {
        Some(_) => Ok(()),
        None => refuse_file_router(nas),
    }
}

/// Refuses a router's name that cannot be typed, shown, or be one step of a path.
///
/// # Errors
/// [`OperationError::Invalid`] with what is wrong.
pub fn check_router_name(name: &str) -> Result<(), OperationError> {
    check_path_name("router's name", name)
}

/// Refuses a name that no group of routers can have.
///
/// # Errors
/// [`OperationError::Invalid`] with what is wrong.
pub fn check_group_name(name: &str) -> Result<(), OperationError> {
    check_path_name("name of the group", name)
}

/// Refuses the name of a user that no router has.
///
/// # Errors
/// [`OperationError::Invalid`] with what is wrong.
pub fn check_user(name: &str) -> Result<(), OperationError> {
    check_name("user name", name)
}

/// Refuses what is no host name or address, or more than that.
///
/// # Errors
/// [`OperationError::Invalid`] with what is wrong.
pub fn check_host(host: &str) -> Result<(), OperationError> {
    check_name("host", host)?;
    if host.contains(char::is_whitespace) || host.contains('/') || host.contains('@') {
        return Err(OperationError::Invalid(
            "the host must be a plain host name or address, such as 192.168.88.1; nothing was changed"
                .to_owned(),
        ));
    }
    // Of an IPv6 address also the zone, as in fe80::1%ether1.
    let address = host.split('%').next().unwrap_or_default();
    if host.contains(':') && address.parse::<std::net::Ipv6Addr>().is_err() {
        return Err(OperationError::Invalid(
            "the host must be a host name or address alone: give the port by itself, and an IPv6 address without \
             brackets; nothing was changed"
                .to_owned(),
        ));
    }
    Ok(())
}

fn check_place(host: &str, addresses: &RouterAddresses) -> Result<(), OperationError> {
    check_host(host)?;
    addresses.check_host(host)
}

fn check_port(port: u16) -> Result<(), OperationError> {
    match port {
        0 => Err(OperationError::Invalid(
            "the port must be 1 to 65535 (the API's own is 8728, with TLS 8729)".to_owned(),
        )),
        _ => Ok(()),
    }
}

fn check_fingerprint(tls: TlsMode, given: bool) -> Result<(), OperationError> {
    if given && tls != TlsMode::Pinned {
        return Err(OperationError::Invalid(
            "a certificate's fingerprint is for tls = \"pinned\" only; nothing was changed".to_owned(),
        ));
    }
    Ok(())
}

/// Refuses a time between polls, in milliseconds, that is too short or too long.
///
/// # Errors
/// [`OperationError::Invalid`] with what is wrong.
pub fn check_interval(interval_ms: Option<u32>) -> Result<(), OperationError> {
    match interval_ms {
        Some(ms) if !(SHORTEST_INTERVAL_MS..=LONGEST_INTERVAL_MS).contains(&ms) => {
            Err(OperationError::Invalid("the interval must be between 1 second and 1 hour".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Refuses a link speed of 0 bits per second.
///
/// # Errors
/// [`OperationError::Invalid`] with what is wrong.
pub fn check_link_speed(bps: Option<u64>) -> Result<(), OperationError> {
    match bps {
        Some(0) => Err(OperationError::Invalid(
            "the link speed must be more than 0 bps; leave it away when it is not known".to_owned(),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check_host;

    #[test]
    fn a_host_is_a_name_or_an_address_alone() {
        for host in ["192.168.88.1", "tower.example.net", "::1", "fe80::1%ether1", "2001:db8::2"] {
            assert!(check_host(host).is_ok(), "{host}");
        }
        for host in ["127.0.0.1:8728", "tower:8728", "[::1]", "[::1]:8728", "a b", "u@h", "http://h", ""] {
            assert!(check_host(host).is_err(), "{host}");
        }
    }
}
