//! One interface of the router: its row, its counters, and what a client last saw of them.

use super::octets::Octets;
use super::service::Service;
use super::session::SessionKey;
use super::stream::Stream;

/// A static interface that has nothing to do with a PPP session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixedKind {
    /// `ether`
    Ether,
    /// `vlan`
    Vlan,
    /// `bridge`
    Bridge,
}

impl FixedKind {
    pub(crate) const fn interface_type(self) -> &'static str {
        match self {
            Self::Ether => "ether",
            Self::Vlan => "vlan",
            Self::Bridge => "bridge",
        }
    }
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// Traffic of its own: received and sent.
    Fixed { kind: FixedKind, stream: Stream },
    /// Made by the router for one session.
    DynamicPpp { service: Service },
    /// Configured by hand for one user; there all the time (routeros.md §2.4).
    Binding { service: Service, user: Vec<u8> },
}

/// A reset by hand that no clean print has followed yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HandReset {
    pub(crate) session: Option<SessionKey>,
    pub(crate) at_us: u64,
    /// Where the counter stood.
    pub(crate) before: Octets,
}

#[derive(Debug)]
pub(crate) struct Interface {
    pub(crate) id: u64,
    pub(crate) server_id: u64,
    pub(crate) name: Vec<u8>,
    pub(crate) kind: Kind,
    /// The session whose traffic it carries or, while the row lingers, last carried.
    pub(crate) session: Option<SessionKey>,
    pub(crate) link_up_us: Option<u64>,
    pub(crate) link_down_us: Option<u64>,
    pub(crate) link_downs: u32,
    pub(crate) last_shown: Option<Octets>,
    pub(crate) hand_resets: Vec<HandReset>,
    /// The name it was made under.
    pub(crate) made_as: Vec<u8>,
    /// What it carried in earlier boots, if it carries no sessions.
    pub(crate) before_boot: Octets,
    /// How often its counters were reset by hand.
    pub(crate) resets: u32,
    /// What resets by hand hid, if it carries no sessions.
    pub(crate) hidden: Octets,
    /// Counter value gathered before `origin`.
    base: Octets,
    /// Where the traffic source stood when `base` was taken.
    origin: Octets,
}

impl Interface {
    pub(crate) fn new(id: u64, server_id: u64, name: Vec<u8>, kind: Kind) -> Self {
        Self {
            id,
            server_id,
            made_as: name.clone(),
            before_boot: Octets::default(),
            resets: 0,
            hidden: Octets::default(),
            name,
            kind,
            session: None,
            link_up_us: None,
            link_down_us: None,
            link_downs: 0,
            last_shown: None,
            hand_resets: Vec::new(),
            base: Octets::default(),
            origin: Octets::default(),
        }
    }

    /// The counter, given where its traffic source stands now.
    pub(crate) fn counter(&self, source: Octets) -> Octets {
        self.base + source.since(self.origin)
    }

    /// Sets the counter to 0 while its source stands at `source`.
    pub(crate) fn zero(&mut self, source: Octets) {
        self.base = Octets::default();
        self.origin = source;
    }

    /// Keeps the counter's value and forgets the source, so that a new one can begin at 0.
    pub(crate) fn detach(&mut self, source: Octets) {
        self.base = self.counter(source);
        self.origin = Octets::default();
        self.session = None;
    }

    pub(crate) fn is_dynamic(&self) -> bool {
        matches!(self.kind, Kind::DynamicPpp { .. })
    }

    pub(crate) fn service(&self) -> Option<Service> {
        match self.kind {
            Kind::Fixed { .. } => None,
            Kind::DynamicPpp { service } | Kind::Binding { service, .. } => Some(service),
        }
    }

    pub(crate) fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Fixed { kind, .. } => kind.interface_type(),
            Kind::DynamicPpp { service } | Kind::Binding { service, .. } => service.interface_type(),
        }
    }
}
