//! `tikmeter simulate`: simulated routers on loopback, to try things on.

mod fault;
mod truth;

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use routeros_sim::faults::Plan;
use routeros_sim::world::{Personality, Policies};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;
use crate::output::Terminal;
use crate::quantity;
use crate::signals;
use crate::simulation::{ApiSslKind, Fleet, RouterPlan, Trouble, UserSums, WRITER};
use truth::TruthFile;

/// Which routers.
#[derive(Debug, clap::Args)]
pub(crate) struct SimulateArgs {
    /// How many routers
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    routers: u16,
    /// How many subscribers on each, most of them connected
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..))]
    sessions: u32,
    /// How many devices come to each one's hotspot; some log in, some are let through
    #[arg(long, value_name = "N", default_value_t = 20)]
    guests: u16,
    /// How long a guest stays at most before it roams, logs in again or leaves
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = quantity::millis)]
    guests_stay: u64,
    /// How many customers of each have a static address: an interface counts one (vlan201), a queue the next (casa-202)
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(..=1_000))]
    static_addresses: u16,
    /// Let a rule of their firewall FastTrack, so that traffic passes the queues by
    #[arg(long)]
    fasttrack: bool,
    /// When the hotspot adds a login's octets to its user's sum (/ip/hotspot/user)
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = UserSums::Live)]
    user_sums: UserSums,
    /// Port of the first one, the others follow; 0 = any free ports
    #[arg(long, value_name = "BASE", default_value_t = 0)]
    port: u16,
    /// The RouterOS release they pretend to be [default: one after the other]
    #[arg(long = "version", value_name = "VERSION")]
    release: Option<Release>,
    /// Let time pass so many times as fast on them, to see soon what takes long: uptime, traffic, guests
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    time_lapse: u32,
    /// The same seed gives the same subscribers and the same life
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The user they let in
    #[arg(long, default_value = "meter")]
    user: String,
    /// That user's password
    #[arg(long, default_value = "simulated")]
    password: String,
    /// Let that user change things too: add, set, remove, reset counters
    #[arg(long)]
    write: bool,
    /// Let each router restart about so often, for example 10m [default: never]
    #[arg(long, value_name = "TIME", value_parser = quantity::millis)]
    restart_every: Option<u64>,
    /// Let something be wrong with each router, to see how it is told
    #[arg(long, value_name = "WHAT")]
    trouble: Option<Trouble>,
    /// Let the routers fail in this way: NAME[=VALUE][@COMMAND][*TIMES], like trap=37@/interface/print*2; without *TIMES
    /// each time. May be given more than once
    #[arg(long = "fault", value_name = "FAULT", value_parser = fault::parse, long_help = fault_help())]
    faults: Vec<Plan>,
    /// Write what really passed into this file, by router and login: at the start, at each SIGUSR1, and at the end
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Open the service with TLS too, on free ports
    #[arg(long, value_name = "HOW")]
    api_ssl: Option<ApiSslKind>,
}

