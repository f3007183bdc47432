//! The history of a total: the same ledger entries as [`Operations::usage`], sorted into the hours or days of a zone.

use std::collections::BTreeMap;
use std::ops::Range;

use accounting::Octets;
use accounting::login::LoginKind;
use accounting::time::Micros;
use store::{BucketRow, BucketsAfter, CoverageSpan, UsageQuery};

use crate::error::OperationError;
use crate::operations::Operations;
use crate::steps::{Calendar, Step, zone};
use crate::usage::UsageRequest;

/// Steps one answer may hold; more is a question for an export.
const MOST_STEPS: usize = 10_000;

/// Which history is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryRequest {
    /// Whose usage, and of when. Without a begin the last 24 hours (quarters), 48 hours (hours) or 31 days (days).
    pub usage: UsageRequest,
    /// How long the steps are.
    pub step: Step,
    /// The zone whose hours and days they are, by its IANA name.
    pub zone: String,
}

/// A history, every step of it.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// From when on there are 15-minute entries. What ended before it is in the step in which the last entry of its
    /// day ended. `None`: all detail is there.
    pub detail_from: Option<Micros>,
    /// In order, without a hole.
    pub steps: Vec<HistoryStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryStep {
    /// Its begin and end; half-open.
    pub span: Range<Micros>,
    /// Its begin on the zone's clock, as RFC 3339 with the zone's offset.
    pub local: String,
    /// Posted octets whose entries end in it.
    pub octets: Octets,
    /// Octets that may be missing, both directions; `None` = unbounded.
    pub upper_octets: Option<u64>,
    /// Share of the step, as far as it is over, in which the routers asked about were read, in percent. `None` when
    /// no router is known to be concerned.
    pub covered_percent: Option<f64>,
}

/// What a login used in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRow {
    /// The router's name.
    pub router: String,
    /// The login as the router gave it; `None` for octets that nobody could be given.
    pub username: Option<Vec<u8>>,
    /// What that is a login to; `None` without one.
    pub kind: Option<LoginKind>,
    /// The step; half-open.
    pub span: Range<Micros>,
    /// Its begin on the zone's clock.
    pub local: String,
    /// Posted octets.
    pub octets: Octets,
    /// Octets that may be missing, both directions; `None` = unbounded.
    pub upper_octets: Option<u64>,
}

/// An export in the making: asks the store for a part at a time, so that its memory is one step's logins.
pub struct Export {
    query: UsageQuery,
    calendar: Calendar,
    after: Option<BucketsAfter>,
    ended: bool,
    open: Option<OpenStep>,
}

struct OpenStep {
    router: String,
    span: Range<Micros>,
    sums: BTreeMap<(Option<Vec<u8>>, Option<LoginKind>), Sum>,
}

#[derive(Clone, Copy, Debug)]
struct Sum {
    octets: Octets,
    upper_octets: Option<u64>,
}

impl Default for Sum {
    fn default() -> Self {
        Sum { octets: Octets::ZERO, upper_octets: Some(0) }
    }
}

impl Sum {
    fn add(&mut self, row: &BucketRow) {
        self.octets += row.octets;
        let both = self.upper_octets.zip(row.upper_octets);
        self.upper_octets = both.map(|(sum, more)| sum.saturating_add(more));
    }
}

impl Operations {
    /// The history of a total, step by step. The window is widened to whole steps.
    pub async fn history(&self, request: HistoryRequest) -> Result<History, OperationError> {
        let calendar = Calendar::new(request.step, zone(&request.zone)?);
        let now = self.now();
        let to = request.usage.to.unwrap_or(Micros(now.0.saturating_add(1)));
        let from = request.usage.from.unwrap_or(Micros(to.0.saturating_sub(usual_window(request.step))));
        let steps = steps(&calendar, from..to)?;
        let window = steps.first().map_or(from, |step| step.start)..steps.last().map_or(to, |step| step.end);
        let usage = UsageRequest { from: Some(window.start), to: Some(window.end), ..request.usage };
        let query = self.history_query(usage).await?;
        let detail_from = self.store.detail_from(query.router.clone(), self.reach.clone()).await?;
        let mut sums = self.sums_by_step(&calendar, &query).await?;
        let coverage = self.store.coverage(query, window).await?;
        let steps = steps.into_iter().map(|span| {
            let sum = sums.remove(&span.start).unwrap_or_default();
            HistoryStep {
                local: calendar.label(span.start),
                octets: sum.octets,
                upper_octets: sum.upper_octets,
                covered_percent: covered_percent(&coverage, &(span.start..span.end.min(now))),
                span,
            }
        });
        Ok(History { detail_from, steps: steps.collect() })
    }

