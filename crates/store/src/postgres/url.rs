//! Where the server is, out of a URL: `postgres://user:password@host:port/database?sslmode=..`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use postgres::Config;
use postgres::config::{Host, SslMode};

use uuid::Uuid;

use crate::error::StoreError;

use super::options::PostgresOptions;

/// How long a connection may take to come about.
const CONNECT_WAIT: Duration = Duration::from_secs(10);
/// A network that lost the server is noticed after so long.
const UNANSWERED: Duration = Duration::from_secs(60);
/// An idle connection is looked after so often.
const KEPT_ALIVE: Duration = Duration::from_secs(30);

/// How far the server is trusted to be itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Nothing is encrypted.
    Plain,
    /// Encrypted, whoever it is.
    Anyone,
    /// Encrypted, with a certificate for its name, signed by one of the system's authorities or of those in the file.
    Certified(Option<PathBuf>),
}

/// A server and a database on it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// For the driver.
    pub(super) config: Config,
    /// How it is spoken to.
    pub(super) trust: Trust,
    /// The name this process writes under.
    pub(crate) node: String,
    /// Told from another run of the same name.
    run: Uuid,
    /// How long a statement may take.
    pub(super) statement_timeout: Duration,
}

impl Place {
    /// Reads a URL.
    ///
    /// # Errors
    /// `Unavailable` with a sentence without the password.
    pub(crate) fn parse(url: &str, options: &PostgresOptions) -> Result<Place, StoreError> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (ours, theirs): (Vec<&str>, Vec<&str>) =
            query.split('&').filter(|pair| !pair.is_empty()).partition(|pair| is_ours(pair));
        let mut config: Config = format!("{base}?{}", theirs.join("&"))
            .parse()
            .map_err(|error| refused(&format!("its URL cannot be read ({error})")))?;
        if config.get_hosts().is_empty() {
            return Err(refused("its URL names no host"));
        }
        let trust = trust(&config, &ours)?;
        config
            .ssl_mode(if trust == Trust::Plain { SslMode::Disable } else { SslMode::Require })
            .connect_timeout(CONNECT_WAIT)
            .tcp_user_timeout(UNANSWERED)
            .keepalives_idle(KEPT_ALIVE);
        let (node, statement_timeout) = (options.node.clone(), options.statement_timeout);
        let mut place = Place { config, trust, node, run: Uuid::new_v4(), statement_timeout };
        let calls_itself = place.calls_itself();
        place.config.application_name(&calls_itself);
        Ok(place)
    }

    /// What its connections are called on the server, which keeps 63 bytes of a name.
    pub(super) fn calls_itself(&self) -> String {
        let run = &self.run.simple().to_string()[..12];
        let node: String = self.node.chars().filter(char::is_ascii_graphic).take(40).collect();
        format!("tikmeter {node} {run}")
    }

    /// For people.
    pub(crate) fn shown(&self) -> String {
        let hosts = self.config.get_hosts().iter().zip(self.config.get_ports().iter().cycle());
        let hosts: Vec<String> = hosts
            .map(|(host, port)| match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                Host::Unix(path) => path.display().to_string(),
            })
            .collect();
        let database = self.config.get_dbname().or(self.config.get_user()).unwrap_or_default();
        format!("the database {database} at {}", hosts.join(", "))
    }
}

fn is_ours(pair: &str) -> bool {
    ["sslmode=", "sslrootcert="].iter().any(|name| pair.starts_with(name))
}

/// What is not said is plain where nobody can listen in, and checked elsewhere.
fn trust(config: &Config, ours: &[&str]) -> Result<Trust, StoreError> {
    let value = |name: &str| ours.iter().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let authorities = value("sslrootcert").map(|path| PathBuf::from(decoded(path)));
    match value("sslmode") {
        Some("disable") => Ok(Trust::Plain),
        Some("require") => Ok(Trust::Anyone),
        Some("verify-full") => Ok(Trust::Certified(authorities)),
        None if authorities.is_none() && is_local(config) => Ok(Trust::Plain),
        None => Ok(Trust::Certified(authorities)),
        Some(mode @ ("prefer" | "allow")) => Err(refused(&format!(
            "sslmode={mode} would go on without encryption where there is none; say verify-full, require (encrypted, \
             whoever answers) or disable"
        ))),
        Some(mode) => Err(refused(&format!(
            "there is no sslmode={mode} here; say verify-full, require (encrypted, whoever answers) or disable"
        ))),
    }
}

fn is_local(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    }) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn refused(why: &str) -> StoreError {
    StoreError::Unavailable(format!("{why}; nothing was touched"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(url: &str) -> Result<Place, StoreError> {
        Place::parse(url, &PostgresOptions::default())
    }

    fn trust_of(url: &str) -> Trust {
        parsed(url).unwrap().trust
    }

    #[test]
    fn what_is_not_said_is_plain_at_home_and_checked_elsewhere() {
        for home in ["localhost", "127.0.0.1", "[::1]", "%2Frun%2Fpostgresql"] {
            assert_eq!(trust_of(&format!("postgres://u@{home}/db")), Trust::Plain, "{home}");
        }
        assert_eq!(trust_of("postgres://u@db/db"), Trust::Certified(None));
        assert_eq!(trust_of("postgres://u@127.0.0.1,db/db"), Trust::Certified(None));
        assert_eq!(trust_of("postgres://u@localhost/db?hostaddr=10.0.0.1"), Trust::Certified(None));
        let file = "postgres://u@localhost/db?sslrootcert=%2Fetc%2Fmy%20ca.pem";
        assert_eq!(trust_of(file), Trust::Certified(Some("/etc/my ca.pem".into())));
    }

    #[test]
    fn what_is_said_holds() {
        assert_eq!(trust_of("postgres://u@db/db?sslmode=disable"), Trust::Plain);
        assert_eq!(trust_of("postgres://u@db/db?connect_timeout=3&sslmode=require"), Trust::Anyone);
        assert_eq!(trust_of("postgres://u@localhost/db?sslmode=verify-full"), Trust::Certified(None));
    }

    #[test]
    fn nothing_goes_plain_unasked() {
        for mode in ["prefer", "allow", "verify-ca", "Disable", ""] {
            let told = parsed(&format!("postgres://u:secret@db/db?sslmode={mode}")).unwrap_err().to_string();
            assert!(told.contains("verify-full") && !told.contains("secret"), "{told}");
        }
    }

    #[test]
    fn a_url_that_cannot_be_read_is_told_without_its_password() {
        for url in
            ["postgres://u:secret@h:port/db", "postgres://u:secret@/db", "postgres://u:secret@h/db?x=1"]
        {
            let told = parsed(url).unwrap_err().to_string();
            assert!(!told.contains("secret"), "{told}");
        }
    }

    #[test]
    fn people_read_where_it_is_without_the_password() {
        let place = parsed("postgres://u:secret@db:5433/meter").unwrap();
        assert_eq!(place.shown(), "the database meter at db:5433");
    }
}
