//! Who is connected, for somebody who is about to end one session: `/ppp/active`, `/ip/hotspot/active`, and the cookies by which
//! the hotspot's devices come back (routeros.md §2.3, §2.8). An `.id` is another's after a reboot or a reconnect (§8, trap 9), so
//! rows are read with all that tells whose they are.

use std::time::Duration;

use accounting::login::LoginKind;
use routeros_proto::{Command, Reply, value};

use crate::routeros::resource::whole_seconds;

const COOKIES: &str = "/ip/hotspot/cookie";

/// The table of one kind of login.
#[derive(Clone, Copy, Debug)]
pub struct Menu {
    path: &'static str,
    login: &'static str,
    caller: &'static str,
    /// What only this table has.
    own: &'static str,
}

const PPP: Menu = Menu { path: "/ppp/active", login: "name", caller: "caller-id", own: "session-id" };
const HOTSPOT: Menu =
    Menu { path: "/ip/hotspot/active", login: "user", caller: "mac-address", own: "login-by" };

/// A session that the router shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Its `.id`, as printed; never empty (routeros.md §8, trap 21).
    pub id: Vec<u8>,
    /// MAC or address of the caller; empty when not given.
    pub caller: Vec<u8>,
    /// The address it was given; empty when not given.
    pub address: Vec<u8>,
    /// Whole seconds since it began.
    pub uptime_s: Option<u64>,
    /// The router's number for it; PPP only.
    pub session_id: Option<u64>,
    /// How a device logged in; hotspot only, else empty.
    pub login_by: Vec<u8>,
}

/// A cookie of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Its `.id`, as printed; never empty.
    pub id: Vec<u8>,
    /// The device it is of.
    pub mac: Vec<u8>,
}

/// Whether an age, whole seconds, is that of a session which was `before_s` old so long ago, and not nearer to that of one which
/// began since.
pub fn has_gone_on(before_s: u64, age_s: u64, since: Duration) -> bool {
    age_s.saturating_mul(2) >= before_s.saturating_add(2 * since.as_secs())
}

impl Menu {
    /// Where sessions of that kind are; `None` for what has none.
    pub fn of(kind: LoginKind) -> Option<Menu> {
        match kind {
            LoginKind::Ppp => Some(PPP),
            LoginKind::Hotspot => Some(HOTSPOT),
            LoginKind::StaticIp => None,
        }
    }

    /// Its path.
    pub fn path(self) -> &'static str {
        self.path
    }

    /// Whether its sessions have cookies.
    pub fn has_cookies(self) -> bool {
        self.path == HOTSPOT.path
    }

    /// Prints the sessions of a login.
    pub fn print(self, login: &[u8]) -> Command {
        let Menu { login: name, caller, own, .. } = self;
        Command::new(&format!("{}/print", self.path))
            .proplist(&[".id", name, caller, "address", "uptime", own])
            .query_any_of(name, &[login])
    }

    /// Reads one row; `None` for one of another login, or without an id.
    pub fn present(self, login: &[u8], row: &Reply<'_>) -> Option<Present> {
        let text = |name: &str| row.get(name.as_bytes()).unwrap_or_default().to_vec();
        (row.get(self.login.as_bytes()) == Some(login)).then_some(())?;
        Some(Present {
            id: id(row)?,
            caller: text(self.caller),
            address: text("address"),
            uptime_s: row.get(b"uptime").and_then(whole_seconds),
            session_id: row.get(b"session-id").and_then(value::session_id),
            login_by: text("login-by"),
        })
    }

    /// Removes a session.
    pub fn remove(self, session: &Present) -> Command {
        Command::new(&format!("{}/remove", self.path)).attr(".id", &session.id)
    }
}

/// Prints the cookies of a user.
pub fn print_cookies(user: &[u8]) -> Command {
    Command::new(&format!("{COOKIES}/print"))
        .proplist(&[".id", "user", "mac-address"])
        .query_any_of("user", &[user])
}

/// Reads one row; `None` for one of another user, or without an id.
pub fn cookie(user: &[u8], row: &Reply<'_>) -> Option<Cookie> {
    (row.get(b"user") == Some(user)).then_some(())?;
    Some(Cookie { id: id(row)?, mac: row.get(b"mac-address").unwrap_or_default().to_vec() })
}

/// Removes a cookie.
pub fn remove_cookie(cookie: &Cookie) -> Command {
    Command::new(&format!("{COOKIES}/remove")).attr(".id", &cookie.id)
}

/// Without it nothing could be removed but everything or nothing (routeros.md §8, trap 21).
fn id(row: &Reply<'_>) -> Option<Vec<u8>> {
    let id = row.get(b".id")?;
    value::item_id(id).map(|_| id.to_vec())
}
