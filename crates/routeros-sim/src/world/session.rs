//! One connection of one subscriber, from dial-in to hang-up, kept for ever: together they are the truth.

use super::hotspot::Caps;
use super::login_by::LoginBy;
use super::octets::Octets;
use super::service::{Access, Service};
use super::stream::{Pace, Stream};

/// Names a session for the whole life of a [`World`](super::World); never reused, not even after a reboot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionKey(pub(crate) u32);

/// Where and how often a client could have learned of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Clean prints of `/ppp/active` that had its row.
    pub session_prints: u32,
    /// Clean prints of its server table (`/interface/pppoe-server` or a twin) that had its row.
    pub server_prints: u32,
    /// Clean prints that had its row with both counters: of `/interface`, or of the hotspot's tables.
    pub counter_prints: u32,
    /// Rows of any `listen`.
    pub listen_rows: u32,
    /// Virtual time of the last of these, microseconds.
    pub last_us: Option<u64>,
}

impl Shown {
    /// Whether any clean print or `listen` row showed it (DESIGN rule 9).
    #[must_use]
    pub fn ever(&self) -> bool {
        self.last_us.is_some()
    }
}

/// Which kind of table showed a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShownBy {
    Sessions,
    Servers,
    Counters,
    Listen,
    /// By a table that says nothing about sessions.
    Nothing,
}

#[derive(Debug)]
pub(crate) struct Session {
    /// A bypassed device has none to give: it goes by `mac:` and its MAC address.
    pub(crate) login: Vec<u8>,
    pub(crate) carrier: Carrier,
    pub(crate) caller_id: Vec<u8>,
    pub(crate) address: u32,
    pub(crate) uplink: &'static str,
    pub(crate) began_us: u64,
    pub(crate) ended_us: Option<u64>,
    /// `.id` in the table that lists it: `/ppp/active`, `/ip/hotspot/active` or `/ip/hotspot/host`.
    pub(crate) active_id: u64,
    pub(crate) shown: Shown,
    /// Names it had before, each with what it had transferred when it got the next.
    pub(crate) called_before: Vec<(Vec<u8>, Octets)>,
    /// What ends it by itself, if it is a login to the hotspot.
    pub(crate) caps: Caps,
    /// The item of the queue that the router made for it.
    pub(crate) own_queue: Option<u32>,
    /// Received from and sent to the subscriber.
    pub(super) stream: Stream,
}

/// How a session reaches the router, and where its octets are counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Carrier {
    Ppp(OverPpp),
    /// By slot of its host.
    Hotspot {
        host: u32,
        login_by: LoginBy,
    },
    /// A device that the hotspot lets through without a login, by slot of its host.
    Bypassed {
        host: u32,
    },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct OverPpp {
    pub(crate) service: Service,
    pub(crate) session_id: u32,
    /// Slot of its interface.
    pub(crate) interface: u32,
}

/// What a dial-in brings along; the rest is given by the router.
pub(crate) struct Dialled {
    pub(crate) login: Vec<u8>,
    pub(crate) caller_id: Vec<u8>,
    pub(crate) rate_up_bps: u64,
    pub(crate) rate_down_bps: u64,
}

/// What the router gives a new session.
pub(crate) struct Given {
    pub(crate) now_us: u64,
    pub(crate) address: u32,
    pub(crate) active_id: u64,
    pub(crate) carrier: Carrier,
}

impl Session {
    pub(crate) fn begin(dialled: Dialled, given: &Given) -> Self {
        Self {
            login: dialled.login,
            carrier: given.carrier,
            caller_id: dialled.caller_id,
            address: given.address,
            uplink: "vlan100",
            began_us: given.now_us,
            ended_us: None,
            active_id: given.active_id,
            shown: Shown::default(),
            called_before: Vec::new(),
            caps: Caps::default(),
            own_queue: None,
            stream: Stream::new(given.now_us, Pace::new(dialled.rate_up_bps, dialled.rate_down_bps)),
        }
    }

    pub(crate) fn ppp(&self) -> Option<&OverPpp> {
        match &self.carrier {
            Carrier::Ppp(ppp) => Some(ppp),
            Carrier::Hotspot { .. } | Carrier::Bypassed { .. } => None,
        }
    }

    /// How it reaches the router, as the truth tells it.
    pub(crate) fn access(&self) -> Access {
        match self.carrier {
            Carrier::Ppp(ppp) => Access::Ppp(ppp.service),
            Carrier::Hotspot { .. } => Access::Hotspot,
            Carrier::Bypassed { .. } => Access::Bypassed,
        }
    }

    /// The same subscriber once more with the same rates.
    pub(crate) fn again(&self) -> Dialled {
        let wish = self.stream.wish();
        Dialled {
            login: self.login.clone(),
            caller_id: self.caller_id.clone(),
            rate_up_bps: wish.up_bps,
            rate_down_bps: wish.down_bps,
        }
    }

    /// Everything it ever transferred, up to `now_us`.
    pub(crate) fn octets(&self, now_us: u64) -> Octets {
        self.stream.octets(self.ended_us.unwrap_or(now_us))
    }

    pub(crate) fn is_live(&self) -> bool {
        self.ended_us.is_none()
    }

    /// It goes on under another name.
    pub(crate) fn rename(&mut self, now_us: u64, to: &[u8]) {
        let transferred = self.octets(now_us);
        let before = std::mem::replace(&mut self.login, to.to_vec());
        self.called_before.push((before, transferred));
    }

    /// Ends it: nothing is transferred from `now_us` on, and the rates are kept for the next dial-in.
    pub(crate) fn end(&mut self, now_us: u64) {
        self.ended_us = Some(now_us);
    }

    pub(crate) fn note_shown(&mut self, by: ShownBy, at_us: u64) {
        let count = match by {
            ShownBy::Sessions => &mut self.shown.session_prints,
            ShownBy::Servers => &mut self.shown.server_prints,
            ShownBy::Counters => &mut self.shown.counter_prints,
            ShownBy::Listen => &mut self.shown.listen_rows,
            ShownBy::Nothing => return,
        };
        *count += 1;
        self.shown.last_us = Some(at_us);
    }
}
