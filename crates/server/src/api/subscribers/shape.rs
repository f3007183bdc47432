//! A subscriber towards clients.

use operations::{Rebound as Changed, SubscriberView, observed_percent};
use store::{CycleObservation, CycleTotals, Scope};

use super::adopt::adopted;
use crate::api::model::bound_login::BoundLogin;
use crate::api::model::name::Name;
use crate::api::model::subscriber::{Cycle, Rebound, Subscriber};

pub(super) fn subscriber(view: SubscriberView) -> Subscriber {
    let SubscriberView { subscriber: row, observation } = view;
    let logins: Vec<BoundLogin> = row.logins.into_iter().map(bound).collect();
    let first = logins.first();
    Subscriber {
        id: row.id,
        username: row.username,
        name: row.name,
        scope: first.map_or_else(|| "none".to_owned(), |login| login.scope.clone()),
        login: first.map(|login| login.login.clone()),
        logins,
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

fn bound(login: store::BoundLogin) -> BoundLogin {
    BoundLogin {
        login: Name(login.name.into()),
        kind: login.kind.into(),
        scope: scope(&login.scope),
        since: login.from.into(),
    }
}

pub(super) fn rebound(changed: Changed) -> Rebound {
    Rebound {
        unread_routers: changed.unread,
        adopted: changed.adopted.into_iter().map(adopted).collect(),
        subscriber: subscriber(changed.view),
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
