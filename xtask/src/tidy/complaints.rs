//! What a check has to say.

/// What a check found wrong; each a sentence that says where and what. Empty means all is well.
pub(super) type Complaints = Vec<String>;
