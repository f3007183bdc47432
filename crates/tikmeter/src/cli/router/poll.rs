//! `tikmeter router poll`: rounds over a router without a server or a database. Nothing is written down.

use std::num::NonZeroU32;
use std::time::Duration;

use collector::link::{Link, LinkError, Target};
use collector::round::{Round, RoundError, Wanted};
use operations::SystemClock;
use rustix::time::{ClockId, clock_gettime};

use crate::cli::password::PasswordArgs;
use crate::cli::router::polled::{Cost, Polled};
use crate::cli::router::protection::ProtectionArgs;
use crate::failure::Failure;
use crate::output::Terminal;

/// Which router, and how often.
#[derive(Debug, clap::Args)]
pub(crate) struct PollArgs {
    /// The router's address: HOST, HOST:PORT or [IPV6]:PORT; the port is 8728, or 8729 with TLS, unless given
    #[arg(value_name = "HOST:PORT", value_parser = address)]
    router: (String, Option<u16>),
    #[command(flatten)]
    protection: ProtectionArgs,
    /// The user on the router; a group with `policy=api,read` is enough
    #[arg(long, value_name = "USER")]
    user: String,
    #[command(flatten)]
    password: PasswordArgs,
    /// How many rounds
    #[arg(long, value_name = "N", default_value = "1")]
    repeat: NonZeroU32,
    /// From the begin of one round to the begin of the next, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    interval_ms: u64,
}

impl PollArgs {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence, with the RouterOS command that mends it where there is one.
    pub(crate) async fn run(&self, terminal: &Terminal) -> Result<(), Failure> {
        let (host, port) = self.router.clone();
        let port = port.unwrap_or(self.protection.usual_port());
        let security = self.protection.security()?;
        let target = Target { security, ..Target::new(host, port, &self.user, self.password.required()?) };
        let at = target.address();
        let failed = |error: RoundError| match error {
            // Their texts begin with the address.
            RoundError::Link(LinkError::Unreachable(cause)) => Failure::said(cause.to_string()),
            RoundError::Link(LinkError::Insecure(cause)) => Failure::said(cause.to_string()),
            error => Failure::said(format!("router {at}: {error}")),
        };
        let open = async || Link::open(&target).await.map_err(|error| failed(error.into()));
        let mut polling = Polling { link: open().await?, round: Round::new(), clock: SystemClock::new() };
        let mut ticks = tokio::time::interval(Duration::from_millis(self.interval_ms.max(1)));
        let mut lost = 0;
        for number in 1..=self.repeat.get() {
            ticks.tick().await;
            match polling.round(number, &at.to_string()).await {
                Ok(polled) => {
                    terminal.line(&if terminal.json() { polled.json() } else { polled.to_string() })?
                }
                Err(error) if number == self.repeat.get() => return Err(failed(error)),
                Err(error) => {
                    lost += 1;
                    let anew = error.ends_link();
                    terminal.remark(&format!("round {number}: {}", failed(error)));
                    if anew {
                        (polling.link, polling.round) = (open().await?, Round::new());
                    }
                }
            }
        }
        rounds_lost(lost, self.repeat)
    }
}

struct Polling {
    link: Link,
    round: Round,
    clock: SystemClock,
}

impl Polling {
    async fn round(&mut self, number: u32, address: &str) -> Result<Polled, RoundError> {
        let cpu_before = cpu_us();
        let clean = self.round.run(&mut self.link, &self.clock, &Wanted::default(), &[]).await?;
        let cost = Cost { number, cpu_us: cpu_us() - cpu_before };
        Ok(Polled::new(address, &clean, cost))
    }
}

/// Told by the end code too, for scripts.
fn rounds_lost(lost: u32, of: NonZeroU32) -> Result<(), Failure> {
    match lost {
        0 => Ok(()),
        1.. => {
            Err(Failure::said(format!("{lost} of {of} rounds gave nothing; what each of them said is above")))
        }
    }
}

/// Microseconds of processor time that this process has used.
fn cpu_us() -> u64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    used.tv_sec.unsigned_abs() * 1_000_000 + used.tv_nsec.unsigned_abs() / 1_000
}

/// Host and port, if one is given.
pub(super) fn address(text: &str) -> Result<(String, Option<u16>), String> {
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, port) = match bracketed {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => match text.split_once(':') {
            // More than one colon without brackets is an IPv6 address without a port.
            Some((_, rest)) if rest.contains(':') => (text, None),
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let parse = |port: &str| port.parse().map_err(|_| format!("`{port}` is no port number"));
    let port = port.map(parse).transpose()?;
    if host.is_empty() { Err("the host is missing".to_owned()) } else { Ok((host.to_owned(), port)) }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_read_with_and_without_port() {
        let read = |text| address(text).unwrap();
        assert_eq!(read("tower.example"), ("tower.example".to_owned(), None));
        assert_eq!(read("10.0.0.1:8729"), ("10.0.0.1".to_owned(), Some(8729)));
        assert_eq!(read("[fe80::1]:99"), ("fe80::1".to_owned(), Some(99)));
        assert_eq!(read("fe80::1"), ("fe80::1".to_owned(), None));
        assert!(address("tower:api").is_err());
        assert!(address(":8728").is_err());
    }
}
