//! What counts for somebody with a static address: the interface that faces them, or a queue their traffic passes, on one
//! router.

use accounting::login::{LoginKind, LoginName};
use accounting::standing::{counter_of_login, login_of_counter};
use accounting::table::Table;
use store::Scope;

use crate::devices::as_routers_name_it;
use crate::error::OperationError;
use crate::names::name_to_text;
use crate::operations::Operations;
use crate::router_commands::CounterLook;
use crate::services::{USUAL_SERVICE, login_kind};

/// The login of whoever has the interface or the queue of these names, raw bytes; `None` when neither is given.
///
/// # Errors
/// [`OperationError::Invalid`] when more than one of them and `login` is given, or one of them for another service: its name
/// would be taken for a login nobody ever has.
pub fn counted_by(
    service: Option<&str>,
    login: Option<Vec<u8>>,
    interface: Option<&[u8]>,
    queue: Option<&[u8]>,
) -> Result<Option<Vec<u8>>, OperationError> {
    let of = |table, name| login_of_counter(table, name).name.into_vec();
    if interface.or(queue).is_some() {
        check_counts(service.unwrap_or(USUAL_SERVICE))?;
    }
    match (login, interface, queue) {
        (login, None, None) => Ok(login),
        (None, Some(interface), None) => Ok(Some(of(Table::Facing, interface))),
        (None, None, Some(queue)) => Ok(Some(of(Table::Queue, queue))),
        _ => Err(OperationError::Invalid(
            "a subscriber is counted by one of login, interface and queue; nothing was changed, give one"
                .to_owned(),
        )),
    }
}

/// Refuses an interface or a queue for a service whose users log in: its name would be a login that nobody ever has.
fn check_counts(service: &str) -> Result<(), OperationError> {
    if login_kind(service)? == LoginKind::StaticIp {
        return Ok(());
    }
    Err(OperationError::Invalid(format!(
        "an interface or a queue counts for the service static_ip, and the service is {service}; nothing was changed, name the \
         service static_ip"
    )))
}

/// The kind of a login that somebody is to have, of the service named for it or else of `usual`: what they use otherwise.
///
/// # Errors
/// [`OperationError::Invalid`] for a service nobody knows; and for a login [`unnamed_counter`] speaks of.
pub(crate) fn kind_of_login(
    named: Option<&str>,
    usual: &str,
    login: &[u8],
) -> Result<LoginKind, OperationError> {
    let kind = login_kind(named.unwrap_or(usual))?;
    match unnamed_counter(named, kind, login) {
        None => Ok(kind),
        Some(wrong) => Err(OperationError::Invalid(format!(
            "{wrong}; nothing was changed. To count that, name the service static_ip and its router (--service static_ip \
             --router NAME); if they really log in by this name, name the service {usual} (--service {usual})"
        ))),
    }
}

/// What is wrong with a login that has the form of an interface or a queue and would be one of those that people log in by,
/// though nobody named a service for it: hardly anybody is called so. Whoever is has the service named.
pub(crate) fn unnamed_counter(named: Option<&str>, kind: LoginKind, login: &[u8]) -> Option<String> {
    let is_counter = counter_of_login(&LoginName::new(LoginKind::StaticIp, login)).is_some();
    (named.is_none() && kind != LoginKind::StaticIp && is_counter).then(|| {
        format!(
            "{} is how the service static_ip writes an interface or a queue, and no service is named for it",
            name_to_text(login)
        )
    })
}

/// What of a login cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrongLogin {
    /// Its name.
    Name,
    /// Where it is somebody's.
    Scope,
}

impl WrongLogin {
    /// What is wrong, in a sentence.
    pub(crate) fn said(self) -> &'static str {
        match self {
            WrongLogin::Name => {
                "a static address is counted by interface:NAME, which faces it, or queue:NAME, which it passes"
            }
            WrongLogin::Scope => "what counts for a static address is on one router: name it",
        }
    }
}

/// What is wrong with a login of that scope, if anything. Only those of static addresses are bound to a form.
pub(crate) fn wrong_login(login: &LoginName, scope: &Scope) -> Option<WrongLogin> {
    if login.kind != LoginKind::StaticIp {
        return None;
    }
    if counter_of_login(login).is_none() {
        return Some(WrongLogin::Name);
    }
    let on_one_router = matches!(scope, Scope::Router(_));
    (!on_one_router).then_some(WrongLogin::Scope)
}

/// The login as routers name it, if it can be somebody's there.
///
/// # Errors
/// [`OperationError::Invalid`] when it cannot.
pub(crate) fn checked_login(login: LoginName, scope: &Scope) -> Result<LoginName, OperationError> {
    let refuse = |said| OperationError::Invalid(format!("{said}; nothing was changed"));
    match wrong_login(&login, scope) {
        Some(wrong) => Err(refuse(wrong.said())),
        None => as_routers_name_it(login).map_err(refuse),
    }
}

impl Operations {
    /// Refuses an interface or a queue that its router says cannot count for one subscriber alone. A router that cannot be
    /// asked refuses nothing: counting starts when it shows the counter.
    pub(crate) async fn check_counter(&self, login: &LoginName, scope: &Scope) -> Result<(), OperationError> {
        let (Some((table, name)), Scope::Router(router)) = (counter_of_login(login), scope) else {
            return Ok(());
        };
        let nas = self.named_nas(router).await?;
        let looks = self.commands.look_at_counters(nas, vec![(table, name.to_vec())]).await;
        let look = looks.ok().and_then(|looks| looks.into_iter().next()).unwrap_or(CounterLook::Fit);
        match wrong_counter(table, &look, |_, _| None) {
            None => Ok(()),
            Some(wrong) => Err(OperationError::Conflict(format!(
                "{} {wrong}; nothing was changed",
                counter_of_router(table, name, router)
            ))),
        }
    }
}

