//! What a row comes to, given what is stored: a new subscriber, a change, nothing, or a fault.

use std::collections::{HashMap, HashSet};

use accounting::login::{LoginKind, LoginName};
use accounting::time::Micros;
use jiff::tz::TimeZone;
use store::{LoginOwner, NewSubscriber, Renews, Scope, Subscriber, SubscriberChange, SubscriberStatus};
use uuid::Uuid;

use super::columns::Column;
use super::faults::Faults;
use super::row::Row;
use crate::checks::check_name;
use crate::error::OperationError;
use crate::expiry::Expiry;
use crate::names::name_to_text;
use crate::services::{USUAL_SERVICE, login_kind};
use crate::static_ip::{WrongLogin, unnamed_counter, wrong_login};
use crate::steps::zone;

/// What a row comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// To be added.
    New(Box<NewSubscriber>),
    /// To be changed.
    Changed(Uuid, Box<SubscriberChange>),
    /// Stored as the row has it.
    Same,
}

/// What is stored about the rows being judged.
#[derive(Debug)]
pub(super) struct Known {
    by_key: HashMap<String, Subscriber>,
    plans: HashSet<String>,
    zones: Zones,
}

/// The zones of those who have none of their own.
#[derive(Debug)]
pub(super) struct Zones {
    /// Of routers that have one, by name.
    pub(super) of_routers: HashMap<String, String>,
    /// The installation's.
    pub(super) installation: TimeZone,
}

/// A cell that is wrong.
struct Wrong(Column, String);

impl Known {
    /// Knows the names of the plans and the zones, and no subscriber yet.
    pub(super) fn new(plans: HashSet<String>, zones: Zones) -> Self {
        Known { by_key: HashMap::new(), plans, zones }
    }

    /// Forgets the subscribers of before and knows these.
    pub(super) fn set(&mut self, subscribers: Vec<Subscriber>) {
        self.by_key.clear();
        for one in subscribers {
            self.by_key.insert(one.id.to_string(), one.clone());
            self.by_key.insert(one.username.clone(), one);
        }
    }

    /// The subscriber that a row is about.
    pub(super) fn of(&self, row: &Row) -> Option<&Subscriber> {
        self.by_key.get(&row.username).filter(|stored| stored.username == row.username)
    }

    /// Judges a row that is about nobody stored; `owner` is who has its login.
    pub(super) fn judge_new(&self, row: Row, owner: &LoginOwner, faults: &mut Faults) -> Option<Verdict> {
        let mut wrong = self.wrong_in_new(&row, owner);
        wrong.append(&mut self.wrong_values(&row));
        let expiry_at = unless_wrong(row.row, self.expiry_at(&row, None), wrong, faults)?;
        Some(Verdict::New(Box::new(new(row, expiry_at.flatten()))))
    }

