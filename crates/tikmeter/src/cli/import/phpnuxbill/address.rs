//! Where a MySQL or MariaDB database is: `mysql://user:password@host:port/database?ssl-mode=...&ssl-ca=FILE`.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use reqwest::Url;
use secrecy::SecretString;

/// See the module. Shown without user and password.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: SecretString,
    pub(super) database: String,
    pub(super) tls: Tls,
}

/// How the connection is kept from others; in the words of MySQL's own programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// `disabled`: everybody in between reads along.
    Off,
    /// `required`: whoever answers is believed.
    Unchecked,
    /// `verify-ca`: the certificate is good, whatever name it has.
    Ca(Option<PathBuf>),
    /// `verify-identity`: it is the host's.
    Host(Option<PathBuf>),
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the database {} on {}:{}", self.database, self.host, self.port)
    }
}

impl Address {
    /// Reads a URL. A host that is not this one has to show a certificate of its own where nothing else is said.
    ///
    /// # Errors
    /// A sentence without the password.
    pub(super) fn parse(text: &str) -> Result<Address, String> {
        // What the parser says of a URL may hold its password.
        let url = Url::parse(text).ok().filter(|url| ["mysql", "mariadb"].contains(&url.scheme()));
        let url = url.ok_or("write it like mysql://user:password@host/database")?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it names no host")?.to_owned();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let database = decoded(url.path().trim_start_matches('/'))?;
        if database.is_empty() || url.username().is_empty() {
            return Err("it names no user or no database; write it like mysql://user:password@host/database"
                .to_owned());
        }
        Ok(Address {
            tls: tls(&url, &host)?,
            port: url.port().unwrap_or(3_306),
            user: decoded(url.username())?,
            password: decoded(url.password().unwrap_or_default())?.into(),
            host,
            database,
        })
    }
}

fn decoded(text: &str) -> Result<String, String> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(|text| text.into_owned()).map_err(|_| "it has a part that is no UTF-8".to_owned())
}

fn tls(url: &Url, host: &str) -> Result<Tls, String> {
    let (mut mode, mut ca) = (None, None);
    for (key, value) in url.query_pairs() {
        match &*key {
            "ssl-mode" => mode = Some(value.to_ascii_lowercase().replace('_', "-")),
            "ssl-ca" => ca = Some(PathBuf::from(value.into_owned())),
            other => {
                return Err(format!(
                    "it has {}, and only ssl-mode and ssl-ca are known",
                    other.escape_debug()
                ));
            }
        }
    }
    match (mode.as_deref(), ca) {
        (None, None) if is_this_host(host) => Ok(Tls::Off),
        (None | Some("verify-identity"), ca) => Ok(Tls::Host(ca)),
        (Some("verify-ca"), ca) => Ok(Tls::Ca(ca)),
        (Some("required"), None) => Ok(Tls::Unchecked),
        (Some("disabled"), None) => Ok(Tls::Off),
        (Some("required" | "disabled"), Some(_)) => {
            Err("ssl-ca is of no use where no certificate is checked".to_owned())
        }
        (Some(other), _) => Err(format!(
            "ssl-mode is disabled, required, verify-ca or verify-identity, not {}",
            other.escape_debug()
        )),
    }
}

fn is_this_host(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_shown_without_its_password() {
        let address = Address::parse("mysql://nux:ge%40heim%2F@127.0.0.1:3307/nux%20bill").unwrap();
        assert_eq!(address.to_string(), "the database nux bill on 127.0.0.1:3307");
        assert_eq!((&*address.user, address.password.expose_secret()), ("nux", "ge@heim/"));
        assert!(!format!("{address:?}").contains("heim"), "{address:?}");
        assert_eq!((address.tls, Address::parse("mariadb://a@[::1]/b").unwrap().port), (Tls::Off, 3_306));
    }

    #[test]
    fn another_host_has_to_show_a_certificate_unless_it_is_said_otherwise() {
        let tls =
            |rest: &str| Address::parse(&format!("mysql://a:geheim@db.example/b{rest}")).map(|at| at.tls);
        let ca = || Some(PathBuf::from("/ca.pem"));
        for (rest, expected) in [
            ("", Tls::Host(None)),
            ("?ssl-ca=/ca.pem", Tls::Host(ca())),
            ("?ssl-mode=VERIFY_CA&ssl-ca=/ca.pem", Tls::Ca(ca())),
            ("?ssl-mode=required", Tls::Unchecked),
            ("?ssl-mode=disabled", Tls::Off),
        ] {
            assert_eq!(tls(rest), Ok(expected), "{rest}");
        }
        for wrong in ["?ssl-mode=preferred", "?sslmode=off", "?ssl-mode=disabled&ssl-ca=/ca.pem"] {
            let told = tls(wrong).unwrap_err();
            assert!(!told.contains("geheim"), "{told}");
        }
        for wrong in ["postgres://a:geheim@b/c", "mysql://a:geheim@b", "mysql://b/c", "mysql:geheim"] {
            let told = Address::parse(wrong).unwrap_err();
            assert!(!told.contains("geheim"), "{told}");
        }
    }
}
