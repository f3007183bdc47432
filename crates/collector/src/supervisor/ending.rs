//! Ending sessions: a last reading first, so that what was counted up to then is safe.

use operations::{Became, Disconnected, RouterCommandError, RouterCommands, SessionTarget};
use store::{Nas, SessionPhase, SessionQuery};

use super::Supervisor;
use super::at_it::Hold;
use crate::disconnect::{Ending, Notes};

/// More sessions of one login on one router than that are not looked through.
const MOST: u32 = 1_000;

impl Supervisor {
    /// Logs in first, so that hardly anything passes between the last reading and the end.
    pub(super) async fn end_session(
        &self,
        nas: Nas,
        session: SessionTarget,
        dry_run: bool,
    ) -> Result<Disconnected, RouterCommandError> {
        let _at_it = self.at_it.begin(nas.id, &session.login)?;
        let _at_hold = self.begin_keeping_out(&nas, &session)?;
        let ending = Ending::open(self.target_of(&nas).await?, &session, self.config.pace).await?;
        if !self.is_open_now(&nas, &session).await? {
            return Ok(Disconnected { became: Became::NotFound, commands: Vec::new(), also_gone: 0 });
        }
        let time = self.lasting_time().await;
        let time = time.map_err(|error| RouterCommandError::StoreStalled(error.to_string()))?;
        let marks = self.registry.lock().await.mark.clone();
        let notes = Notes { store: &*self.store, nas: nas.id, now: time.now(&*self.clock), marks };
        ending.end(dry_run, &notes).await
    }

    /// Until this is dropped nobody lets them in again, who would not find what does not stand yet.
    fn begin_keeping_out(
        &self,
        nas: &Nas,
        session: &SessionTarget,
    ) -> Result<Option<Hold>, RouterCommandError> {
        if !session.hold {
            return Ok(None);
        }
        let begun = self.at_holds.try_begin(nas.id, session.whom_to_keep_out().parts().1);
        let busy =
            "they are being let in again on this router at this moment; nothing was changed, try again";
        begun.map(Some).ok_or_else(|| RouterCommandError::Busy(busy.to_owned()))
    }

    /// Takes a reading and says whether the session is open in the books then: they know it by all that rows tell.
    pub(super) async fn is_open_now(
        &self,
        nas: &Nas,
        session: &SessionTarget,
    ) -> Result<bool, RouterCommandError> {
        self.read_now(nas.id).await?;
        let query = SessionQuery {
            router: Some(nas.config.name.clone()),
            username: Some(session.login.clone()),
            subscriber: None,
            phase: Some(SessionPhase::Open),
            before: None,
            reach: store::Reach::Everywhere,
            limit: MOST,
        };
        let open = self.store.list_sessions(query).await;
        let open = open.map_err(|error| RouterCommandError::StoreStalled(error.to_string()))?;
        Ok(open.iter().any(|row| row.nas == nas.id && row.no == session.no))
    }
}