    async fn sums_by_step(
        &self,
        calendar: &Calendar,
        query: &UsageQuery,
    ) -> Result<BTreeMap<Micros, Sum>, OperationError> {
        let mut sums: BTreeMap<Micros, Sum> = BTreeMap::new();
        let mut step = Micros(0)..Micros(0);
        let mut after = None;
        loop {
            let part = self.store.usage_by_bucket(query.clone(), after).await?;
            for row in &part.rows {
                if !step.contains(&begin(row)) {
                    step = calendar.step_of(begin(row));
                }
                sums.entry(step.start).or_default().add(row);
            }
            after = part.next;
            if after.is_none() {
                return Ok(sums);
            }
        }
    }

    async fn history_query(&self, usage: UsageRequest) -> Result<UsageQuery, OperationError> {
        if let Some(router) = &usage.router {
            self.router_ever(router).await?;
        }
        self.usage_query(usage).await
    }

    /// Begins an export: what each login used on each router in each step, for whoever adds it up elsewhere.
    pub async fn export(&self, request: HistoryRequest) -> Result<Export, OperationError> {
        let calendar = Calendar::new(request.step, zone(&request.zone)?);
        let widened =
            |at: Option<Micros>, edge: fn(Range<Micros>) -> Micros| at.map(|at| edge(calendar.step_of(at)));
        let usage = UsageRequest {
            from: widened(request.usage.from, |step| step.start),
            to: widened(request.usage.to.map(|to| Micros(to.0.saturating_sub(1))), |step| step.end),
            ..request.usage
        };
        let query = self.history_query(usage).await?;
        Ok(Export { query, calendar, after: None, ended: false, open: None })
    }

    /// The next rows of an export, by router, step and login; none when it is over.
    pub async fn export_next(&self, export: &mut Export) -> Result<Vec<ExportRow>, OperationError> {
        let mut rows = Vec::new();
        while rows.is_empty() && !export.ended {
            let part = self.store.usage_by_bucket(export.query.clone(), export.after.take()).await?;
            for row in part.rows {
                export.take(row, &mut rows);
            }
            export.after = part.next;
            if export.after.is_none() {
                export.ended = true;
                export.close(&mut rows);
            }
        }
        Ok(rows)
    }
}

impl Export {
    fn take(&mut self, row: BucketRow, rows: &mut Vec<ExportRow>) {
        let at = begin(&row);
        if self.open.as_ref().is_some_and(|open| open.router != row.router || !open.span.contains(&at)) {
            self.close(rows);
        }
        let open = self.open.get_or_insert_with(|| OpenStep {
            router: row.router.clone(),
            span: self.calendar.step_of(at),
            sums: BTreeMap::new(),
        });
        open.sums.entry((row.username.clone(), row.kind)).or_default().add(&row);
    }

    fn close(&mut self, rows: &mut Vec<ExportRow>) {
        let Some(open) = self.open.take() else { return };
        let local = self.calendar.label(open.span.start);
        rows.extend(open.sums.into_iter().map(|((username, kind), sum)| ExportRow {
            router: open.router.clone(),
            username,
            kind,
            span: open.span.clone(),
            local: local.clone(),
            octets: sum.octets,
            upper_octets: sum.upper_octets,
        }));
    }
}

fn begin(row: &BucketRow) -> Micros {
    Micros(row.bucket.saturating_mul(Micros::BUCKET))
}

fn usual_window(step: Step) -> i64 {
    let hours = match step {
        Step::Quarter => 24,
        Step::Hour => 48,
        Step::Day => 31 * 24,
    };
    hours * 3_600_000_000
}

/// All steps that share something with the window.
fn steps(calendar: &Calendar, window: Range<Micros>) -> Result<Vec<Range<Micros>>, OperationError> {
    let mut steps = Vec::new();
    let mut at = window.start;
    while at < window.end {
        if steps.len() == MOST_STEPS {
            return Err(OperationError::Invalid(format!(
                "the window holds more than {MOST_STEPS} steps; ask for longer steps, a shorter window, or an export"
            )));
        }
        let step = calendar.step_of(at);
        at = step.end;
        steps.push(step);
    }
    Ok(steps)
}

/// Share of `span` in which the routers were read.
fn covered_percent(coverage: &[CoverageSpan], span: &Range<Micros>) -> Option<f64> {
    let length = span.end.0.checked_sub(span.start.0).filter(|length| *length > 0)?;
    let shared = |covered: &CoverageSpan| {
        let spans = covered.spans.iter();
        spans.map(|one| (one.end.min(span.end).0 - one.start.max(span.start).0).max(0)).sum::<i64>()
    };
    let read: i64 = coverage.iter().map(shared).sum();
    #[expect(clippy::cast_precision_loss, reason = "a percentage for people")]
    (!coverage.is_empty()).then(|| read as f64 * 100.0 / (length as f64 * coverage.len() as f64))
}
