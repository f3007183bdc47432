//! One router of the configuration.

use std::path::PathBuf;
use std::time::Duration;

use operations::{
    OperationError, check_group_name, check_host, check_interval, check_link_speed, check_router_name,
    check_user,
};
use secrecy::SecretString;
use store::{Fingerprint, NoFingerprint, TlsMode};

use crate::config::dotenv;
use crate::config::exposure::exposure;
use crate::config::loaded::{DEFAULT, Entries, Entry};
use crate::config::problem::{Problem, Problems};
use crate::{password_file, quantity};

/// A router to poll, as configured. Its password is never printed.
#[derive(Clone, Debug)]
pub(crate) struct RouterSettings {
    /// The key under which its history is kept.
    pub(crate) name: String,
    /// Host name or address.
    pub(crate) host: String,
    /// Port of its API.
    pub(crate) port: u16,
    /// How the connection is protected.
    pub(crate) tls: TlsMode,
    /// The certificate it must show in pinned mode, where the file names it.
    pub(crate) fingerprint: Option<Fingerprint>,
    /// The router's user.
    pub(crate) username: String,
    /// That user's password, or the file that has it.
    pub(crate) password: RouterPassword,
    /// Time between two polls, where it differs from the usual.
    pub(crate) interval: Option<Duration>,
    /// Speed of its uplink in bits per second: the bound on what can have passed unseen.
    pub(crate) link_speed_bps: Option<u64>,
    /// The group of routers it is in.
    pub(crate) group: Option<String>,
    /// Where the router was named.
    pub(crate) origin: String,
}

/// Where a router's password is.
#[derive(Clone, Debug)]
pub(crate) enum RouterPassword {
    /// In the configuration: itself, and the file it lies in, if it is one.
    Given(SecretString, Option<PathBuf>),
    /// On the first line of a file, read when the router is connected to.
    File(PathBuf),
}

impl RouterPassword {
    /// The password itself.
    ///
    /// # Errors
    /// A sentence that names the file, when it cannot be read or is empty.
    pub(crate) fn read(&self) -> Result<SecretString, String> {
        let file = match self {
            RouterPassword::Given(password, _) => return Ok(password.clone()),
            RouterPassword::File(file) => file,
        };
        match password_file::first_line(file)? {
            password if !password.is_empty() => Ok(password.into()),
            _ => Err(format!("the first line of the password file {} is empty", file.display())),
        }
    }
}

impl RouterSettings {
    /// What to say, and the cure, when others than its owner can read the file in which the password lies.
    pub(crate) fn exposure(&self) -> Option<String> {
        let (file, what) = match &self.password {
            RouterPassword::File(file) => (file, "the password file"),
            RouterPassword::Given(_, file) => (file.as_ref()?, "the password in"),
        };
        exposure(file, what).map(|told| format!("{}: {told}", self.origin))
    }
}

/// The file that an origin names: `FILE:LINE`, or a variable of `.env`.
fn file_of(origin: &str) -> Option<PathBuf> {
    if origin.split(' ').next() == Some(dotenv::NAME) {
        return Some(PathBuf::from(dotenv::NAME));
    }
    let (file, line) = origin.rsplit_once(':')?;
    line.parse::<u32>().is_ok().then(|| PathBuf::from(file))
}

/// Judges the entries of one router; `None` when something is wrong with them.
pub(crate) fn router(name: &str, entries: &Entries, problems: &mut Problems) -> Option<RouterSettings> {
    let reader = Reader { name, entries };
    let named = problems.note(reader.name());
    let host = problems.note(reader.ruled("host", check_host));
    let username = problems.note(reader.ruled("username", check_user));
    let port = problems.note(reader.port());
    let tls = problems.note(reader.tls());
    let fingerprint = problems.note(reader.fingerprint());
    let password = problems.note(reader.password());
    let interval = problems.note(reader.parsed("interval", interval_of_router));
    let link_speed_bps = problems.note(reader.parsed("link_speed", link_speed));
    let group = problems.note(reader.parsed("group", group));
    named?;
    Some(RouterSettings {
        name: name.to_owned(),
        host: host?.text.clone(),
        port: port?,
        tls: tls?,
        fingerprint: fingerprint?,
        username: username?.text.clone(),
        password: password?,
        interval: interval?,
        link_speed_bps: link_speed_bps?,
        group: group?,
        origin: reader.place(),
    })
}

/// A time between polls, in words `quantity` knows; never zero.
pub(crate) fn interval(text: &str) -> Result<Duration, String> {
    match quantity::millis(text)? {
        0..1000 => Err("routers are polled at most once a second".to_owned()),
        millis => Ok(Duration::from_millis(millis)),
    }
}

