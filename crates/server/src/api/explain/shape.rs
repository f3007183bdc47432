//! Ledger lines towards clients.

use accounting::login::{LoginKind, LoginName};
use accounting::octets::Octets;
use accounting::standing::counter_of_login;
use accounting::table::Table;
use store::{EntryRow, HeldAct, UndoneAdoption, UndoneRenewal};

use crate::api::model::explain::{CounterValue, DecisionAct, ExplainItem, Unobserved};
use crate::api::model::name::Name;
use crate::api::model::time::Time;
use crate::text::{EntryFacts, printable, sentence};

pub(super) fn item(row: EntryRow) -> ExplainItem {
    let entry = &row.entry;
    ExplainItem {
        at_from: entry.from.into(),
        at_to: entry.to.into(),
        text: text(&row),
        username: row.username.as_deref().map(Name::from),
        kind: row.kind.map(Into::into),
        session: entry.session,
        counter: row.counter_name.as_deref().map(Name::from),
        reason: entry.reason.as_str().to_owned(),
        posted: entry.posted,
        decision: row.decision.map(decision),
        upload_octets: entry.delta.input,
        download_octets: entry.delta.output,
        counter_before: value(entry.before),
        counter_after: value(entry.after),
        unobserved: row.unseen().map(|unseen| Unobserved {
            seconds: unseen.micros.map(seconds),
            upper_octets: unseen.upper_octets,
        }),
        polls: entry.polls,
        router: row.router,
    }
}

/// An undone renewal as a sentence.
pub(super) fn undone(renewal: &UndoneRenewal) -> String {
    format!(
        "The renewal of {} was undone on {} by {}: what was counted after it counts into this cycle.",
        Time::from(renewal.renewed_at),
        Time::from(renewal.undone_at),
        printable(renewal.undone_by.as_bytes())
    )
}

/// An undone adoption as a sentence.
pub(super) fn undone_adoption(undone: &UndoneAdoption) -> String {
    let UndoneAdoption { adopted, .. } = undone;
    format!(
        "The adoption of {} of what {} on {} used before ({} octets up, {} down) was undone on {} by {}: it counts in no cycle.",
        Time::from(undone.adopted_at),
        printable(&adopted.login),
        printable(adopted.router.as_bytes()),
        adopted.octets.input,
        adopted.octets.output,
        Time::from(undone.undone_at),
        printable(undone.undone_by.as_bytes())
    )
}

/// What was decided.
pub(crate) fn decision(act: HeldAct) -> DecisionAct {
    match act {
        HeldAct::Released => DecisionAct::Released,
        HeldAct::Rejected => DecisionAct::Rejected,
    }
}

/// The line as a sentence.
pub(crate) fn text(row: &EntryRow) -> String {
    sentence(&EntryFacts {
        reason: row.entry.reason,
        counter: row.counter_name.as_deref(),
        is_queue: is_queue(row),
        is_let_through: is_let_through(row),
        kind: row.kind,
        session_started_at: row.session_started_at,
        delta: row.entry.delta,
        before: row.entry.before,
        after: row.entry.after,
        unseen: row.unseen(),
        polls: row.entry.polls,
        folded: row.folded,
        decision: row.decision,
    })
}

fn is_queue(row: &EntryRow) -> bool {
    let login = row.kind.zip(row.username.as_deref());
    let login = login.map(|(kind, name)| LoginName::new(kind, name));
    login.is_some_and(|login| counter_of_login(&login).is_some_and(|(table, _)| table == Table::Queue))
}

/// The login of a device that is let through is made of the counter's name.
fn is_let_through(row: &EntryRow) -> bool {
    let address = row.username.as_deref().and_then(|name| name.strip_prefix(b"mac:"));
    row.kind == Some(LoginKind::Hotspot) && address.is_some() && address == row.counter_name.as_deref()
}

/// A counter's values.
pub(crate) fn value(octets: Octets) -> CounterValue {
    CounterValue { upload: octets.input, download: octets.output }
}

#[expect(clippy::cast_precision_loss, reason = "a length of time; microseconds beyond 2^53 are centuries")]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
