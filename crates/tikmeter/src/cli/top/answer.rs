//! What the server answers.

use clap::ValueEnum;
use serde::Deserialize;

/// Who moves most.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Top {
    pub(super) items: Vec<Talker>,
    pub(super) sort: Sort,
    pub(super) routers: Vec<Router>,
}

/// By what they are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    /// What they receive
    Download,
    /// What they send
    Upload,
    /// Both together
    Total,
}

impl Sort {
    /// As the server has it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Sort::Download => "download",
            Sort::Upload => "upload",
            Sort::Total => "total",
        }
    }
}

/// A session that moves.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Talker {
    pub(super) router: String,
    pub(super) session: u64,
    pub(super) username: String,
    pub(super) subscriber: Option<String>,
    pub(super) service: String,
    pub(super) framed_address: Option<String>,
    pub(super) upload_bps: u64,
    pub(super) download_bps: u64,
    pub(super) at_least: bool,
    pub(super) as_of: String,
    pub(super) over_us: u64,
}

/// What is said of a router.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Router {
    pub(super) router: String,
    pub(super) window: Option<Window>,
    pub(super) unobserved_text: Option<String>,
    pub(super) age_ms: Option<u64>,
    pub(super) sessions_moved: u64,
    pub(super) sessions_told: u64,
    pub(super) sessions_unknown: u64,
}

/// Between which readings of it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Window {
    pub(super) as_of: String,
}

impl Top {
    /// The router of that name.
    pub(super) fn router(&self, name: &str) -> Option<&Router> {
        self.routers.iter().find(|router| router.router == name)
    }

    /// How long ago the reading was that this is of, milliseconds, as of the answer.
    pub(super) fn age_ms(&self, talker: &Talker) -> Option<u64> {
        self.router(&talker.router)?.age_ms
    }

    /// Routers of which something is said.
    pub(super) fn observed(&self) -> impl Iterator<Item = &Router> {
        self.routers.iter().filter(|router| router.window.is_some())
    }
}
