//! Everything a face needs, in one value; each concern adds its methods in its own file.

use std::sync::Arc;

use accounting::time::Micros;
use serde_json::Value;
use store::{NewAudit, Node, Reach, Store};

use crate::clock::Clock;
use crate::kept_token::LocalToken;
use crate::limits::LimitBoard;
use crate::live::Monitors;
use crate::origin::origin;
use crate::passwords::Passwords;
use crate::process_token::ProcessToken;
use crate::router_addresses::RouterAddresses;
use crate::router_commands::RouterCommands;
use crate::status_board::StatusBoard;
use crate::talkers::TalkerBoard;
use crate::vault::Vault;

/// What faces call. Methods that change something take the name of who asked (`actor`), for the journal.
#[derive(Clone)]
pub struct Operations {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The part that talks to the routers.
    pub commands: Arc<dyn RouterCommands>,
    /// How the routers' pollers are doing.
    pub board: StatusBoard,
    /// What the latest readings said of sessions' rates.
    pub talkers: TalkerBoard,
    /// How speed limits stand on the routers of this process.
    pub limits: LimitBoard,
    /// Who is watched now.
    pub monitors: Monitors,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// The zone of days that neither a subscriber nor their router has one for.
    pub zone: jiff::tz::TimeZone,
    /// Seals and opens router passwords.
    pub vault: Arc<Vault>,
    /// Where routers may be.
    pub addresses: RouterAddresses,
    /// Where passwords of operators are hashed.
    pub passwords: Passwords,
    /// An admin token that this process was started with; never stored.
    pub process_token: Option<ProcessToken>,
    /// This process among those that share the database.
    pub node: Node,
    /// Which stored token is the one in the file.
    pub local_token: LocalToken,
    /// Whose routers are told of and acted on: all of them, unless it is somebody's who is bound to groups.
    pub reach: Reach,
    /// As what somebody who is bound makes vouchers; empty where nobody is.
    pub maker: String,
}

impl Operations {
    /// The same for somebody who reaches so far, and is called so in the journal.
    #[must_use]
    pub fn within(&self, reach: Reach, actor: &str) -> Operations {
        Operations { reach, maker: actor.to_owned(), ..self.clone() }
    }

    /// The time on labels.
    pub fn now(&self) -> Micros {
        self.clock.now()
    }

    /// An act for the journal, now.
    pub(crate) fn act(&self, actor: &str, action: &str, subject: &str, detail: Value) -> NewAudit {
        NewAudit {
            at: self.now(),
            actor: actor.to_owned(),
            origin: origin(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: detail.to_string(),
        }
    }
}
