//! Ending a session of somebody: which one is meant, that it is tried, and what became of it.

use std::time::Duration;

use accounting::time::Micros;
use serde_json::{Value, json};
use store::{Nas, SessionPhase, SessionQuery, SessionRow};

use crate::error::OperationError;
use crate::names::{name_for_people, name_to_text};
use crate::operations::Operations;
use crate::router_commands::RouterCommandError;
use crate::session_end::{Became, CameBackBy, Disconnected, SessionTarget};

/// Sessions of one login that are looked through.
const MOST: u32 = 1_000;
/// Sessions that are named to who has to choose.
const TOLD: usize = 10;

/// Which session is to be ended. It has to be exactly one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisconnectRequest {
    /// The login as its router gives it.
    pub login: Vec<u8>,
    /// On the router of that name.
    pub router: Option<String>,
    /// With that number within its router.
    pub session: Option<u64>,
    /// Of this caller: the MAC, or the address, as the router gives it; capitals or not.
    pub caller: Option<Vec<u8>>,
    /// Whoever has it is kept out for so long from now on.
    pub hold: Option<Duration>,
    /// Only find out what would be sent.
    pub dry_run: bool,
}

/// A session that was ended, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    /// As the books had it before.
    pub session: SessionRow,
    /// What became of it.
    pub fate: Fate,
    /// The commands that were sent to change something, or would be; word by word, in their order.
    pub commands: Vec<String>,
    /// Sessions of the login's other devices that went in the same moment ([`Disconnected::also_gone`]).
    pub also_gone: u64,
    /// Until then whoever had it is kept out.
    pub held_until: Option<Micros>,
}

/// What became of a session that was ended: [`Became`] without what is no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing was sent, as was wished.
    Planned,
    /// Nobody came back for so many seconds.
    Gone {
        /// Seconds from the end of it to the last look that the router answered.
        looked_s: u64,
    },
    /// Who had it is there again.
    CameBack {
        /// Seconds between the end and the new begin.
        after_s: u64,
        /// The way in.
        by: CameBackBy,
    },
}

impl Operations {
    /// Ends one session on its router, after a last reading; what is meant by nobody stays, another device of the same login
    /// too. Success means that the router showed the session no more.
    pub async fn disconnect(
        &self,
        actor: &str,
        request: DisconnectRequest,
    ) -> Result<EndedSession, OperationError> {
        let session = self.session_to_end(&request).await?;
        let nas = self.nas(&session.router).await?;
        let target = SessionTarget { hold: request.hold.is_some(), ..SessionTarget::from(&session) };
        let hold = match request.hold {
            Some(lasts) => Some(self.hold_of(actor, &session, lasts).await?),
            None => None,
        };
        if request.dry_run {
            let planned = self.commands.disconnect(nas, target, true).await?;
            return told(session, planned);
        }
        self.note(actor, "session.disconnect", &session, json!({})).await?;
        let Some(hold) = hold else { return self.end(actor, nas, session, target).await };
        self.want_hold(actor, &session, &hold).await?;
        let ended = self.end(actor, nas, session, target).await;
        let ended = ended.map(|ended| EndedSession { held_until: Some(hold.until), ..ended });
        self.settle_hold(actor, hold, ended).await
    }

    async fn end(
        &self,
        actor: &str,
        nas: Nas,
        session: SessionRow,
        target: SessionTarget,
    ) -> Result<EndedSession, OperationError> {
        let ended = self.commands.disconnect(nas, target, false).await;
        let became = match &ended {
            Ok(ended) => outcome(ended),
            Err(error) => json!({ "outcome": "error", "told": error.to_string() }),
        };
        if let Err(error) = self.note(actor, "session.disconnected", &session, became).await {
            tracing::error!(%error, "what became of a disconnect is not in the journal; it is told to who asked, and \
                `tikmeter router commands` has it");
        }
        let ended = ended?;
        match ended.became {
            Became::NotFound => Err(self.ended_by_itself(&session).await?),
            _ => told(session, ended),
        }
    }

    /// It was, by the reading that was just taken; who is up in its place is told too.
    async fn ended_by_itself(&self, session: &SessionRow) -> Result<OperationError, OperationError> {
        let same = DisconnectRequest {
            login: session.username.clone(),
            router: Some(session.router.clone()),
            caller: Some(session.calling_station_id.clone()),
            ..DisconnectRequest::default()
        };
        let mut after = self.fitting_sessions(&same).await?;
        after.retain(|row| row.no != session.no);
        Ok(ended_by_itself(session, after.first()))
    }

