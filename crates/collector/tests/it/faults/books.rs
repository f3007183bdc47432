//! What the store says against what the simulator knows.

use std::collections::BTreeMap;

use routeros_sim::server::SimRouter;
use routeros_sim::world::{LoginTruth, Mark, SessionKey, Truth, World};
use store::{
    EntryRow, LedgerRepository, LedgerSubject, NasOrigin, NasRepository, NewAudit, NewNas, SealedPassword,
    Sqlite, TlsMode, UsageQuery, UsageRepository, UsageRow, VerifyRepository,
};

/// Upload and download by login.
pub(super) type Totals = BTreeMap<Vec<u8>, (u64, u64)>;

/// Usage of one router's logins.
pub(super) async fn usage(sqlite: &Sqlite, router: Option<&str>) -> Vec<UsageRow> {
    let router = router.map(str::to_owned);
    let query = UsageQuery {
        buckets: 0..5_000_000,
        router,
        username: None,
        subscriber: None,
        reach: store::Reach::Everywhere,
    };
    sqlite.usage(query).await.unwrap()
}

/// Posted octets by login, without logins that have none.
pub(super) async fn totals(sqlite: &Sqlite, router: Option<&str>) -> Totals {
    let rows = usage(sqlite, router).await;
    let named = rows.into_iter().map(|row| {
        let login = row.username.expect("nothing is unattributed here");
        (login, (row.octets.input, row.octets.output))
    });
    named.filter(|(_, octets)| *octets != (0, 0)).collect()
}

/// What really passed, by login, without logins that passed nothing.
pub(super) fn truth(sim: &SimRouter) -> Totals {
    by_login(&sim.with_world(|world| world.truth()))
}

/// The same since a mark.
pub(super) fn truth_since(sim: &SimRouter, mark: &Mark) -> Totals {
    by_login(&sim.with_world(|world| world.truth_since(mark)))
}

fn by_login(truth: &Truth) -> Totals {
    let octets = |truth: LoginTruth| (truth.total().input, truth.total().output);
    let logins = truth.by_login().into_iter().map(|(login, truth)| (login, octets(truth)));
    logins.filter(|(_, octets)| *octets != (0, 0)).collect()
}

/// Every login's total is the truth to the octet, and every total is the sum of its entries.
pub(super) async fn assert_exact(sqlite: &Sqlite, truth: &Totals, router: Option<&str>) {
    let said = totals(sqlite, router).await;
    assert!(!truth.is_empty(), "a test without traffic proves nothing");
    for login in truth.keys().chain(said.keys()) {
        assert_eq!(said.get(login), truth.get(login), "{}", login.escape_ascii());
    }
    assert_sound(sqlite).await;
}

/// Every total is the sum of its entries.
pub(super) async fn assert_sound(sqlite: &Sqlite) {
    let report = sqlite.verify().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.mismatches);
}

/// The ledger of one login on the router called `r`.
pub(super) async fn ledger(sqlite: &Sqlite, login: &[u8]) -> Vec<EntryRow> {
    let subject = LedgerSubject::Login { router: "r".to_owned(), username: Some(login.to_vec()), kind: None };
    sqlite.entries(subject, None, 1_000).await.unwrap()
}

/// Enters a router that has no password yet.
pub(super) async fn enter(sqlite: &Sqlite, name: &str, link_speed_bps: Option<u64>) -> store::NasId {
    let nas = NewNas {
        uuid: uuid::Uuid::new_v4(),
        name: name.to_owned(),
        host: "127.0.0.1".to_owned(),
        port: 8728,
        tls: TlsMode::Off,
        fingerprint: None,
        username: "u".to_owned(),
        password: SealedPassword(Vec::new()),
        link_speed_bps,
        interval_ms: None,
        group: None,
        enabled: true,
        origin: NasOrigin::Api,
    };
    sqlite.insert_nas(nas, act("router.add")).await.unwrap()
}

/// An act for the journal.
pub(super) fn act(action: &str) -> NewAudit {
    NewAudit::by_system(accounting::time::Micros(1_760_000_000_000_000), action, "r")
}

/// Lets every session that is up transfer something, each another amount.
pub(super) fn surf(world: &mut World) {
    let live: Vec<SessionKey> = world.live_sessions().collect();
    for (number, key) in (1..).zip(live) {
        world.transfer(key, number * 1_001, number * 100_003);
    }
}
