//! Several simulated routers on loopback, each with a provider whose subscribers live. For `simulate` and `demo`.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use routeros_sim::faults::{Fault, Plan};
use routeros_sim::isp::{Isp, IspConfig, Visitor};
use routeros_sim::server::{ApiSsl, Certificate, KeyKind, Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, HotspotUserCounters, Personality, Policies, Policy, User, World};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A user of every simulated router who may change things too.
pub(crate) const WRITER: &str = "operator";

/// One router to simulate.
#[derive(Clone, Debug)]
pub(crate) struct RouterPlan {
    /// Its identity.
    pub(crate) name: String,
    /// The release it pretends to be.
    pub(crate) personality: Personality,
    /// TCP port on loopback; 0 = any free one.
    pub(crate) port: u16,
    /// How many subscribers it has.
    pub(crate) subscribers: usize,
    /// How many devices come to its hotspot; without any it has none.
    pub(crate) guests: usize,
    /// How long a guest stays at most before it roams, logs in again or leaves.
    pub(crate) guests_stay: Duration,
    /// A device that waits at its hotspot to be let in.
    pub(crate) visitor: Option<Visitor>,
    /// How many customers have a static address.
    pub(crate) static_addresses: usize,
    /// A rule of its firewall lets traffic pass the queues by.
    pub(crate) fasttracks: bool,
    /// When its hotspot adds up what a user moved.
    pub(crate) user_sums: UserSums,
    /// How many times as fast as the host's its time passes.
    pub(crate) time_lapse: u32,
    /// Everything random comes from it, the serial number too.
    pub(crate) seed: u64,
    /// Mean time between restarts; `None` for never.
    pub(crate) restarts_every: Option<Duration>,
    /// Who reads it. Beside them there is [`WRITER`].
    pub(crate) user: String,
    /// The password of both.
    pub(crate) password: String,
    /// What that user may do.
    pub(crate) policies: Policies,
    /// What is wrong with it.
    pub(crate) trouble: Option<Trouble>,
    /// How it fails.
    pub(crate) faults: Vec<Plan>,
    /// Its service with TLS, if it has one.
    pub(crate) api_ssl: Option<ApiSslKind>,
}

/// How a simulated router's service with TLS stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ApiSslKind {
    /// It has a certificate of its own making
    SelfSigned,
    /// It has no certificate
    NoCertificate,
    /// It speaks nothing newer than TLS 1.1
    OldProtocol,
}

/// When a simulated router adds a login's octets to the sum it keeps of the hotspot user; of real ones that is not established
/// (routeros.md U5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum UserSums {
    /// All the time
    Live,
    /// When the login ends
    AtLogout,
    /// Not at all
    Never,
}

impl UserSums {
    fn switch(self) -> HotspotUserCounters {
        match self {
            UserSums::Live => HotspotUserCounters::Live,
            UserSums::AtLogout => HotspotUserCounters::AtLogout,
            UserSums::Never => HotspotUserCounters::Never,
        }
    }
}

/// What can be wrong with a simulated router, to see how it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Trouble {
    /// The user's group may use the API but not read
    NoRights,
    /// The user's group may not use the API
    NoApi,
    /// The router lacks the ppp package: no PPP session, /ppp/active or PPP server
    MissingMenu,
}

/// What only the ppp package brings.
const MENUS_OF_PPP: [&str; 6] = [
    "/ppp/active",
    "/interface/pppoe-server",
    "/interface/l2tp-server",
    "/interface/pptp-server",
    "/interface/sstp-server",
    "/interface/ovpn-server",
];

impl Trouble {
    /// How many of so many subscribers can dial in.
    fn leaves(self, subscribers: usize) -> usize {
        if self == Trouble::MissingMenu { 0 } else { subscribers }
    }
}

/// The routers, running.
pub(crate) struct Fleet {
    routers: Vec<SimRouter>,
    api_ssl: Vec<Option<SocketAddr>>,
    lives: TaskTracker,
}

