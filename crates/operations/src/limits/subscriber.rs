//! Whom a limit is for that is set for a subscriber by name.

use accounting::login::{LoginKind, LoginName};
use accounting::standing::counter_of_login;
use accounting::table::Table;
use store::{BoundLogin, LimitSubject, Nas, Scope, SessionRow, Subscriber};

use super::subject::{LimitWho, Meant, address, mac};
use crate::error::OperationError;
use crate::names::name_for_people;
use crate::operations::Operations;

impl Operations {
    /// All that somebody may be who is meant so, whether or not they are connected, as far as that can be told.
    pub(super) async fn may_be(&self, who: &LimitWho) -> Result<Vec<LimitSubject>, OperationError> {
        Ok(match who {
            LimitWho::Mac(text) => vec![LimitSubject::Device(mac(text)?)],
            LimitWho::Login(login) => vec![LimitSubject::Ppp(login.clone())],
            LimitWho::Address(prefix) => vec![LimitSubject::Address(address(prefix)?)],
            LimitWho::Subscriber(key) => {
                self.subscriber_of(key).await?.logins.into_iter().filter_map(subject).collect()
            }
        })
    }

    /// Open sessions of a subscriber, on that router or on any.
    pub(super) async fn open_of_subscriber(
        &self,
        nas: Option<&Nas>,
        key: &str,
    ) -> Result<Vec<SessionRow>, OperationError> {
        let subscriber = self.subscriber_of(key).await?;
        let mut open = Vec::new();
        for login in subscriber.logins.iter().filter(|login| login.kind != LoginKind::StaticIp) {
            let mut of_login = self.open_of(nas, &login.name).await?;
            // Another town may have another of this login.
            of_login.retain(|row| {
                row.service.kind() == login.kind && row.subscriber.as_ref() == Some(&subscriber.username)
            });
            open.extend(of_login);
        }
        Ok(open)
    }

    /// The interface that faces a subscriber who has nothing that connects; `None` for one who connects.
    pub(super) async fn faced(&self, nas: Option<&Nas>, key: &str) -> Result<Option<Meant>, OperationError> {
        let subscriber = self.subscriber_of(key).await?;
        let is_faced = |login: &BoundLogin| login.kind == LoginKind::StaticIp;
        if subscriber.logins.is_empty() || !subscriber.logins.iter().all(is_faced) {
            return Ok(None);
        }
        let is_here = |login: &BoundLogin| nas.is_none_or(|nas| is_on(login, &nas.config.name));
        let here: Vec<BoundLogin> = subscriber.logins.into_iter().filter(is_here).collect();
        let [one] = here.as_slice() else {
            return Err(OperationError::Conflict(which(&subscriber.username, &here)));
        };
        let Scope::Router(router) = &one.scope else { return Ok(None) };
        let nas = self.nas(router).await?;
        let subject =
            subject(one.clone()).ok_or_else(|| OperationError::Conflict(counted_by_queue(one, router)))?;
        if one.name.contains(&b',') {
            return Err(OperationError::Conflict(COMMA.to_owned()));
        }
        Ok(Some(Meant { nas, subject, session: None }))
    }

    async fn subscriber_of(&self, key: &str) -> Result<Subscriber, OperationError> {
        self.store.find_subscriber_within(key, self.reach.clone()).await?.ok_or_else(|| {
            OperationError::NotFound(format!(
                "there is no subscriber {}; nothing was changed. List them with: tikmeter subscriber list",
                key.escape_debug()
            ))
        })
    }
}

const COMMA: &str = "the interface that faces them has a comma in its name, which a queue's list of targets cannot hold; nothing was changed. \
    Rename it on the router: what is counted stays theirs";

/// Which device a login of the hotspot has is known from its sessions only.
fn subject(login: BoundLogin) -> Option<LimitSubject> {
    match login.kind {
        LoginKind::Ppp => Some(LimitSubject::Ppp(login.name)),
        LoginKind::Hotspot => None,
        LoginKind::StaticIp => match counter_of_login(&LoginName::new(LoginKind::StaticIp, &*login.name))? {
            (Table::Facing, name) => Some(LimitSubject::Interface(name.to_vec())),
            _ => None,
        },
    }
}

fn is_on(login: &BoundLogin, router: &str) -> bool {
    matches!(&login.scope, Scope::Router(name) if name == router)
}

fn which(username: &str, here: &[BoundLogin]) -> String {
    let all: Vec<String> = here
        .iter()
        .map(|login| match &login.scope {
            Scope::Router(router) => format!("{} on router {router}", name_for_people(&login.name)),
            Scope::All | Scope::Group(_) => name_for_people(&login.name),
        })
        .collect();
    match all.is_empty() {
        true => format!("nothing of {username} is on that router; nothing was changed"),
        false => format!(
            "nothing was changed: {username} has several, name the router, or the address with --address: {}",
            all.join("; ")
        ),
    }
}

/// Ours would stand behind the one that counts them, or they would not be counted (DESIGN rule 8).
fn counted_by_queue(login: &BoundLogin, router: &str) -> String {
    let queue = match counter_of_login(&LoginName::new(LoginKind::StaticIp, &*login.name)) {
        Some((_, queue)) => name_for_people(queue),
        None => name_for_people(&login.name),
    };
    format!(
        "they are counted by {} of router {router}, and a second queue would take what passes it; nothing was changed. Set the speed on \
         that queue itself, on the router: /queue simple set [find name=\"{queue}\"] max-limit=UPLOAD/DOWNLOAD",
        name_for_people(&login.name)
    )
}
