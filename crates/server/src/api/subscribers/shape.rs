//! A subscriber towards clients.

use operations::{SubscriberView, observed_percent};
use store::{CycleObservation, CycleTotals, Scope};

use crate::api::model::name::Name;
use crate::api::model::subscriber::{Cycle, Subscriber};

pub(super) fn subscriber(view: SubscriberView) -> Subscriber {
    let SubscriberView { subscriber: row, observation } = view;
    let login = row.logins.into_iter().next();
    Subscriber {
        id: row.id,
        username: row.username,
        name: row.name,
        scope: login.as_ref().map_or_else(|| "none".to_owned(), |login| scope(&login.scope)),
        login: login.map(|login| Name(login.name.into())),
        service: row.service,
        status: row.status.as_str().to_owned(),
        plan: row.plan,
        expiry_at: row.expiry_at.map(Into::into),
        zone: row.zone,
        next_cycle_at: row.next_cycle_at.map(Into::into),
        note: row.note,
        cycle: row.cycle.map(|totals| cycle(totals, observation)),
        sessions_open: row.sessions_open,
    }
}

pub(super) fn cycle(totals: CycleTotals, seen: CycleObservation) -> Cycle {
    Cycle {
        seq_no: totals.seq_no,
        opened_by: totals.opened_by.as_str().to_owned(),
        opened_at: totals.opened_at.into(),
        closed_at: totals.closed_at.map(Into::into),
        is_final: totals.closed_at.is_some() && totals.unsettled == 0,
        unsettled_routers: totals.unsettled,
        undone_renewals: totals.undone_renewals,
        upload_octets: totals.octets.input,
        download_octets: totals.octets.output,
        credited_upload_octets: totals.credited.input,
        credited_download_octets: totals.credited.output,
        unobserved_upper_octets: seen.observation.upper_octets,
        observed_percent: observed_percent(&seen.observation),
        as_of: seen.as_of.map(Into::into),
    }
}

pub(super) fn scope(scope: &Scope) -> String {
    match scope {
        Scope::All => "all".to_owned(),
        Scope::Group(name) => format!("group:{name}"),
        Scope::Router(name) => format!("router:{name}"),
    }
}
