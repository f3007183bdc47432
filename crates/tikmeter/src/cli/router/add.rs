//! `tikmeter router add`.

use secrecy::ExposeSecret;
use serde_json::json;
use store::Fingerprint;

use super::protection::Tls;
use super::view;
use crate::cli::caller::Caller;
use crate::cli::password::PasswordArgs;
use crate::failure::Failure;
use crate::quantity;

/// A new router.
#[derive(Debug, clap::Args)]
pub(crate) struct AddArgs {
    /// Its name
    name: String,
    /// Its host name or address, with or without :PORT
    #[arg(value_name = "HOST[:PORT]")]
    host: String,
    /// TCP port of its API service [default: 8728, with TLS 8729]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// How the connection is protected: not at all, by the certificate it shows first, or by an authority's signature
    #[arg(long, value_name = "MODE", default_value = "off")]
    tls: Tls,
    /// SHA-256 of the certificate it must show, for --tls pinned [default: the first one it shows]
    #[arg(long, value_name = "HEX")]
    fingerprint: Option<Fingerprint>,
    /// The user to log in as; one with the rights `api` and `read` is enough
    #[arg(long, value_name = "USER")]
    user: String,
    #[command(flatten)]
    password: PasswordArgs,
    /// Speed of its fastest link, for example 1G: bounds what can pass while nobody looks
    #[arg(long, value_name = "SPEED", value_parser = quantity::bps)]
    link_speed: Option<u64>,
    /// Time between two readings, for example 10s [default: the server's]
    #[arg(long, value_name = "TIME", value_parser = quantity::millis)]
    interval: Option<u64>,
    /// The group of routers it is in; a new name makes a new group
    #[arg(long)]
    group: Option<String>,
    /// Keep it, but do not read it yet
    #[arg(long)]
    disabled: bool,
}

impl AddArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let (host, port) = address(&self.host, self.port)?;
        let password = self.password.required()?;
        let router = json!({
            "name": self.name,
            "host": host,
            "port": port,
            "tls": self.tls.word(),
            "fingerprint": self.fingerprint.map(|fingerprint| fingerprint.to_string()),
            "username": self.user,
            "password": password.expose_secret(),
            "link_speed_bps": self.link_speed,
            "interval_ms": self.interval,
            "group": self.group,
            "enabled": !self.disabled,
        });
        caller.add(&["routers"], &router, |added: &view::Router| view::added(added)).await
    }
}

/// Host and port from `HOST`, `HOST:PORT`, `V6`, `[V6]` or `[V6]:PORT` and the flag.
fn address(text: &str, port: Option<u16>) -> Result<(&str, Option<u16>), Failure> {
    let (host, own) = split(text);
    let own = own.map(|digits| digits.parse::<u16>().ok().filter(|port| *port > 0)).map(|port| {
        port.ok_or_else(|| {
            Failure::usage(format!("`{}`: after the colon a port is expected", text.escape_debug()))
        })
    });
    match (own.transpose()?, port) {
        (Some(own), Some(port)) if own != port => {
            Err(Failure::usage(format!("two ports are given: {own} in the address and --port {port}")))
        }
        (own, port) => Ok((host, own.or(port))),
    }
}

fn split(text: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        return (host, rest.strip_prefix(':'));
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_port_may_stand_in_the_address_or_apart() {
        assert_eq!(address("10.0.0.1", None), Ok(("10.0.0.1", None)));
        assert_eq!(address("tower:9000", None), Ok(("tower", Some(9000))));
        assert_eq!(address("tower", Some(9000)), Ok(("tower", Some(9000))));
        assert_eq!(address("fe80::1", None), Ok(("fe80::1", None)));
        assert_eq!(address("[fe80::1]:9000", Some(9000)), Ok(("fe80::1", Some(9000))));
    }

    #[test]
    fn contradictions_and_nonsense_are_wrong_calls() {
        for (text, port) in
            [("tower:1", Some(2)), ("tower:api", None), ("tower:0", None), ("tower:99999", None)]
        {
            assert!(address(text, port).is_err(), "{text}");
        }
    }
}