    fn wrong_in_new(&self, row: &Row, owner: &LoginOwner) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        if let Err(error) = check_name("username", &row.username) {
            wrong.push(Wrong(Column::Username, bare(&error)));
        }
        if self.by_key.contains_key(&row.username) {
            wrong.push(Wrong(Column::Username, "this username is the id of another subscriber".to_owned()));
        }
        if let Some(other) = row.id.and_then(|id| self.by_key.get(&id.to_string())) {
            let said = format!("this is the id of {}, and an import renames nobody", other.username);
            wrong.push(Wrong(Column::Id, said));
        }
        let (login, scope) = row.login();
        wrong.extend(wrong_login(&login, &scope).map(|wrong| {
            let column = if wrong == WrongLogin::Scope { Column::Scope } else { Column::Login };
            Wrong(column, wrong.said().to_owned())
        }));
        wrong.extend(unnamed_counter(row.service.as_deref(), login.kind, &login.name).map(|wrong| {
            let ways = format!(
                "to count that, write static_ip in the column service and router:NAME in the column scope; if they really \
                 log in by this name, write {USUAL_SERVICE} in the column service"
            );
            Wrong(Column::Login, format!("{wrong}: {ways}"))
        }));
        match (owner, &row.scope) {
            (LoginOwner::Free, _) => {}
            (LoginOwner::Subscriber(owner), _) => {
                wrong.push(Wrong(Column::Login, format!("this login is the subscriber {owner}'s already")));
            }
            (LoginOwner::Renamed(owner), _) => {
                let said = format!(
                    "that counter is the subscriber {owner}'s already, who had it enrolled under another name"
                );
                wrong.push(Wrong(Column::Login, said));
            }
            (LoginOwner::NoPlace, scope) => {
                wrong.push(Wrong(Column::Scope, format!("there is no {}", scope_text(scope.as_ref()))));
            }
        }
        wrong
    }

    /// Judges a row about somebody stored.
    pub(super) fn judge_known(&self, row: Row, stored: &Subscriber, faults: &mut Faults) -> Option<Verdict> {
        let mut wrong = self.wrong_values(&row);
        if row.id.is_some_and(|id| id != stored.id) {
            wrong.push(Wrong(
                Column::Id,
                format!("{} has the id {}, and an import keeps ids", stored.username, stored.id),
            ));
        }
        wrong.extend(other_login(&row, stored));
        wrong.extend(other_kind(&row, stored));
        let expiry_at = unless_wrong(row.row, self.expiry_at(&row, Some(stored)), wrong, faults)?;
        let change = difference(row, expiry_at, stored);
        let nothing = SubscriberChange { renews: Renews::Never, ..SubscriberChange::default() };
        Some(if change == nothing { Verdict::Same } else { Verdict::Changed(stored.id, Box::new(change)) })
    }

    /// The expiry as an instant in the zone that the row gives or, without such a column, that is stored; else in that of
    /// its router, else in the installation's.
    fn expiry_at(&self, row: &Row, stored: Option<&Subscriber>) -> Result<Option<Option<Micros>>, Wrong> {
        let own = match (&row.zone, stored) {
            (Some(given), _) => given.as_deref(),
            (None, stored) => stored.and_then(|stored| stored.zone.as_deref()),
        };
        let of_router = || match (stored, &row.scope) {
            (Some(stored), _) => stored.router_zone.as_ref(),
            (None, Some(Scope::Router(router))) => self.zones.of_routers.get(router),
            (None, _) => None,
        };
        let named = own.or_else(|| of_router().map(String::as_str));
        let zone = named.map_or_else(|| Ok(self.zones.installation.clone()), zone);
        let zone = zone.map_err(|error| Wrong(Column::Zone, bare(&error)))?;
        let instant =
            |expiry: Expiry| expiry.instant(&zone).map_err(|error| Wrong(Column::ExpiryAt, bare(&error)));
        row.expiry.map(|expiry| expiry.map(instant).transpose()).transpose()
    }

    /// What of a row's own values may not be stored.
    fn wrong_values(&self, row: &Row) -> Vec<Wrong> {
        let name = row.name.as_ref().and_then(Option::as_deref);
        let wrong_name = name.and_then(|name| check_name(Column::Name.name(), name).err());
        let wrong_name = wrong_name.map(|error| Wrong(Column::Name, bare(&error)));
        let wrong_service = row.service.as_deref().and_then(|service| login_kind(service).err());
        let wrong_service = wrong_service.map(|error| Wrong(Column::Service, bare(&error)));
        let unknown = row.plan.iter().flatten().filter(|plan| !self.plans.contains(*plan));
        let no_plan = |plan: &String| {
            let said =
                format!("there is no plan \"{}\"; add it first: tikmeter plan add", plan.escape_debug());
            Wrong(Column::Plan, said)
        };
        wrong_service.into_iter().chain(wrong_name).chain(unknown.map(no_plan)).collect()
    }
}

