//! `/ip/hotspot/user` and its profiles as what lets devices of vouchers in: rows with all that tells whose they are and on which
//! terms, and the commands that make them so (routeros.md §2.8).

use operations::{MarkOn, Marks, Whose};
use routeros_proto::{Command, Reply, value};

/// The profile of our users. Profiles have no comment (routeros.md §2.8), so that its name is our mark.
pub const PROFILE: &str = "tikmeter-voucher";

const USERS: &str = "/ip/hotspot/user";
const PROFILES: &str = "/ip/hotspot/user/profile";
const ACTIVE: &str = "/ip/hotspot/active";
const COOKIES: &str = "/ip/hotspot/cookie";

const PROPLIST: [&str; 12] = [
    ".id",
    "name",
    "mac-address",
    "profile",
    "limit-uptime",
    "limit-bytes-total",
    "uptime",
    "bytes-in",
    "bytes-out",
    "dynamic",
    "disabled",
    "comment",
];

/// A user as the router shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HotspotUser {
    /// Its `.id`, as printed; never empty (routeros.md §8, trap 21).
    pub id: Vec<u8>,
    /// Raw.
    pub name: Vec<u8>,
    /// The only device that may be it, in capitals; empty when any may.
    pub mac: Vec<u8>,
    /// The name of its profile.
    pub profile: Vec<u8>,
    /// `limit-uptime` in microseconds; 0: none.
    pub limit_uptime_us: u64,
    /// `limit-bytes-total`; 0: none.
    pub limit_octets: u64,
    /// How long it was logged in since it was made or reset, microseconds; whether that counts a login that is up is not
    /// established (routeros.md U5).
    pub uptime_us: u64,
    /// What it moved since then, both ways together; the same is true of it.
    pub octets: u64,
    /// It is switched off.
    pub is_off: bool,
    /// By its mark. What is not ours is never changed (DESIGN 16).
    pub whose: Whose,
}

impl HotspotUser {
    /// Whether it may be changed here.
    pub fn is_ours(&self) -> bool {
        self.whose.is_ours()
    }
}

/// Our profile as the router shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserProfile {
    /// Its `.id`, as printed; never empty.
    pub id: Vec<u8>,
    /// It makes no queue, lets one device be a user, and gives devices a cookie to come back by.
    pub is_as_wanted: bool,
}

/// The terms of a user of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserTerms {
    /// `limit-uptime` in microseconds; 0: none.
    pub limit_uptime_us: u64,
    /// `limit-bytes-total`; 0: none.
    pub limit_octets: u64,
}

/// Prints all of ours.
pub fn print_ours(marks: &Marks) -> Command {
    print_all().query_any_of("comment", &[&*marks.comment(MarkOn::Voucher), MarkOn::Voucher.begin()])
}

/// Prints those of these names, whosever they are.
pub fn print_named(names: &[&[u8]]) -> Command {
    print_all().query_any_of("name", names)
}

/// Prints all, whosever they are.
pub fn print_all() -> Command {
    Command::new(&format!("{USERS}/print")).proplist(&PROPLIST)
}

/// Reads one row; `None` for one without an id or a name.
pub fn user(row: &Reply<'_>, marks: &Marks) -> Option<HotspotUser> {
    let text = |name: &[u8]| row.get(name).unwrap_or_default();
    let is = |name: &[u8]| row.get(name).and_then(value::boolean) == Some(true);
    let number = |name: &[u8]| value::unsigned(text(name)).unwrap_or(0);
    let time = |name: &[u8]| value::duration_micros(text(name)).unwrap_or(0);
    let mac = text(b"mac-address").to_ascii_uppercase();
    Some(HotspotUser {
        id: id(row)?,
        name: row.get(b"name")?.to_vec(),
        mac: if mac == b"00:00:00:00:00:00" { Vec::new() } else { mac },
        profile: text(b"profile").to_vec(),
        limit_uptime_us: time(b"limit-uptime"),
        limit_octets: number(b"limit-bytes-total"),
        uptime_us: time(b"uptime"),
        octets: number(b"bytes-in").saturating_add(number(b"bytes-out")),
        is_off: is(b"disabled"),
        whose: match is(b"dynamic") {
            true => Whose::Foreign,
            false => marks.whose(MarkOn::Voucher, text(b"comment")),
        },
    })
}

/// Prints our profile.
pub fn print_profile() -> Command {
    let proplist = [".id", "name", "rate-limit", "shared-users", "add-mac-cookie"];
    Command::new(&format!("{PROFILES}/print")).proplist(&proplist).query_any_of("name", &[PROFILE])
}

/// Reads our profile; `None` for another, or one without an id.
pub fn profile(row: &Reply<'_>) -> Option<UserProfile> {
    (row.get(b"name") == Some(PROFILE.as_bytes())).then_some(())?;
    let makes_queues = row.get(b"rate-limit").is_some_and(|rate| !rate.is_empty());
    let one = row.get(b"shared-users").and_then(value::unsigned) == Some(1);
    let cookies = row.get(b"add-mac-cookie").and_then(value::boolean) == Some(true);
    Some(UserProfile { id: id(row)?, is_as_wanted: !makes_queues && one && cookies })
}