    /// The only session that fits. One that came since the last reading is known after another one.
    async fn session_to_end(&self, request: &DisconnectRequest) -> Result<SessionRow, OperationError> {
        if let Some(router) = &request.router {
            self.named_nas(router).await?;
        }
        let mut fitting = self.fitting_sessions(request).await?;
        if let (true, Some(router)) = (fitting.is_empty(), &request.router) {
            self.read_now(router).await?;
            fitting = self.fitting_sessions(request).await?;
        }
        match fitting.len() {
            0 => Err(no_such_session(request)),
            1 => Ok(fitting.remove(0)),
            _ => Err(OperationError::Conflict(choose(&fitting))),
        }
    }

    async fn fitting_sessions(&self, request: &DisconnectRequest) -> Result<Vec<SessionRow>, OperationError> {
        let query = SessionQuery {
            router: request.router.clone(),
            username: Some(request.login.clone()),
            subscriber: None,
            phase: Some(SessionPhase::Open),
            before: None,
            reach: self.reach.clone(),
            limit: MOST,
        };
        let mut open = self.store.list_sessions(query).await?;
        open.retain(|row| {
            request.session.is_none_or(|no| no == row.no)
                && request.caller.as_ref().is_none_or(|mac| mac.eq_ignore_ascii_case(&row.calling_station_id))
        });
        Ok(open)
    }

    async fn note(
        &self,
        actor: &str,
        action: &str,
        session: &SessionRow,
        more: Value,
    ) -> Result<(), OperationError> {
        let mut detail = json!({
            "router": session.router,
            "session": session.no,
            "service": session.service.as_str(),
            "caller": name_to_text(&session.calling_station_id),
        });
        let fields = detail.as_object_mut().into_iter().zip(more.as_object());
        fields.for_each(|(detail, more)| detail.extend(more.clone()));
        let act = self.act(actor, action, &name_to_text(&session.username), detail);
        Ok(self.store.append_audit(act).await?)
    }
}

fn outcome(ended: &Disconnected) -> Value {
    let mut detail = json!({ "outcome": ended.became.as_str(), "commands": ended.commands });
    if ended.also_gone > 0 {
        detail["also_gone"] = ended.also_gone.into();
    }
    detail
}

/// Never a success where the session was not ended.
fn told(session: SessionRow, ended: Disconnected) -> Result<EndedSession, OperationError> {
    let Disconnected { became, commands, also_gone } = ended;
    let fate = match became {
        Became::Planned => Fate::Planned,
        Became::Gone { looked_s } => Fate::Gone { looked_s },
        Became::CameBack { after_s, by } => Fate::CameBack { after_s, by },
        Became::NotFound => return Err(ended_by_itself(&session, None)),
        Became::StillThere { looked_s } => return Err(still_there(&session, looked_s)),
    };
    Ok(EndedSession { session, fate, commands, also_gone, held_until: None })
}

fn ended_by_itself(session: &SessionRow, after: Option<&SessionRow>) -> OperationError {
    let after = after.map_or_else(String::new, |after| {
        format!(
            ". Another one of the same device came after it and is up, {}: ask again to end that",
            named(after)
        )
    });
    OperationError::NotFound(format!(
        "{} had ended by itself when it was looked for; no session was removed{after}",
        named(session)
    ))
}

fn still_there(session: &SessionRow, looked_s: u64) -> OperationError {
    OperationError::Router(RouterCommandError::Refused(format!(
        "the router answered that it removed {}, and still showed it {looked_s} s later",
        named(session)
    )))
}

fn no_such_session(request: &DisconnectRequest) -> OperationError {
    let hint = match request.router {
        None => "; if it came since the last reading, name its router with --router, which is read then",
        Some(_) => ", as its router was read just now",
    };
    OperationError::NotFound(format!(
        "no such session of {} is open{hint}. Nothing was changed; list sessions with: tikmeter sessions --state open",
        name_for_people(&request.login)
    ))
}

fn choose(fitting: &[SessionRow]) -> String {
    let all: Vec<String> = fitting.iter().take(TOLD).map(named).collect();
    let more = if fitting.len() > TOLD { "; and others" } else { "" };
    format!(
        "nothing was changed: {} sessions fit, name one of them by --router with --session or --mac: {}{more}",
        fitting.len(),
        all.join("; ")
    )
}

fn named(session: &SessionRow) -> String {
    format!(
        "session {} of {} on router {} ({} from {}, address {})",
        session.no,
        name_for_people(&session.username),
        session.router,
        session.service.as_str(),
        name_for_people(&session.calling_station_id),
        name_for_people(&session.framed_address)
    )
}
