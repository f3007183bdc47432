//! Devices that a hotspot lets through without a login: their login is `mac:` and the MAC address, as routers write one.

use accounting::login::{DEVICE_PREFIX, LoginKind, LoginName};

/// Pairs of digits in a MAC address.
const PAIRS: usize = 6;

/// The login as rounds name it: a device's address in the router's form, whatever form a person wrote it in; any other
/// login is what it was.
///
/// # Errors
/// What is wrong, when a hotspot login begins as a device's does and names none: it would never be counted.
pub(crate) fn as_routers_name_it(login: LoginName) -> Result<LoginName, &'static str> {
    match login.name.strip_prefix(DEVICE_PREFIX).filter(|_| login.kind == LoginKind::Hotspot) {
        None => Ok(login),
        Some(address) => match as_routers_write_it(address) {
            Some(address) => Ok(LoginName::new(login.kind, [DEVICE_PREFIX, &address].concat())),
            None => Err("a device that a hotspot lets through is named like mac:2C:54:91:00:00:01"),
        },
    }
}

/// Upper case with colons; `None` for what is no MAC address.
fn as_routers_write_it(address: &[u8]) -> Option<Vec<u8>> {
    let pairs: Vec<&[u8]> = match address.len() {
        12 => address.chunks(2).collect(),
        _ => address.split(|byte| matches!(byte, b':' | b'-')).collect(),
    };
    let is_pair = |pair: &&[u8]| pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
    (pairs.len() == PAIRS && pairs.iter().all(is_pair)).then(|| pairs.join(&b':').to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: LoginKind, name: &str) -> Result<String, &'static str> {
        let login = as_routers_name_it(LoginName::new(kind, name.as_bytes()));
        login.map(|login| String::from_utf8(login.name.into()).expect("text"))
    }

    #[test]
    fn an_address_is_one_in_whatever_form_it_is_written() {
        for written in ["mac:2C:54:91:00:00:0F", "mac:2c-54-91-00-00-0f", "mac:2c549100000f"] {
            assert_eq!(named(LoginKind::Hotspot, written), Ok("mac:2C:54:91:00:00:0F".to_owned()));
        }
    }

    #[test]
    fn what_names_no_device_is_refused_and_any_other_login_is_left_alone() {
        for wrong in ["mac:", "mac:2C:54:91:00:00", "mac:2C:54:91:00:00:0G", "mac:2C:54:91:00:000:F", "mac:x"]
        {
            assert!(named(LoginKind::Hotspot, wrong).is_err(), "{wrong}");
            assert_eq!(named(LoginKind::Ppp, wrong), Ok(wrong.to_owned()));
        }
        assert_eq!(named(LoginKind::Hotspot, "Mac:2c"), Ok("Mac:2c".to_owned()));
        assert_eq!(named(LoginKind::Hotspot, "2c:54:91:00:00:0f"), Ok("2c:54:91:00:00:0f".to_owned()));
    }
}