/// Adds our profile: without a `rate-limit`, so that no queue of the router's stands before ours (routeros.md §2.9).
pub fn add_profile() -> Command {
    let add = Command::new(&format!("{PROFILES}/add")).attr("name", PROFILE);
    add.attr("shared-users", "1").attr("add-mac-cookie", "yes")
}

/// Makes the one of that id stand so.
pub fn set_profile(id: &[u8]) -> Command {
    let set = Command::new(&format!("{PROFILES}/set")).attr(".id", id);
    set.attr("rate-limit", "").attr("shared-users", "1").attr("add-mac-cookie", "yes")
}

/// Adds a user of ours.
pub fn add_user(name: &[u8], password: &str, mac: &[u8], terms: UserTerms, marks: &Marks) -> Command {
    let add = Command::new(&format!("{USERS}/add")).attr("name", name).attr("password", password);
    with_terms(add.attr("mac-address", mac).attr("profile", PROFILE), terms)
        .attr("comment", marks.comment(MarkOn::Voucher))
}

/// Makes the one of that id stand so.
pub fn set_user(id: &[u8], mac: &[u8], terms: UserTerms, marks: &Marks) -> Command {
    let set = Command::new(&format!("{USERS}/set")).attr(".id", id).attr("mac-address", mac);
    let set = with_terms(set.attr("profile", PROFILE), terms).attr("disabled", "no");
    set.attr("comment", marks.comment(MarkOn::Voucher))
}

/// Gives the one of that id another password.
pub fn set_password(id: &[u8], password: &str) -> Command {
    Command::new(&format!("{USERS}/set")).attr(".id", id).attr("password", password)
}

/// Removes the one of that id.
pub fn remove_user(id: &[u8]) -> Command {
    Command::new(&format!("{USERS}/remove")).attr(".id", id)
}

/// Logs a device in that is in sight of the hotspot.
pub fn log_in(name: &[u8], password: &str, mac: &[u8], address: &[u8]) -> Command {
    let login = Command::new(&format!("{ACTIVE}/login")).attr("user", name).attr("password", password);
    login.attr("mac-address", mac).attr("ip", address)
}

/// A login of the hotspot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserLogin {
    /// Its `.id`, as printed; never empty.
    pub id: Vec<u8>,
    /// Raw.
    pub user: Vec<u8>,
    /// In capitals.
    pub mac: Vec<u8>,
    /// Whole seconds since it began.
    pub uptime_s: u64,
    /// What it moved, both ways together.
    pub octets: u64,
}

/// Reads one row; `None` for one that lacks its id, user or age: it is unknown then.
pub fn login(row: &Reply<'_>) -> Option<UserLogin> {
    let number = |name: &[u8]| row.get(name).and_then(value::unsigned).unwrap_or(0);
    Some(UserLogin {
        id: id(row)?,
        user: row.get(b"user")?.to_vec(),
        mac: row.get(b"mac-address").unwrap_or_default().to_ascii_uppercase(),
        uptime_s: crate::routeros::resource::whole_seconds(row.get(b"uptime")?)?,
        octets: number(b"bytes-in").saturating_add(number(b"bytes-out")),
    })
}

/// A cookie by which a device comes back as a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCookie {
    /// Its `.id`, as printed; never empty.
    pub id: Vec<u8>,
    /// Raw.
    pub user: Vec<u8>,
    /// In capitals.
    pub mac: Vec<u8>,
}

/// Prints the cookies of these users, or of all.
pub fn print_cookies(users: Option<&[&[u8]]>) -> Command {
    let print = Command::new(&format!("{COOKIES}/print")).proplist(&[".id", "user", "mac-address"]);
    match users {
        Some(users) => print.query_any_of("user", users),
        None => print,
    }
}

/// Reads one row; `None` for one that lacks its id or user.
pub fn cookie(row: &Reply<'_>) -> Option<UserCookie> {
    let mac = row.get(b"mac-address").unwrap_or_default().to_ascii_uppercase();
    Some(UserCookie { id: id(row)?, user: row.get(b"user")?.to_vec(), mac })
}

/// Removes the cookie of that id.
pub fn remove_cookie(id: &[u8]) -> Command {
    Command::new(&format!("{COOKIES}/remove")).attr(".id", id)
}

/// Removes the login of that id.
pub fn remove_login(id: &[u8]) -> Command {
    Command::new(&format!("{ACTIVE}/remove")).attr(".id", id)
}

fn with_terms(command: Command, terms: UserTerms) -> Command {
    let uptime = value::write_duration_words(terms.limit_uptime_us);
    command.attr("limit-uptime", uptime).attr("limit-bytes-total", terms.limit_octets.to_string())
}

/// Without it nothing could be changed but everything or nothing (routeros.md §8, trap 21).
fn id(row: &Reply<'_>) -> Option<Vec<u8>> {
    let id = row.get(b".id")?;
    value::item_id(id).map(|_| id.to_vec())
}