/// An interface or a queue, as sentences name it.
pub(crate) fn counter_of_router(table: Table, name: &[u8], router: &str) -> String {
    let what = if table == Table::Queue { "queue" } else { "interface" };
    format!("the {what} {} of the router {router}", name_to_text(name))
}

/// What keeps a counter from counting for one subscriber alone, if anything does. `row`: the row of a file that another
/// counter is in, when it is to count for somebody by that file.
pub(crate) fn wrong_counter(
    table: Table,
    look: &CounterLook,
    row: impl Fn(Table, &[u8]) -> Option<u64>,
) -> Option<String> {
    let whole = |said: &str| Some(said.to_owned());
    let shared = |how: &str, with: Table, name: &[u8], so: &str| {
        let whom = row(with, name).map_or_else(|| "a subscriber".to_owned(), |row| format!("row {row}"));
        Some(format!("{how} {}, which counts for {whom} already: {so}", name_to_text(name)))
    };
    match (look, table) {
        (CounterLook::Fit, _) => None,
        (CounterLook::NotThere, _) => whole("is not there: give its name as the router has it"),
        (CounterLook::OfSessions, Table::Queue) => whole(
            "is made by the router itself, and gone with its session: count the session's login instead",
        ),
        (CounterLook::OfSessions, _) => whole("is that of a PPP session: count the session's login instead"),
        (CounterLook::CarriesSessions, _) => whole(
            "carries PPP sessions, which are counted by their logins already: their octets would count twice",
        ),
        (CounterLook::WithinQueue(outer), _) => shared("is inside the queue", Table::Queue, outer, TWICE),
        (CounterLook::HoldsQueue(inner), _) => {
            shared("is the parent of the queue", Table::Queue, inner, TWICE)
        }
        (CounterLook::SharesTarget(other), _) => {
            shared("has addresses of the queue", Table::Queue, other, ORDER)
        }
        (CounterLook::OnInterface(facing), _) => {
            shared("is aimed at the interface", Table::Facing, facing, TWICE)
        }
        (CounterLook::PassesQueue(queue), _) => {
            shared("is the target of the queue", Table::Queue, queue, TWICE)
        }
    }
}

const TWICE: &str = "octets would count twice";
/// The first queue that matches takes the packet (routeros.md §2.9).
const ORDER: &str = "which of them counts an octet would depend on their order";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_counts() {
        let one = |login: Option<&str>, interface: Option<&str>, queue: Option<&str>| {
            let login = login.map(|login| login.as_bytes().to_vec());
            counted_by(Some("static_ip"), login, interface.map(str::as_bytes), queue.map(str::as_bytes))
        };
        assert_eq!(one(None, Some("vlan1"), None).unwrap(), Some(b"interface:vlan1".to_vec()));
        assert_eq!(one(None, None, Some("q 1")).unwrap(), Some(b"queue:q 1".to_vec()));
        assert_eq!(one(Some("ana"), None, None).unwrap(), Some(b"ana".to_vec()));
        assert!(one(None, Some("a"), Some("b")).is_err() && one(Some("a"), Some("b"), None).is_err());
    }

    #[test]
    fn an_interface_counts_for_no_other_service() {
        for service in [None, Some("pppoe"), Some("hotspot"), Some("nonsense")] {
            assert!(counted_by(service, None, Some(b"vlan1"), None).is_err(), "{service:?}");
            assert!(counted_by(service, None, None, Some(b"q")).is_err(), "{service:?}");
            assert_eq!(counted_by(service, Some(b"ana".to_vec()), None, None), Ok(Some(b"ana".to_vec())));
        }
    }

    #[test]
    fn a_login_like_a_counter_is_for_static_addresses_or_for_the_service_named() {
        let kind = |named, login: &str| kind_of_login(named, "pppoe", login.as_bytes());
        for counter in ["interface:vlan1", "queue:q 1"] {
            let told = kind(None, counter).unwrap_err().to_string();
            let ways = ["--service static_ip --router NAME", "name the service pppoe"];
            assert!(told.starts_with(counter) && ways.iter().all(|way| told.contains(way)), "{told}");
            assert_eq!(kind(Some("static_ip"), counter), Ok(LoginKind::StaticIp));
            assert_eq!(kind(Some("l2tp"), counter), Ok(LoginKind::Ppp), "whose name it really is");
            assert_eq!(kind(Some("hotspot"), counter), Ok(LoginKind::Hotspot));
            assert_eq!(kind_of_login(None, "static_ip", counter.as_bytes()), Ok(LoginKind::StaticIp));
            assert!(kind_of_login(None, "hotspot", counter.as_bytes()).is_err());
        }
        for login in ["interface", "interface:", "queue", "my queue:x", "Interface:x"] {
            assert_eq!(kind(None, login), Ok(LoginKind::Ppp), "{login}");
        }
    }

    #[test]
    fn a_static_address_needs_a_counter_and_a_router() {
        let login = |name: &str| LoginName::new(LoginKind::StaticIp, name.as_bytes());
        let router = Scope::Router("r".to_owned());
        assert!(checked_login(login("interface:vlan1"), &router).is_ok());
        for (name, scope) in [("vlan1", &router), ("interface:", &router), ("interface:vlan1", &Scope::All)] {
            assert!(checked_login(login(name), scope).is_err(), "{name}");
        }
        assert!(checked_login(LoginName::new(LoginKind::Ppp, &b"vlan1"[..]), &Scope::All).is_ok());
    }
}
