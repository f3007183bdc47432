//! Messages of the WebSocket `/api/v1/live`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::monitor::{Rates, Standing};
use super::time::Time;

/// What a client may send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = LiveQuestion)]
pub enum LiveQuestion {
    /// Look at one subscriber more.
    Subscribe {
        /// Username or id.
        subscriber: String,
    },
    /// Look at them no longer.
    Unsubscribe {
        /// As it was subscribed to, or the id.
        subscriber: String,
    },
}

/// What a client is sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = LiveMessage)]
pub enum Told {
    /// It looks at them now.
    Subscribed(LiveSubscribed),
    /// It does not look at them any more.
    Unsubscribed {
        /// Their id.
        subscriber: Uuid,
        /// As it was asked.
        asked: String,
    },
    /// A question came to nothing.
    Error {
        /// As it was asked.
        asked: String,
        /// The status that `PUT /api/v1/monitors/{subscriber}` would answer.
        status: u16,
        /// What happened, and what to do next.
        detail: String,
    },
    /// A sample.
    Sample(LiveSampleMessage),
    /// Samples that the client was too slow for, before the next one of that subscriber.
    Dropped {
        /// Whose.
        subscriber: Uuid,
        /// How many.
        samples: u64,
    },
    /// A watch stands otherwise than before.
    Standing(LiveStanding),
    /// All is well; every 15 seconds.
    Heartbeat {
        /// The server's clock.
        at: Time,
    },
}

/// A client looks at somebody now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveSubscribed {
    /// As it was asked.
    pub asked: String,
    /// How it stands.
    #[serde(flatten)]
    pub stands: LiveStanding,
}

/// How watching somebody stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveStanding {
    /// Their id.
    pub subscriber: Uuid,
    /// Their name towards people, unique.
    pub username: String,
    /// The router they are watched on.
    pub router: String,
    /// Routers on which more of theirs is that is in no sample: sessions on others, or of another login, and counters.
    pub also_on: Vec<String>,
    /// How it stands.
    pub standing: Standing,
    /// The same in a sentence.
    pub standing_text: String,
}

/// What a subscriber moves.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveSampleMessage {
    /// Their id.
    pub subscriber: Uuid,
    /// Their name towards people, unique.
    pub username: String,
    /// The router that said so.
    pub router: String,
    /// When it said so.
    pub at: Time,
    /// What it said.
    #[serde(flatten)]
    pub rates: Rates,
}