/// The value, unless it or something else is wrong; what is wrong is told.
fn unless_wrong<T>(
    row: u64,
    value: Result<T, Wrong>,
    mut wrong: Vec<Wrong>,
    faults: &mut Faults,
) -> Option<T> {
    let value = value.map_err(|one| wrong.push(one)).ok();
    let value = value.filter(|_| wrong.is_empty());
    for Wrong(column, said) in wrong {
        faults.note(row, Some(column.name()), said);
    }
    value
}

/// The sentence without what is true of a whole import.
fn bare(error: &OperationError) -> String {
    error.to_string().trim_end_matches("; nothing was changed").to_owned()
}

/// A login binds from a date on; an import has none to say, so it binds none to somebody who has one.
fn other_login(row: &Row, stored: &Subscriber) -> Option<Wrong> {
    let said = |what: &str| {
        let logins: Vec<_> = stored
            .logins
            .iter()
            .map(|login| format!("{} ({})", name_to_text(&login.name), scope_text(Some(&login.scope))))
            .collect();
        format!("{} has {what} {}, and an import changes no login", stored.username, logins.join(" and "))
    };
    let of_name = |login: &&store::BoundLogin| row.login.as_ref().is_none_or(|name| login.name == *name);
    let of_scope = |login: &&store::BoundLogin| row.scope.as_ref().is_none_or(|scope| login.scope == *scope);
    if (row.login.is_none() && row.scope.is_none())
        || stored.logins.iter().filter(of_name).any(|login| of_scope(&login))
    {
        return None;
    }
    let named = stored.logins.iter().any(|login| of_name(&login));
    Some(Wrong(if named { Column::Scope } else { Column::Login }, said("the login")))
}

/// A login of another kind is another login.
fn other_kind(row: &Row, stored: &Subscriber) -> Option<Wrong> {
    let service = row.service.as_deref()?;
    let (now, then) = (login_kind(service).ok()?, login_kind(&stored.service).unwrap_or(LoginKind::Ppp));
    let said = || {
        format!(
            "{} uses {}; a {} login and a {} login are two, and an import changes no login",
            stored.username,
            stored.service,
            then.as_str(),
            now.as_str()
        )
    };
    (now != then).then(|| Wrong(Column::Service, said()))
}

fn scope_text(scope: Option<&Scope>) -> String {
    match scope {
        None | Some(Scope::All) => "all routers".to_owned(),
        Some(Scope::Router(name)) => format!("router \"{}\"", name.escape_debug()),
        Some(Scope::Group(name)) => format!("group \"{}\"", name.escape_debug()),
    }
}

fn new(row: Row, expiry_at: Option<Micros>) -> NewSubscriber {
    let (LoginName { kind, name }, scope) = row.login();
    NewSubscriber {
        id: row.id.unwrap_or_else(Uuid::new_v4),
        kind,
        login: name.into(),
        username: row.username,
        name: row.name.flatten(),
        service: row.service.unwrap_or_else(|| USUAL_SERVICE.to_owned()),
        plan: row.plan.flatten(),
        status: row.status.unwrap_or(SubscriberStatus::Active),
        expiry_at,
        zone: row.zone.flatten(),
        note: row.note.flatten(),
        scope,
    }
}

/// What of a row is not stored so.
fn difference(row: Row, expiry_at: Option<Option<Micros>>, stored: &Subscriber) -> SubscriberChange {
    SubscriberChange {
        name: other(row.name, &stored.name),
        service: row.service.filter(|service| *service != stored.service),
        status: row.status.filter(|status| *status != stored.status),
        plan: other(row.plan, &stored.plan),
        expiry_at: expiry_at.filter(|expiry| *expiry != stored.expiry_at),
        zone: other(row.zone, &stored.zone),
        note: other(row.note, &stored.note),
        renews: Renews::Never,
        ..SubscriberChange::default()
    }
}

/// An empty text is the same as none: a cell cannot tell them apart.
fn other(new: Option<Option<String>>, stored: &Option<String>) -> Option<Option<String>> {
    new.filter(|new| new.as_deref() != stored.as_deref().filter(|stored| !stored.is_empty()))
}
