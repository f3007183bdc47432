//! What makes figures or limits wrong.

use serde::Serialize;
use utoipa::ToSchema;

/// What came of looking.
#[derive(Debug, Serialize, ToSchema)]
pub struct Diagnosis {
    /// What was found, the worst first; empty: nothing.
    pub findings: Vec<Finding>,
    /// What could not be looked at, and may hide anything.
    pub unseen: Vec<UnseenPart>,
    /// How many routers it is about.
    pub routers: u64,
}

/// Something that makes figures or limits wrong, or soon may.
#[derive(Debug, Serialize, ToSchema)]
pub struct Finding {
    /// Which kind, by its stable name: docs/reference/findings.md lists them.
    pub code: String,
    /// `error`: figures or limits are wrong or missing now; `warning`: they may be; `note`: only what people read beside them is.
    pub severity: String,
    /// The router's name; null: it is about the machine of the server.
    #[schema(required)]
    pub router: Option<String>,
    /// The login, queue, device or interface that it is about, `hex:...` for other than UTF-8; null where there is none.
    #[schema(required)]
    pub about: Option<String>,
    /// What was seen.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What mends it, in this order.
    pub mend: Vec<Mend>,
}

/// A step that mends.
#[derive(Debug, Serialize, ToSchema)]
pub struct Mend {
    /// Where it is typed: `router` (a terminal of the router), `shell` (of the server's machine), `admin` (nowhere: a thing to do, in words).
    pub place: String,
    /// The command, or the thing to do.
    pub command: String,
}

/// What could not be looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnseenPart {
    /// The router's name; null: it is about the machine of the server.
    #[schema(required)]
    pub router: Option<String>,
    /// What, and why.
    pub why: String,
}
