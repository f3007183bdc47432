//! What was done at routers with a hotspot while the house was tried, and how those routers, the books and the journal are to be
//! from then on.

use std::collections::{BTreeMap, BTreeSet};

use tokio::runtime::Runtime;

use super::fleet::Fleet;
use super::town::{self, At, GUEST};
use crate::hand::Row;

/// A voucher, and the device of whoever has it.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    pub(super) code: String,
    pub(super) at: At,
}

impl Ticket {
    /// Another device at the same router.
    pub(super) fn beside(&self) -> At {
        At::the(&self.at.router, self.at.device + 1)
    }
}

/// See the module.
#[derive(Default)]
pub(super) struct Promised {
    /// How each of them stood before.
    before: BTreeMap<String, Vec<(&'static str, Row)>>,
    touched: BTreeSet<String>,
    /// Who is in, by which voucher.
    inside: BTreeMap<At, String>,
    /// How each voucher stands, by its code.
    states: BTreeMap<String, &'static str>,
    /// How often what was done to whom.
    acts: BTreeMap<(String, String), i64>,
    /// All that a router was told by the last act there.
    sent: BTreeMap<String, Vec<String>>,
}

impl Promised {
    /// Nothing was done yet.
    pub(super) fn nothing(runtime: &Runtime, fleet: &Fleet) -> Promised {
        let mut promised = Promised::default();
        for name in fleet.addresses().map(|(name, _)| name).filter(|name| town::is_called(name)) {
            let rows = runtime.block_on(town::all_rows(fleet.router(&name)));
            assert_eq!(rows.iter().filter(|(_, row)| town::is_ours(row)).count(), 0);
            promised.before.insert(name, rows);
        }
        promised
    }

    /// Something is done on that router.
    pub(super) fn touches(&mut self, router: &str) {
        self.touched.insert(router.to_owned());
    }

    pub(super) fn is_touched(&self, router: &str) -> bool {
        self.touched.contains(router)
    }

    /// All on which something was done.
    pub(super) fn touched(&self) -> impl Iterator<Item = &str> {
        self.touched.iter().map(String::as_str)
    }

    /// It is in from now on.
    pub(super) fn is_in(&mut self, ticket: &Ticket) {
        self.inside.insert(ticket.at.clone(), ticket.code.clone());
        self.stands(ticket, "running");
    }

    /// It is not any more.
    pub(super) fn is_off(&mut self, ticket: &Ticket, state: &'static str) {
        self.inside.remove(&ticket.at);
        self.stands(ticket, state);
    }

    /// That is how it stands.
    pub(super) fn stands(&mut self, ticket: &Ticket, state: &'static str) {
        self.states.insert(ticket.code.clone(), state);
    }

    /// All that was done, once more.
    pub(super) fn acts(&mut self, actions: &[&str], subject: &str) {
        for action in actions {
            *self.acts.entry(((*action).to_owned(), subject.to_owned())).or_default() += 1;
        }
    }

    /// The router was told all that there was to say.
    pub(super) fn is_told(&mut self, fleet: &Fleet, router: &str) {
        self.sent.insert(router.to_owned(), sent(fleet, router));
    }

    /// No router was told anything that nobody wanted of it.
    pub(super) fn nothing_else_was_sent(&self, fleet: &Fleet) {
        for (router, by_then) in &self.sent {
            assert_eq!(&sent(fleet, router), by_then, "{router}");
        }
    }

    /// Each of them shows what is to be there, and what it showed before.
    pub(super) fn is_so_on_routers(&self, runtime: &Runtime, fleet: &Fleet) {
        self.before.keys().for_each(|router| self.is_so_on(runtime, fleet, router));
    }

