//! What is asked for.

/// Sessions that are ended in one go at most: one may take 27 s, and who asks waits ten minutes.
pub const MOST_ENDED: usize = 20;

/// Whose sessions are meant. What is not given leaves nobody out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkFilter {
    /// On the router of that name.
    pub router: String,
    /// Carried by the service of that name.
    pub service: Option<String>,
    /// Of subscribers on the plan of that name; a login that is bound to nobody is on none.
    pub plan: Option<String>,
    /// Of logins that begin with these bytes.
    pub login_start: Option<Vec<u8>>,
}

/// The sessions of a preview that somebody saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownSessions {
    /// Their numbers within the router, in the order of the preview.
    pub sessions: Vec<u64>,
    /// [`crate::BulkPreview::digest`].
    pub digest: String,
}
