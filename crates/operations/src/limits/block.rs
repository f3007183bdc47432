//! Keeping somebody out for a while: a queue of the lowest rate is no block, so that their sessions are ended and whoever had them is
//! held (ADR 0030).

use std::time::Duration;

use store::{LimitSubject, SessionRow};

use super::subject::LimitWho;
use crate::disconnects::{DisconnectRequest, EndedSession};
use crate::error::OperationError;
use crate::operations::Operations;

/// Somebody who is to be kept out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockRequest {
    /// Who; they have to be connected.
    pub who: LimitWho,
    /// On the router of that name.
    pub router: Option<String>,
    /// For so long.
    pub lasts: Duration,
    /// Only find out what would be sent.
    pub dry_run: bool,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The session with which they were kept out.
    pub first: EndedSession,
    /// Other sessions of the same login, each as it was ended, or why it was not.
    pub others: Vec<(SessionRow, Result<EndedSession, OperationError>)>,
}

impl Operations {
    /// Keeps somebody out, and ends the sessions that they have: a device of the hotspot, or a PPP login with all its sessions.
    ///
    /// # Errors
    /// Why they are not kept out. Nothing of it stays then, or it ends on its time where nobody knows.
    pub async fn block(&self, actor: &str, request: BlockRequest) -> Result<Blocked, OperationError> {
        let (subject, sessions) = self.sessions_of(request.router.as_deref(), &request.who).await?;
        let Some((first, others)) = sessions.split_first().filter(|_| can_be_kept_out(&subject)) else {
            return Err(OperationError::Conflict(FIXED.to_owned()));
        };
        let ending = |session: &SessionRow, hold| DisconnectRequest {
            login: session.username.clone(),
            router: Some(session.router.clone()),
            session: Some(session.no),
            caller: None,
            hold,
            dry_run: request.dry_run,
        };
        let first = self.disconnect(actor, ending(first, Some(request.lasts))).await?;
        let mut ended = Vec::new();
        for session in others {
            ended.push((session.clone(), self.disconnect(actor, ending(session, None)).await));
        }
        Ok(Blocked { first, others: ended })
    }
}

fn can_be_kept_out(subject: &LimitSubject) -> bool {
    matches!(subject, LimitSubject::Device(_) | LimitSubject::Ppp(_))
}

const FIXED: &str = "who has a fixed address logs in nowhere, so that no router can refuse them a login; nothing was changed. Switch the \
    interface that faces them off, or drop their address in the firewall, on the router";
