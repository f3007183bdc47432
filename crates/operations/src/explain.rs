//! Why a total is what it is.

use accounting::Octets;
use accounting::login::LoginKind;
use store::{EntryKey, EntryRow, LedgerSubject, UndoneAdoption, UndoneRenewal};

use crate::error::OperationError;
use crate::operations::Operations;

/// Whose total is to be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExplainSubject {
    /// A login's on a router; the nobody's when there is no login.
    Login {
        /// The router's name.
        router: String,
        /// The login as the router gave it, raw bytes.
        username: Option<Vec<u8>>,
        /// Only a login of this kind; `None` = of every kind.
        kind: Option<LoginKind>,
    },
    /// A subscriber's open cycle, or the cycle of that number.
    Subscriber {
        /// Username or id.
        subscriber: String,
        /// The first, second, ... cycle; the open one when `None`.
        cycle: Option<u32>,
    },
    /// A session's.
    Session {
        /// The router's name.
        router: String,
        /// The session's number within the router.
        session: u64,
    },
}

/// A total and a page of the lines that make it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// All posted lines, of all pages, add up to this.
    pub total: Octets,
    /// In order.
    pub lines: Vec<EntryRow>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<EntryKey>,
    /// Renewals within a subscriber's cycle that were undone, oldest first.
    pub undone: Vec<UndoneRenewal>,
    /// Adoptions into a subscriber's cycle that were undone, oldest first.
    pub undone_adoptions: Vec<UndoneAdoption>,
}

impl Operations {
    /// Explains a total, a page of at most `limit` lines at a time.
    pub async fn explain(
        &self,
        subject: ExplainSubject,
        after: Option<EntryKey>,
        limit: u32,
    ) -> Result<Explanation, OperationError> {
        let subject = self.ledger_subject(subject).await?;
        let total =
            self.store.explained_total_within(subject.clone(), self.reach.clone()).await?.ok_or_else(
                || {
                    OperationError::NotFound(
                        "there is no such session; list them with: tikmeter sessions".to_owned(),
                    )
                },
            )?;
        // A removed router's history stays and can be explained; a name nobody counted for is a mistake.
        if let LedgerSubject::Login { router, .. } = &subject
            && total.is_zero()
        {
            self.nas(router).await?;
        }
        let (undone, mut undone_adoptions) = match &subject {
            LedgerSubject::Cycle(cycle) => {
                (self.store.undone_renewals(*cycle).await?, self.store.undone_adoptions(*cycle).await?)
            }
            _ => (Vec::new(), Vec::new()),
        };
        let reached = self.reached_names().await?;
        undone_adoptions.retain(|undone| reached.has(&undone.adopted.router));
        let limit_and_one = limit.saturating_add(1);
        let mut lines = self.store.entries_within(subject, after, limit_and_one, self.reach.clone()).await?;
        let more = lines.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            lines.pop();
        }
        let next = lines.last().filter(|_| more).map(EntryRow::key);
        Ok(Explanation { total, lines, next, undone, undone_adoptions })
    }

    async fn ledger_subject(&self, subject: ExplainSubject) -> Result<LedgerSubject, OperationError> {
        match subject {
            ExplainSubject::Login { router, username, kind } => {
                Ok(LedgerSubject::Login { router, username, kind })
            }
            ExplainSubject::Session { router, session } => {
                Ok(LedgerSubject::Session { nas: self.nas(&router).await?.id, no: session })
            }
            ExplainSubject::Subscriber { subscriber, cycle } => self.cycle_subject(&subscriber, cycle).await,
        }
    }

    async fn cycle_subject(&self, key: &str, seq_no: Option<u32>) -> Result<LedgerSubject, OperationError> {
        let subscriber = self.stored_subscriber(key).await?;
        let Some(seq_no) = seq_no else {
            let open = subscriber.cycle.map(|cycle| LedgerSubject::Cycle(cycle.id));
            return open.ok_or_else(|| OperationError::NotFound(format!("{key} has no open cycle")));
        };
        let cycles = self.store.subscriber_cycles(subscriber.id, None, u32::MAX).await?;
        let cycle = cycles.iter().find(|cycle| cycle.seq_no == seq_no);
        let found = cycle.map(|cycle| LedgerSubject::Cycle(cycle.id));
        found.ok_or_else(|| OperationError::NotFound(format!("{key} has no cycle {seq_no}")))
    }
}
