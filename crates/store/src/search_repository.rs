//! Subscribers and those who are online, found by words that people type, in the order that they choose.

use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;
use crate::session_repository::{SessionPhase, SessionRow};
use crate::subscriber_repository::{Subscriber, SubscriberStatus};

/// Words of one search. More of them are refused by whoever reads them.
pub const MOST_WORDS: usize = 4;

/// What has to stand in a row, each word anywhere in one of the fields; letters A to Z without regard to their case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchWords {
    /// The words, at most [`MOST_WORDS`]; those behind them are not looked for.
    pub words: Vec<String>,
    /// Logins and usernames that are codes of vouchers are not searched: who types a part of one and sees whether somebody is
    /// found would learn the rest.
    pub without_codes: bool,
}

/// In which order subscribers come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SubscriberOrder {
    /// By username, bytewise.
    #[default]
    Username,
    /// Who was added last comes first.
    Newest,
    /// Whose time runs out first comes first; who has no end comes last.
    Expiry,
}

/// Which subscribers are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscriberSearch {
    /// In username, name, plan or a login that is theirs now.
    pub words: SearchWords,
    /// Only those of that status.
    pub status: Option<SubscriberStatus>,
    /// In this order.
    pub order: SubscriberOrder,
    /// Only behind the subscriber of that id; one that is not there ends the list.
    pub after: Option<Uuid>,
    /// Only those who have or had a login on a router that is reached.
    pub reach: Reach,
    /// At most so many.
    pub limit: u32,
}

/// By what those who are online are put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnlineOrder {
    /// The login, bytewise.
    Username,
    /// The address they were given, bytewise as routers write it.
    Address,
    /// Calling-Station-Id, bytewise.
    Caller,
    /// When their session began.
    Started,
    /// Octets the router sent to them.
    Download,
    /// Octets the router received from them.
    Upload,
    /// The router's name.
    Router,
}

/// Who of those that are online, or were missing in the last round, is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineSearch {
    /// In login, subscriber, address, caller or router.
    pub words: SearchWords,
    /// Only on the router of that name.
    pub router: Option<String>,
    /// Only of that service, by its stable name.
    pub service: Option<String>,
    /// Only in this phase, which is not [`SessionPhase::Ended`].
    pub phase: SessionPhase,
    /// In this order.
    pub order: OnlineOrder,
    /// From the largest down.
    pub descending: bool,
    /// Only behind this session, where it is now; one that is not there any more ends the list.
    pub after: Option<(NasId, u64)>,
    /// Only on routers that are reached.
    pub reach: Reach,
    /// At most so many.
    pub limit: u32,
}

/// See the module.
#[async_trait]
pub trait SearchRepository: Send + Sync {
    /// Subscribers as asked for.
    async fn search_subscribers(&self, search: SubscriberSearch) -> Result<Vec<Subscriber>, StoreError>;

    /// Sessions as asked for.
    async fn search_online(&self, search: OnlineSearch) -> Result<Vec<SessionRow>, StoreError>;
}
