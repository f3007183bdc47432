//! What the hotspot's table of logins says of its users, as far as somebody looks.

use accounting::Octets;
use operations::MOST_USERS;
use routeros_proto::Reply;
use tokio::time::Instant;

use crate::routeros::hotspot;
use crate::routeros::queue_target::QueueTarget;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Logins {
    is_looked_at: bool,
    pub(super) rows: Vec<Login>,
    /// Rows beyond [`MOST_USERS`].
    pub(super) left_off: usize,
    /// When the table had been read; `None`: it was not.
    pub(super) read_at: Option<Instant>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Login {
    pub(super) handle: u64,
    pub(super) user: Vec<u8>,
    pub(super) mac: Vec<u8>,
    pub(super) address: Option<QueueTarget>,
    pub(super) uptime_s: u64,
    pub(super) octets: Octets,
}

impl Logins {
    /// None yet; rows are taken where somebody looks.
    pub(super) fn new(is_looked_at: bool) -> Logins {
        Logins { is_looked_at, ..Logins::default() }
    }

    /// Whether somebody looks.
    pub(super) fn is_looked_at(&self) -> bool {
        self.is_looked_at
    }

    /// Takes a row. One that lacks something is unknown, and left out.
    pub(super) fn push(&mut self, row: &Reply<'_>) {
        let Some(row) = self.is_looked_at.then(|| hotspot::login(row)).flatten() else { return };
        if self.rows.len() == MOST_USERS {
            self.left_off += 1;
            return;
        }
        self.rows.push(Login {
            handle: row.counter.handle,
            user: row.login.to_vec(),
            mac: row.counter.name.to_vec(),
            address: QueueTarget::address(row.address),
            uptime_s: row.session_time_s,
            octets: row.counter.octets,
        });
    }

    /// The table ended.
    pub(super) fn read_by(&mut self, now: Instant) {
        self.read_at = self.is_looked_at.then_some(now);
    }
}