/// As [`interval`], and no longer than a router may have.
fn interval_of_router(text: &str) -> Result<Duration, String> {
    let interval = interval(text)?;
    let millis = u32::try_from(interval.as_millis()).unwrap_or(u32::MAX);
    check_interval(Some(millis)).map(|()| interval).map_err(|error| told(text, &error))
}

fn group(name: &str) -> Result<String, String> {
    check_group_name(name).map(|()| name.to_owned()).map_err(|error| told(name, &error))
}

fn link_speed(text: &str) -> Result<u64, String> {
    let bps = quantity::bps(text)?;
    check_link_speed(Some(bps)).map(|()| bps).map_err(|error| told(text, &error))
}

/// What a rule says of a value.
fn told(value: &str, error: &OperationError) -> String {
    format!("it is {value:?}, and {error}")
}

struct Reader<'e> {
    name: &'e str,
    entries: &'e Entries,
}

impl<'e> Reader<'e> {
    fn needed(&self, key: &str) -> Result<&'e Entry, Problem> {
        match self.entries.get(key) {
            Some(entry) if !entry.text.is_empty() => Ok(entry),
            _ => Err(Problem::new(self.place(), format!("router `{}` has no `{key}`", self.name))),
        }
    }

    /// A name of its own may break the rules; one made for it does not.
    fn name(&self) -> Result<(), Problem> {
        let Some(entry) = self.entries.get("name") else { return Ok(()) };
        check_router_name(&entry.text).map_err(|error| {
            Problem::new(&entry.origin, format!("`name` of a router: {}", told(&entry.text, &error)))
        })
    }

    fn ruled(
        &self,
        key: &str,
        rule: impl Fn(&str) -> Result<(), OperationError>,
    ) -> Result<&'e Entry, Problem> {
        let entry = self.needed(key)?;
        rule(&entry.text).map(|()| entry).map_err(|error| self.wrong(entry, key, &told(&entry.text, &error)))
    }

    fn port(&self) -> Result<u16, Problem> {
        let entry = self.needed("port")?;
        match entry.text.parse() {
            Ok(port) if port > 0 => Ok(port),
            _ => Err(self.wrong(
                entry,
                "port",
                "a port is a number from 1 to 65535; the API's is 8728, with TLS 8729",
            )),
        }
    }

    fn tls(&self) -> Result<TlsMode, Problem> {
        let entry = self.needed("tls")?;
        TlsMode::from_name(&entry.text)
            .ok_or_else(|| self.wrong(entry, "tls", "it is one of \"off\", \"pinned\", \"verified\""))
    }

    fn fingerprint(&self) -> Result<Option<Fingerprint>, Problem> {
        let Some(entry) = self.entries.get("fingerprint") else { return Ok(None) };
        if self.tls()? != TlsMode::Pinned {
            return Err(self.wrong(entry, "fingerprint", "it is for `tls = \"pinned\"` only"));
        }
        self.parsed("fingerprint", |text| text.parse().map_err(|error: NoFingerprint| error.to_string()))
    }

    fn password(&self) -> Result<RouterPassword, Problem> {
        match (self.entries.get("password"), self.entries.get("password_file")) {
            (Some(_), Some(file)) => {
                Err(self.wrong(file, "password_file", "there is a `password` too; keep one of them"))
            }
            (Some(given), None) => {
                Ok(RouterPassword::Given(given.text.clone().into(), file_of(&given.origin)))
            }
            (None, Some(file)) => Ok(RouterPassword::File(PathBuf::from(&file.text))),
            (None, None) => {
                let text = format!("router `{}` has neither `password` nor `password_file`", self.name);
                Err(Problem::new(self.place(), text))
            }
        }
    }

    fn parsed<T>(&self, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Problem> {
        let Some(entry) = self.entries.get(key) else { return Ok(None) };
        parse(&entry.text).map(Some).map_err(|text| self.wrong(entry, key, &text))
    }

    fn wrong(&self, entry: &Entry, key: &str, text: &str) -> Problem {
        Problem::new(&entry.origin, format!("`{key}` of router `{}`: {text}", self.name.escape_debug()))
    }

    /// Where the router is named, or any other of its keys.
    fn place(&self) -> String {
        let named = self.entries.get("name").or_else(|| self.entries.get("host"));
        let any = || self.entries.values().find(|entry| entry.origin != DEFAULT);
        named.or_else(any).map_or_else(|| "configuration".to_owned(), |entry| entry.origin.clone())
    }
}