fn fault_help() -> String {
    format!(
        "Let the routers fail in this way: NAME[=VALUE][@COMMAND][*TIMES], like trap=37@/interface/print*2; without *TIMES each \
         time. May be given more than once. NAME is one of {}",
        fault::FORMS
    )
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Release {
    #[value(name = "6.42")]
    V6_42,
    #[value(name = "6.49")]
    V6_49,
    #[value(name = "7.12")]
    V7_12,
    #[value(name = "7.20")]
    V7_20,
}

impl Release {
    /// 6.42, which logs in by challenge, only comes when asked for.
    const USUAL: [Self; 3] = [Self::V6_49, Self::V7_12, Self::V7_20];

    fn personality(self) -> Personality {
        match self {
            Self::V6_42 => Personality::V6_42,
            Self::V6_49 => Personality::V6_49,
            Self::V7_12 => Personality::V7_12,
            Self::V7_20 => Personality::V7_20,
        }
    }
}

impl SimulateArgs {
    /// Runs them until a signal ends it.
    ///
    /// # Errors
    /// When a port cannot be had.
    pub(crate) async fn run(&self, terminal: &Terminal) -> Result<(), Failure> {
        let plans = self.plans()?;
        let stop = CancellationToken::new();
        signals::cancel_on_stop(&stop)?;
        let fleet = Fleet::start(&plans).await.map_err(|error| {
            Failure::said(format!("the simulated routers could not be started: {error}; try other ports"))
        })?;
        let signals = signals::user_wishes()?;
        let truth =
            self.truth.as_ref().map(|path| TruthFile::begin(path, fleet.named(&plans))).transpose()?;
        let ports: Vec<u16> = fleet.addresses().iter().map(std::net::SocketAddr::port).collect();
        let tls: Vec<Option<u16>> =
            fleet.api_ssl_addresses().iter().map(|address| address.map(|address| address.port())).collect();
        terminal.line(&if terminal.json() {
            as_json(&plans, &ports, &tls)
        } else {
            as_text(&plans, &ports, &tls)
        })?;
        let kept = async {
            let Some(file) = &truth else { return Ok(()) };
            let kept = file.keep(signals, &stop).await;
            stop.cancel();
            kept
        };
        let ((), kept) = tokio::join!(fleet.run(stop.clone()), kept);
        kept.and(truth.map_or(Ok(()), |file| file.write()))
    }

    fn plans(&self) -> Result<Vec<RouterPlan>, Failure> {
        (0..self.routers).map(|index| self.plan(index)).collect()
    }

    fn plan(&self, index: u16) -> Result<RouterPlan, Failure> {
        let port = match self.port {
            0 => 0,
            base => base
                .checked_add(index)
                .ok_or_else(|| Failure::usage("--port: the ports would go beyond 65535"))?,
        };
        let release = self.release.unwrap_or(Release::USUAL[usize::from(index) % Release::USUAL.len()]);
        Ok(RouterPlan {
            name: format!("sim{}", index + 1),
            personality: release.personality(),
            port,
            subscribers: self.sessions as usize,
            guests: usize::from(self.guests),
            guests_stay: Duration::from_millis(self.guests_stay),
            visitor: None,
            static_addresses: usize::from(self.static_addresses),
            fasttracks: self.fasttrack,
            user_sums: self.user_sums,
            time_lapse: self.time_lapse,
            // Seeds make serial numbers too, and no two devices may share one.
            seed: self.seed.wrapping_mul(1_000).wrapping_add(u64::from(index)),
            restarts_every: self.restart_every.map(Duration::from_millis),
            user: self.user.clone(),
            password: self.password.clone(),
            trouble: self.trouble,
            faults: self.faults.clone(),
            policies: if self.write { Policies::FULL } else { Policies::READ_ONLY },
            api_ssl: self.api_ssl,
        })
    }
}

fn as_json(plans: &[RouterPlan], ports: &[u16], tls: &[Option<u16>]) -> String {
    let router = |((plan, port), tls): ((&RouterPlan, &u16), &Option<u16>)| {
        json!({
            "name": plan.name,
            "host": "127.0.0.1",
            "port": port,
            "tls_port": tls,
            "version": plan.personality.version(),
            "sessions": plan.subscribers,
            "guests": plan.guests,
            "static_addresses": plan.static_addresses,
            "user": plan.user,
            "password": plan.password,
            "writer": WRITER,
        })
    };
    let routers: Vec<_> = plans.iter().zip(ports).zip(tls).map(router).collect();
    json!({ "routers": routers }).to_string()
}

fn as_text(plans: &[RouterPlan], ports: &[u16], tls: &[Option<u16>]) -> String {
    let line = |((plan, port), tls): ((&RouterPlan, &u16), &Option<u16>)| {
        let tls = tls.map_or_else(String::new, |tls| format!(", with TLS at 127.0.0.1:{tls}"));
        format!(
            "{} at 127.0.0.1:{port}{tls}: RouterOS {}, {} subscribers, {} devices at the hotspot, {} static addresses
",
            plan.name,
            plan.personality.version(),
            plan.subscribers,
            plan.guests,
            plan.static_addresses
        )
    };
    let mut text: String = plans.iter().zip(ports).zip(tls).map(line).collect();
    if let (Some(plan), Some(port)) = (plans.first(), ports.first()) {
        text.push_str(&format!(
            "They let in user {} with password {}, and user {WRITER} with the same, who may set limits and end sessions too. Read one \
             with a running server:\n  \
             tikmeter router add {} 127.0.0.1:{port} --user {} --password {} --interval 5s --link-speed 1G\n",
            plan.user, plan.password, plan.name, plan.user, plan.password
        ));
        if plan.static_addresses > 0 {
            text.push_str(&format!(
                "Count a customer with a static address by their interface (others by their queue: --queue casa-202):\n  \
                 tikmeter subscriber add casa201 --service static_ip --router {} --interface vlan201\n",
                plan.name
            ));
        }
        text.push_str("Ctrl-C ends it.\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        simulate: SimulateArgs,
    }

    fn plans(words: &[&str]) -> Result<Vec<RouterPlan>, Failure> {
        Line::try_parse_from(["simulate"].iter().chain(words)).unwrap().simulate.plans()
    }

    #[test]
    fn by_default_three_releases_on_free_ports() {
        let plans = plans(&[]).unwrap();
        let releases: Vec<_> = plans.iter().map(|plan| plan.personality).collect();
        assert_eq!(releases, [Personality::V6_49, Personality::V7_12, Personality::V7_20]);
        assert!(plans.iter().all(|plan| plan.port == 0));
    }

    #[test]
    fn ports_follow_the_first_and_may_not_run_out() {
        let ports: Vec<_> =
            plans(&["--port", "9000", "--routers", "2"]).unwrap().iter().map(|plan| plan.port).collect();
        assert_eq!(ports, [9_000, 9_001]);
        assert!(plans(&["--port", "65535", "--routers", "2"]).is_err());
    }

    #[test]
    fn no_two_routers_are_the_same_device() {
        let seeds: std::collections::HashSet<_> =
            plans(&["--routers", "50", "--version", "7.20"]).unwrap().iter().map(|plan| plan.seed).collect();
        assert_eq!(seeds.len(), 50);
    }
}
