//! `tikmeter router edit`.

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use store::Fingerprint;

use super::protection::Tls;
use super::view;
use crate::cli::caller::Caller;
use crate::cli::password::PasswordArgs;
use crate::cli::patch;
use crate::failure::Failure;
use crate::quantity;

/// What to change; flags left out leave their values as they are.
#[derive(Debug, clap::Args)]
pub(crate) struct EditArgs {
    /// The router's name
    name: String,
    /// A new name
    #[arg(long = "name", value_name = "NAME")]
    new_name: Option<String>,
    /// A new host name or address; needs the password again
    #[arg(long)]
    host: Option<String>,
    /// A new TCP port; needs the password again
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Another way to protect the connection; needs the password again
    #[arg(long, value_name = "MODE")]
    tls: Option<Tls>,
    /// The certificate it must show from now on (SHA-256), for --tls pinned
    #[arg(long, value_name = "HEX", conflicts_with = "trust_new_certificate")]
    fingerprint: Option<Fingerprint>,
    /// Forget the remembered certificate: the next one the router shows is remembered
    #[arg(long)]
    trust_new_certificate: bool,
    /// Another user; needs that user's password
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    #[command(flatten)]
    password: PasswordArgs,
    /// Speed of its fastest link, for example 1G; `none` = not known
    #[arg(long, value_name = "SPEED", value_parser = speed)]
    link_speed: Option<Setting>,
    /// Time between two readings, for example 10s; `default` = the server's
    #[arg(long, value_name = "TIME", value_parser = interval)]
    interval: Option<Setting>,
    /// The IANA zone of the days of subscribers bound to it, like Asia/Manila; `default` = the server's
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// The group of routers it is in; a new name makes a new group
    #[arg(long, conflicts_with = "no_group")]
    group: Option<String>,
    /// It is in no group any more
    #[arg(long)]
    no_group: bool,
}

/// A number, or the wish to have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Setting(Option<u64>);

fn speed(text: &str) -> Result<Setting, String> {
    if text == "none" { Ok(Setting(None)) } else { quantity::bps(text).map(|bps| Setting(Some(bps))) }
}

fn interval(text: &str) -> Result<Setting, String> {
    if text == "default" {
        Ok(Setting(None))
    } else {
        quantity::millis(text).map(|millis| Setting(Some(millis)))
    }
}

fn zone(name: &String) -> Value {
    if name == "default" { Value::Null } else { Value::from(name.as_str()) }
}

impl EditArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let patch = self.patch()?;
        if patch.is_empty() {
            return Err(Failure::usage("nothing to change was given; see `tikmeter router edit --help`"));
        }
        let answer = caller.client.send(Method::PATCH, &["routers", &self.name], &patch).await?;
        caller.show(&answer, view::one)
    }

    fn patch(&self) -> Result<Map<String, Value>, Failure> {
        let password = self.password.given()?;
        let number = |setting: Setting| setting.0.map_or(Value::Null, Value::from);
        let fields = [
            ("name", self.new_name.clone().map(Value::from)),
            ("host", self.host.clone().map(Value::from)),
            ("port", self.port.map(Value::from)),
            ("tls", self.tls.map(|tls| Value::from(tls.word()))),
            ("fingerprint", self.certificate()),
            ("username", self.user.clone().map(Value::from)),
            ("password", password.map(|password| Value::from(password.expose_secret()))),
            ("link_speed_bps", self.link_speed.map(number)),
            ("interval_ms", self.interval.map(number)),
            ("zone", self.zone.as_ref().map(zone)),
            ("group", self.group.clone().map(Value::from).or(self.no_group.then_some(Value::Null))),
        ];
        Ok(patch::given(fields))
    }
}

impl EditArgs {
    fn certificate(&self) -> Option<Value> {
        let named = self.fingerprint.map(|fingerprint| Value::from(fingerprint.to_string()));
        named.or(self.trust_new_certificate.then_some(Value::Null))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        edit: EditArgs,
    }

    #[test]
    fn only_what_was_given_is_sent_and_none_is_null() {
        let words = ["x", "tower", "--link-speed", "none", "--interval", "10s", "--password", "p"];
        let patch = Line::try_parse_from(words).unwrap().edit.patch().unwrap();
        assert_eq!(
            Value::from(patch),
            json!({"password": "p", "link_speed_bps": null, "interval_ms": 10_000})
        );
    }
}