    /// The same of one of them.
    pub(super) fn is_so_on(&self, runtime: &Runtime, fleet: &Fleet, router: &str) {
        let sim = fleet.router(router);
        let (ours, foreign): (Vec<_>, Vec<_>) =
            runtime.block_on(town::all_rows(sim)).into_iter().partition(|(_, row)| town::is_ours(row));
        assert_eq!(foreign, self.before[router], "{router}: what its admin set");
        let inside = self.inside.iter().filter(|(at, _)| at.router == router);
        let mut wanted: Vec<(&str, [String; 3])> =
            inside.clone().flat_map(|(at, code)| [user_row(at, code), queue_row(at)]).collect();
        let mut shown: Vec<(&str, [String; 3])> =
            ours.iter().filter(|(menu, _)| !menu.ends_with("profile")).map(essence).collect();
        wanted.sort();
        shown.sort();
        assert_eq!(shown, wanted, "{router}: what is ours");
        let mut who = runtime.block_on(town::who_is_in(sim));
        who.retain(|(login, _)| login != GUEST);
        let mut wanted: Vec<_> = inside.map(|(at, code)| (code.clone(), at.mac())).collect();
        wanted.sort();
        assert_eq!(who, wanted, "{router}: who is in");
    }

    /// No voucher is half: they and their devices stand as is said here, and nobody is kept out.
    pub(super) fn is_so_in_the_books(&self, url: &str) {
        let sql =
            "SELECT code, name, mac, voucher_device.state, leaving_at IS NULL FROM tikmeter.voucher_device
                   JOIN tikmeter.voucher ON voucher.id = voucher_id JOIN tikmeter.nas ON nas.id = nas_id
                   WHERE voucher_device.state < 2 ORDER BY name, mac";
        let live: Vec<(String, String, String, i64, bool)> =
            crate::postgres_server::ask(url, move |client| {
                let rows = client.query(sql, &[]).unwrap();
                rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4))).collect()
            });
        let in_it = |(at, code): (&At, &String)| (code.clone(), at.router.clone(), at.mac(), 1, true);
        assert_eq!(live, self.inside.iter().map(in_it).collect::<Vec<_>>());
        let holds = crate::postgres_server::ask(url, |client| {
            client.query("SELECT 1 FROM tikmeter.hold", &[]).unwrap().len()
        });
        assert_eq!(holds, 0);
    }

    /// How each voucher stands, as whoever asks is told.
    pub(super) fn states(&self) -> &BTreeMap<String, &'static str> {
        &self.states
    }

    /// The journal tells each act, and no other. How many passes of the keepers it took hangs on when the house was tried.
    pub(super) fn is_so_in_the_journal(&self, url: &str) {
        let sql = "SELECT action, subject, count(*) FROM tikmeter.audit
                   WHERE action ~ '^(voucher|hold)[.]' AND action NOT IN ('voucher.make', 'voucher.pass') GROUP BY 1, 2";
        let told: BTreeMap<(String, String), i64> = crate::postgres_server::ask(url, move |client| {
            let rows = client.query(sql, &[]).unwrap();
            rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect()
        });
        assert_eq!(told, self.acts);
    }
}

/// What a router was told, but for how long its users may be in: on a slow machine that is set right when it is known when they were
/// let in.
fn sent(fleet: &Fleet, router: &str) -> Vec<String> {
    let mut sent = fleet.router(router).changes();
    sent.retain(|sent| !sent.starts_with("/ip/hotspot/user/set"));
    sent
}

/// What matters of a row of ours.
fn essence<'m>((menu, row): &(&'m str, Row)) -> (&'m str, [String; 3]) {
    let says = |name: &str| row.get(name).cloned().unwrap_or_default();
    let fields = match *menu {
        "/queue/simple" => ["name", "target", "max-limit"],
        _ => ["name", "mac-address", "profile"],
    };
    (menu, fields.map(says))
}

fn user_row(at: &At, code: &str) -> (&'static str, [String; 3]) {
    ("/ip/hotspot/user", [code.to_owned(), at.mac(), "tikmeter-voucher".to_owned()])
}

fn queue_row(at: &At) -> (&'static str, [String; 3]) {
    let [a, b, c, d] = at.address();
    let target = format!("{a}.{b}.{c}.{d}/32");
    ("/queue/simple", [format!("pisonet-{}", at.mac()), target, "1000000/2000000".to_owned()])
}
