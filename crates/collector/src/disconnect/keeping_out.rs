//! Keeping out whoever had the session: looked at and written down before anything is sent, and read back before they are sent away.

use accounting::time::Micros;
use operations::{Marks, RouterCommandError, SessionTarget};
use routeros_proto::Command;
use store::{Hold, HoldSubject, NasId, NewAudit, Store, StoreError};

use super::wording;
use crate::holds::{look, undo_one};
use crate::link::Link;
use crate::routeros::hold::{stands, to_place};

/// Where it is written down what may be on the router.
pub struct Notes<'a> {
    /// The database.
    pub store: &'a dyn Store,
    /// The router.
    pub nas: NasId,
    /// What time it is for holds ([`operations::LastingTime`]).
    pub now: Micros,
    /// By what our bindings are known.
    pub marks: Marks,
}

/// Somebody who is to be kept out.
#[derive(Debug)]
pub(super) struct KeepingOut {
    subject: HoldSubject,
    /// What does it; `None` where it is so already.
    pub(super) command: Option<Command>,
}

impl KeepingOut {
    /// Looks what would keep them out.
    pub(super) async fn look(
        link: &mut Link,
        session: &SessionTarget,
        marks: &Marks,
    ) -> Result<KeepingOut, RouterCommandError> {
        let subject = session.whom_to_keep_out();
        let bars = look(link, &subject, marks).await.map_err(wording::looking)?;
        let command = to_place(&subject, &bars, marks).map_err(wording::cannot_keep_out)?;
        Ok(KeepingOut { subject, command })
    }

    /// Writes down that it may be on the router from now on, with how it was before; answers the row as it is then.
    pub(super) async fn write_down(&self, notes: &Notes<'_>) -> Result<Hold, RouterCommandError> {
        let (kind, name) = self.subject.parts();
        let before = if kind == "ppp" { r#","secret_disabled_before":false"# } else { "" };
        let act = NewAudit::by_system(notes.now, "hold.place", &name.escape_ascii().to_string());
        let detail = format!(r#"{{"nas":{},"kind":"{kind}"{before}}}"#, notes.nas.0);
        let act = NewAudit { detail, ..act };
        let placed = notes.store.place_hold(notes.nas, self.subject.clone(), notes.now, act).await;
        placed.map_err(stalled)?.ok_or_else(wording::not_wanted)
    }

    /// Reads back that they are kept out, and that it is still wanted as it was when it was written down: who released it meanwhile may
    /// have had it undone before it stood, and nobody would undo it any more.
    pub(super) async fn confirm(
        &self,
        link: &mut Link,
        notes: &Notes<'_>,
        placed: &Hold,
    ) -> Result<(), RouterCommandError> {
        let bars =
            look(link, &self.subject, &notes.marks).await.map_err(|error| wording::not_ended(&error, 0))?;
        if !stands(&self.subject, &bars) {
            return Err(wording::not_kept_out());
        }
        let wanted = notes.store.hold_of(notes.nas, self.subject.clone()).await.map_err(stalled)?;
        if wanted.as_ref() == Some(placed) {
            return Ok(());
        }
        Err(wording::released(undo_one(link, &self.subject, &notes.marks).await.err()))
    }
}

fn stalled(error: StoreError) -> RouterCommandError {
    RouterCommandError::StoreStalled(error.to_string())
}
