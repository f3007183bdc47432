//! Importing subscribers.

use accounting::login::LoginName;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::import_repository::{ImportRepository, LoginOwner, SubscriberImport};
use crate::renewal_repository::{Renews, SubscriberChange};
use crate::subscriber_repository::{Scope, Subscriber};

use super::connection::Connection;
use super::database::Database;
use super::subscriber_rows::{self, router_zone, subscribers_where};
use super::value::params;
use super::{audit, bindings, enrolment, login_binding, nas_rows, plan, renewal, rows, subscriber_insert};

const KNOWN: &str = subscribers_where!("username = ?1 OR subscriber.id = ?1");

#[async_trait]
impl<D: Database> ImportRepository for D {
    async fn subscribers_of(&self, keys: Vec<String>) -> Result<Vec<Subscriber>, StoreError> {
        self.read(move |connection| {
            let mut found = Vec::new();
            for key in keys {
                for mut one in rows::all(connection, KNOWN, params![key], subscriber_rows::subscriber)? {
                    one.logins = subscriber_rows::logins(connection, &one.id.to_string())?;
                    found.push(one);
                }
            }
            Ok(found)
        })
        .await
    }

    async fn login_owners(&self, logins: Vec<(LoginName, Scope)>) -> Result<Vec<LoginOwner>, StoreError> {
        self.read(move |connection| {
            logins.iter().map(|(name, scope)| owner(connection, name, scope)).collect()
        })
        .await
    }

    async fn import_subscribers(&self, import: SubscriberImport, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            for (router, act) in &import.routers {
                nas_rows::insert(connection, router, act.at)?;
                audit::append(connection, act)?;
            }
            for (new, act) in &import.plans {
                plan::insert(connection, new)?;
                audit::append(connection, act)?;
            }
            for new in &import.new {
                subscriber_insert::insert_one(connection, new, act.at)?;
            }
            for (id, change) in &import.changes {
                change_one(connection, *id, change, &act)?;
            }
            bindings::changed(connection)?;
            audit::append(connection, &act)
        })
        .await
    }
}

fn owner(connection: &Connection<'_>, login: &LoginName, scope: &Scope) -> Result<LoginOwner, StoreError> {
    let place = match login_binding::place(connection, scope) {
        Ok(place) => place,
        Err(StoreError::NoSuch(_)) => return Ok(LoginOwner::NoPlace),
        Err(error) => return Err(error),
    };
    let row = login_binding::find_login(connection, login.kind, &login.name, place)?;
    let owner = row.map(|row| login_binding::owner(connection, row)).transpose()?.flatten();
    if let Some(owner) = owner {
        return Ok(LoginOwner::Subscriber(owner));
    }
    let renamed = enrolment::other_owner(connection, login, place.1)?;
    Ok(renamed.map_or(LoginOwner::Free, LoginOwner::Renamed))
}

fn change_one(
    connection: &Connection<'_>,
    id: Uuid,
    change: &SubscriberChange,
    act: &NewAudit,
) -> Result<(), StoreError> {
    let change = SubscriberChange { renews: Renews::Never, ..change.clone() };
    renewal::apply(connection, &id.to_string(), &change, act)?;
    Ok(())
}
