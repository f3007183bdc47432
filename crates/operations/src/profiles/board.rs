//! How a file of profiles stands, for whoever looks.

use std::sync::{Arc, Mutex, PoisonError};

use accounting::time::Micros;

use super::merge::ProfileView;

/// How the file stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfilesSeen {
    /// The file, as it is shown to people.
    pub file: String,
    /// When the plans were last made to agree with what it held; `None`: never by this process.
    pub taken_at: Option<Micros>,
    /// Why what it holds now is not taken, with its file and line; the plans are as it had them before.
    pub trouble: Option<String>,
    /// What became of each profile that was taken, in the order of the file.
    pub profiles: Vec<ProfileView>,
}

/// Where it is kept; clones show the same. Without a file nothing is shown.
#[derive(Clone, Debug, Default)]
pub struct ProfileBoard {
    seen: Arc<Mutex<Option<ProfilesSeen>>>,
}

impl ProfileBoard {
    /// Shows that it stands so.
    pub fn show(&self, seen: ProfilesSeen) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
    }

    /// How it stands; `None` where no file is read.
    pub fn seen(&self) -> Option<ProfilesSeen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
