//! Who is kept out already by what was done before in the same go: a login with two sessions is kept out once, and loses both.

use std::collections::HashMap;
use std::time::Duration;

use accounting::time::Micros;
use store::{HoldSubject, SessionOwner};

use crate::disconnects::{EndedSession, Fate};
use crate::error::OperationError;
use crate::session_end::whom_to_keep_out;

/// See the module.
pub(super) struct KeptOut {
    hold: Option<Duration>,
    /// `None`: they would be, if it was done.
    until: HashMap<HoldSubject, Option<Micros>>,
}

impl KeptOut {
    /// Each is to be kept out for so long; `None`: nobody is.
    pub(super) fn for_each(hold: Option<Duration>) -> KeptOut {
        KeptOut { hold, until: HashMap::new() }
    }

    /// How long the end of this session has to keep them out; `None` where an earlier one does.
    pub(super) fn hold_of(&self, owner: &SessionOwner) -> Option<Duration> {
        self.hold.filter(|_| !self.until.contains_key(&whom(owner)))
    }

    /// What became of a session, with who is kept out since or was before.
    pub(super) fn with(
        &mut self,
        owner: &SessionOwner,
        ended: Result<EndedSession, OperationError>,
    ) -> Result<EndedSession, OperationError> {
        let mut ended = ended?;
        match (ended.held_until, ended.fate) {
            (Some(until), _) => drop(self.until.insert(whom(owner), Some(until))),
            (None, Fate::Planned) => drop(self.until.insert(whom(owner), None)),
            (None, _) => ended.held_until = self.until.get(&whom(owner)).copied().flatten(),
        }
        Ok(ended)
    }
}

fn whom(owner: &SessionOwner) -> HoldSubject {
    whom_to_keep_out(owner.service.kind(), &owner.calling_station_id, &owner.username)
}
