//! Where what happened is looked up, kind by kind, and made one list.

use std::collections::HashMap;

use accounting::time::Micros;
use operations::OperationError;
use store::{NasId, Reach, SessionCursor, SessionQuery};

use super::place::{Behind, Place, Told, joined, rank};
use super::shape;
use crate::api::model::happening::HappeningKind;
use crate::log_board::LogLevel;
use crate::problem::{self, Problem};
use crate::state::ServerState;

/// What is asked for.
pub(super) struct Sources<'s> {
    pub(super) state: &'s ServerState,
    pub(super) router: Option<String>,
    pub(super) level: LogLevel,
    /// Nothing older is told.
    pub(super) since: Micros,
    pub(super) after: Option<Place>,
    /// At most so many, of each kind and in all.
    pub(super) limit: u32,
}

/// The routers' names, and the one that is asked for.
struct Routers {
    names: HashMap<NasId, String>,
    only: Option<NasId>,
}

impl Sources<'_> {
    /// Of that kind or of all, the newest first.
    pub(super) async fn told(&self, kind: Option<HappeningKind>) -> Result<Vec<Told>, Problem> {
        let routers = self.routers().await?;
        let is_asked = |one: HappeningKind| kind.is_none_or(|kind| kind == one);
        let mut told = Vec::new();
        if is_asked(HappeningKind::SessionBegan) {
            told.extend(self.began().await?);
        }
        if is_asked(HappeningKind::SessionEnded) {
            told.extend(self.ended().await?);
        }
        if is_asked(HappeningKind::RouterState) {
            told.extend(self.states(&routers));
        }
        if is_asked(HappeningKind::Command) {
            told.extend(self.commands(&routers).await?);
        }
        if is_asked(HappeningKind::Log) && routers.only.is_none() && self.is_whole() {
            told.extend(self.lines());
        }
        told.retain(|one| one.place.at >= self.since);
        let beyond = self.state.operations.names_beyond().await?;
        for one in &mut told {
            one.happening.text = one.happening.text.take().map(|text| beyond.out_of(text));
        }
        // Each kind is in its order already, and keeps it.
        told.sort_by_key(|one| std::cmp::Reverse((one.place.at, rank(one.place.kind))));
        told.truncate(self.limit as usize);
        Ok(told)
    }

    async fn routers(&self) -> Result<Routers, Problem> {
        let all = self.state.store().list_nas_within(self.reach()).await.map_err(OperationError::from)?;
        let names: HashMap<NasId, String> = all.into_iter().map(|nas| (nas.id, nas.config.name)).collect();
        let only = match &self.router {
            None => None,
            Some(router) => {
                let found = names.iter().find(|(_, name)| *name == router).map(|(nas, _)| *nas);
                Some(found.ok_or_else(|| Problem::not_found(format!("There is no router {router}.")))?)
            }
        };
        Ok(Routers { names, only })
    }

    /// Whether it is asked by somebody who reaches all routers: the log names any of them.
    fn is_whole(&self) -> bool {
        self.state.operations.reach.is_everything()
    }

    fn reach(&self) -> Reach {
        self.state.operations.reach.clone()
    }

    fn behind(&self, kind: HappeningKind) -> Behind {
        self.after.map_or(Behind::Before(Micros(i64::MAX)), |place| place.behind(kind))
    }

    /// As lists of sessions say it: no row has a number below those of the first router.
    fn sessions_behind(&self, kind: HappeningKind) -> Result<SessionCursor, Problem> {
        Ok(match self.behind(kind) {
            Behind::Before(first_seen_at) => SessionCursor { first_seen_at, nas: NasId(1), no: 0 },
            Behind::Same(first_seen_at, [nas, no]) => {
                SessionCursor { first_seen_at, nas: NasId(nas), no: crate::api::paging::unsigned(no)? }
            }
        })
    }

    async fn began(&self) -> Result<Vec<Told>, Problem> {
        let query = SessionQuery {
            router: self.router.clone(),
            before: Some(self.sessions_behind(HappeningKind::SessionBegan)?),
            limit: self.limit,
            ..SessionQuery::default()
        };
        let rows = self.state.operations.list_sessions(query).await.map_err(problem::in_query)?;
        Ok(rows.into_iter().map(shape::began).collect())
    }

    async fn ended(&self) -> Result<Vec<Told>, Problem> {
        let before = Some(self.sessions_behind(HappeningKind::SessionEnded)?);
        let store = self.state.store();
        let rows = store
            .list_ended_sessions(self.router.clone(), self.since, before, self.limit, self.reach())
            .await;
        Ok(rows.map_err(OperationError::from)?.into_iter().map(shape::ended).collect())
    }

    fn states(&self, routers: &Routers) -> Vec<Told> {
        let (until, below) = self.numbered(HappeningKind::RouterState);
        let board = &self.state.operations.board;
        let is_asked = |nas| {
            routers.only.is_none_or(|only| only == nas)
                && (self.is_whole() || routers.names.contains_key(&nas))
        };
        let changes = board.phase_changes(is_asked, below, until, self.limit as usize);
        changes.into_iter().map(|change| shape::state(change, &routers.names)).collect()
    }

    async fn commands(&self, routers: &Routers) -> Result<Vec<Told>, Problem> {
        let (made_at, id) = match self.behind(HappeningKind::Command) {
            Behind::Before(at) => (at, None),
            Behind::Same(at, halves) => (at, Some(joined(halves))),
        };
        let commands = self
            .state
            .store()
            .list_commands_before(routers.only, made_at, id, self.limit, self.reach())
            .await;
        let commands = commands.map_err(OperationError::from)?;
        Ok(commands.into_iter().map(|command| shape::command(command, &routers.names)).collect())
    }

    fn lines(&self) -> Vec<Told> {
        let (until, below) = self.numbered(HappeningKind::Log);
        let lines = self.state.logs.before(self.level, below, until, self.limit as usize);
        lines.into_iter().map(shape::line).collect()
    }

    /// Before which time, and below which number.
    fn numbered(&self, kind: HappeningKind) -> (Micros, Option<u64>) {
        match self.behind(kind) {
            Behind::Before(at) => (at, None),
            Behind::Same(_, [number, _]) => (Micros(i64::MAX), Some(number.cast_unsigned())),
        }
    }
}
