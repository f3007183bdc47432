//! Whose sessions a filter means.

use std::collections::HashSet;

use accounting::login::{DEVICE_PREFIX, LoginKind};
use store::{Named, SessionCursor, SessionPhase, SessionQuery, SessionRow};

use super::asked::BulkFilter;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::services::service_named;

/// Sessions that are read at once.
const PAGE: u32 = 1_000;

impl Operations {
    /// Open sessions that fit and can be ended, in the order in which they began: whoever is back after an end is the last.
    pub(super) async fn sessions_that_fit(
        &self,
        filter: &BulkFilter,
    ) -> Result<Vec<SessionRow>, OperationError> {
        let service = filter.service.as_deref().map(service_named).transpose()?;
        let mut fitting = self.open_on(&filter.router).await?;
        fitting.retain(|row| {
            has_an_end(row)
                && service.is_none_or(|service| service == row.service)
                && filter.login_start.as_ref().is_none_or(|start| row.username.starts_with(start))
        });
        if let Some(plan) = &filter.plan {
            let theirs = self.on_plan(plan, &fitting).await?;
            fitting.retain(|row| row.subscriber.as_ref().is_some_and(|name| theirs.contains(name)));
        }
        fitting.sort_unstable_by_key(|row| row.no);
        Ok(fitting)
    }

    async fn open_on(&self, router: &str) -> Result<Vec<SessionRow>, OperationError> {
        let mut open: Vec<SessionRow> = Vec::new();
        loop {
            let query = SessionQuery {
                router: Some(router.to_owned()),
                username: None,
                subscriber: None,
                phase: Some(SessionPhase::Open),
                before: open.last().map(place),
                reach: self.reach.clone(),
                limit: PAGE,
            };
            let page = self.store.list_sessions(query).await?;
            let is_last = page.len() < PAGE as usize;
            open.extend(page);
            if is_last {
                return Ok(open);
            }
        }
    }

    /// Usernames of those on a plan whose sessions these are.
    async fn on_plan(&self, plan: &str, sessions: &[SessionRow]) -> Result<HashSet<String>, OperationError> {
        if !self.list_plans().await?.iter().any(|known| known.name == plan) {
            return Err(OperationError::NoSuch(Named::Plan(plan.to_owned())));
        }
        let names: HashSet<String> = sessions.iter().filter_map(|row| row.subscriber.clone()).collect();
        let theirs = self.store.subscribers_of(names.into_iter().collect()).await?;
        let on_it = theirs.into_iter().filter(|one| one.plan.as_deref() == Some(plan));
        Ok(on_it.map(|one| one.username).collect())
    }
}

fn place(row: &SessionRow) -> SessionCursor {
    SessionCursor { first_seen_at: row.first_seen_at, nas: row.nas, no: row.no }
}

/// Whoever has a static address, or is let through a hotspot without a login, is not logged in.
fn has_an_end(row: &SessionRow) -> bool {
    match row.service.kind() {
        LoginKind::Ppp => true,
        LoginKind::Hotspot => !row.username.starts_with(DEVICE_PREFIX),
        LoginKind::StaticIp => false,
    }
}