impl Fleet {
    /// Starts a router for each plan.
    ///
    /// # Errors
    /// When a port cannot be had.
    pub(crate) async fn start(plans: &[RouterPlan]) -> std::io::Result<Self> {
        let mut fleet = Fleet { routers: Vec::new(), api_ssl: Vec::new(), lives: TaskTracker::new() };
        for plan in plans {
            let (world, isp) = plan.built();
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, plan.port));
            let router =
                SimRouter::start_on(address, world, Options { time: TimeMode::Lapse(plan.time_lapse) })
                    .await?;
            if plan.trouble == Some(Trouble::MissingMenu) {
                for menu in MENUS_OF_PPP {
                    router.faults().always_on(menu, Fault::MissingMenu);
                }
            }
            plan.faults.iter().for_each(|fault| _ = router.faults().arm(fault.clone()));
            fleet.lives.spawn(isp.live(router.clone()));
            fleet.api_ssl.push(plan.open_api_ssl(&router)?);
            fleet.routers.push(router);
        }
        Ok(fleet)
    }

    /// Where the routers listen, in the order of their plans.
    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        self.routers.iter().map(SimRouter::addr).collect()
    }

    /// The routers under the names of their plans.
    pub(crate) fn named(&self, plans: &[RouterPlan]) -> Vec<(String, SimRouter)> {
        plans.iter().map(|plan| plan.name.clone()).zip(self.routers.iter().cloned()).collect()
    }

    /// Where their services with TLS listen, in the order of their plans.
    pub(crate) fn api_ssl_addresses(&self) -> &[Option<SocketAddr>] {
        &self.api_ssl
    }

    /// For each router, logins that are easy to type, of people who are connected.
    pub(crate) fn easy_logins(&self, of_each: usize) -> Vec<Vec<String>> {
        self.routers.iter().map(|router| router.with_world(|world| easy_logins(world, of_each))).collect()
    }

    /// Lets the routers run until `stop`, then stops them.
    pub(crate) async fn run(self, stop: CancellationToken) {
        stop.cancelled().await;
        for router in &self.routers {
            router.stop().await;
        }
        self.lives.close();
        self.lives.wait().await;
    }
}

impl RouterPlan {
    fn open_api_ssl(&self, router: &SimRouter) -> std::io::Result<Option<SocketAddr>> {
        let service = match self.api_ssl {
            None => return Ok(None),
            Some(ApiSslKind::SelfSigned) => {
                ApiSsl::Certificate(Certificate::self_signed(KeyKind::Rsa2048, "127.0.0.1")?)
            }
            Some(ApiSslKind::NoCertificate) => ApiSsl::NoCertificate,
            Some(ApiSslKind::OldProtocol) => ApiSsl::OldProtocol,
        };
        router.open_api_ssl(&service).map(Some)
    }

    fn built(&self) -> (World, Isp) {
        let mut device = Device::new(&self.name, self.personality, self.seed);
        let policies = match self.trouble {
            Some(Trouble::NoRights) => self.policies.without(Policy::Read),
            Some(Trouble::NoApi) => self.policies.without(Policy::Api),
            Some(Trouble::MissingMenu) | None => self.policies,
        };
        device.switches.hotspot_user_counters = self.user_sums.switch();
        device.users = vec![User::new(self.user.as_bytes(), self.password.as_bytes(), policies)];
        if self.user != WRITER {
            device.users.push(User::new(WRITER.as_bytes(), self.password.as_bytes(), Policies::FULL));
        }
        let config = IspConfig {
            subscribers: self.trouble.map_or(self.subscribers, |trouble| trouble.leaves(self.subscribers)),
            guests: self.guests,
            guests_stay: self.guests_stay,
            visitor: self.visitor,
            static_addresses: self.static_addresses,
            seed: self.seed,
            reboots_every: self.restarts_every,
            ..IspConfig::default()
        };
        let (mut world, isp) = Isp::build(device, config);
        if self.fasttracks {
            world.add_fasttrack_rule();
        }
        (world, isp)
    }
}

fn easy_logins(world: &World, count: usize) -> Vec<String> {
    let easy = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'.';
    let logins = world.live_sessions().map(|session| world.login_of(session));
    let mut logins: Vec<String> = logins
        .filter(|login| login.iter().all(easy))
        .filter_map(|login| String::from_utf8(login.to_vec()).ok())
        .collect();
    logins.sort_by_key(|login| (!login.contains('.'), login.len(), login.clone()));
    logins.dedup();
    logins.truncate(count);
    logins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str, seed: u64) -> RouterPlan {
        RouterPlan {
            name: name.to_owned(),
            personality: Personality::V7_20,
            port: 0,
            subscribers: 60,
            guests: 10,
            guests_stay: Duration::from_secs(3_600),
            visitor: None,
            static_addresses: 3,
            fasttracks: false,
            user_sums: UserSums::Live,
            time_lapse: 1,
            seed,
            restarts_every: None,
            user: "meter".to_owned(),
            password: "simulated".to_owned(),
            trouble: None,
            faults: Vec::new(),
            policies: Policies::READ_ONLY,
            api_ssl: None,
        }
    }

    #[tokio::test]
    async fn routers_run_until_told_to_stop() {
        let fleet = Fleet::start(&[plan("one", 1), plan("two", 2)]).await.unwrap();
        let addresses = fleet.addresses();
        assert_eq!(addresses.len(), 2);
        let logins = fleet.easy_logins(5);
        assert!(logins.iter().all(|logins| logins.len() == 5), "{logins:?}");
        let stop = CancellationToken::new();
        let running = tokio::spawn(fleet.run(stop.clone()));
        assert!(tokio::net::TcpStream::connect(addresses[1]).await.is_ok());
        stop.cancel();
        running.await.unwrap();
        assert!(tokio::net::TcpStream::connect(addresses[1]).await.is_err());
    }
}
