//! Whoever is bound to groups of routers reaches those, and who was there.

use accounting::Octets;
use accounting::ledger::{LedgerEntry, Reason};
use store::{
    NasId, NewNas, NewToken, OperatorChange, Reach, Role, Scope, SessionQuery, Store, StoreError,
    UnknownLoginQuery, UsageQuery,
};

use crate::every_store::on_every_store;
use crate::operators::{operator, sign_in};
use crate::rounds::{act, entry, first, quiet, resolve, router, shared, subscriber, times};

/// A router of that group on which a login was counted that is called as it, and something of it held.
async fn counted(store: &dyn Store, name: &str, group: Option<&str>) -> NasId {
    let new = NewNas { group: group.map(str::to_owned), ..router(name) };
    let nas = store.insert_nas(new, act("router.add")).await.unwrap();
    let (version, login) = resolve(store, nas, name.as_bytes()).await;
    store.commit(nas, 1, version, shared(first(login.id, login.cycle, Octets::new(5, 5)))).await.unwrap();
    let mut changes = quiet(2, 10);
    let jump = entry(2, 1, login.id, Octets::new(9, 9), 10);
    changes.new_entries = vec![LedgerEntry { reason: Reason::Held, posted: false, ..jump }];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    nas
}

/// Routers in two groups and one in none.
pub(super) async fn country(store: &dyn Store) {
    for (name, group) in [("tower", Some("north")), ("hill", Some("south")), ("sea", None)] {
        counted(store, name, group).await;
    }
}

/// How far a token reaches that is bound to these groups.
pub(super) async fn reach(store: &dyn Store, groups: &[&str]) -> Reach {
    let mut sha256 = [0; 32];
    sha256.iter_mut().zip(groups.join(",").bytes()).for_each(|(into, byte)| *into = byte);
    let groups = groups.iter().map(|group| (*group).to_owned()).collect();
    let new = NewToken { name: "shop".to_owned(), sha256, role: Role::Operator, expires_at: None, groups };
    store.insert_token(new, act("token.create")).await.unwrap();
    store.token_by_hash(sha256).await.unwrap().unwrap().reach
}

fn utf8(name: &[u8]) -> String {
    String::from_utf8(name.to_vec()).unwrap()
}

/// What each list tells, within that reach: names of routers or logins.
async fn told(store: &dyn Store, reach: &Reach) -> Vec<(&'static str, Vec<String>)> {
    let reach = || reach.clone();
    let routers = store.list_nas_within(reach()).await.unwrap();
    let query = SessionQuery { limit: 9, reach: reach(), ..SessionQuery::default() };
    let sessions = store.list_sessions(query).await.unwrap();
    let query = UnknownLoginQuery { limit: 9, reach: reach(), ..UnknownLoginQuery::default() };
    let unknown = store.unknown_logins(query).await.unwrap();
    let query = UsageQuery {
        buckets: i64::MIN..i64::MAX,
        router: None,
        username: None,
        subscriber: None,
        reach: reach(),
    };
    let usage = store.usage(query.clone()).await.unwrap();
    let (mut series, mut after) = (Vec::new(), None);
    loop {
        let part = store.usage_by_bucket(query.clone(), after).await.unwrap();
        series.extend(part.rows);
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    let held = store.list_held_within(None, 9, reach()).await.unwrap();
    let callers = store.open_sessions_of_caller(b"AA:BB:CC:00:00:01".to_vec(), reach()).await.unwrap();
    let subscribers = store.list_subscribers_within(None, 9, reach()).await.unwrap();
    assert_eq!(store.count_subscribers_within(reach()).await.unwrap(), subscribers.len() as u64);
    let waiting: u64 = store.count_held_within(reach()).await.unwrap().into_values().sum();
    assert_eq!(waiting, held.len() as u64);
    let mut all = vec![
        ("routers", routers.into_iter().map(|one| one.config.name).collect::<Vec<_>>()),
        ("sessions", sessions.iter().map(|one| utf8(&one.username)).collect()),
        ("unknown", unknown.iter().map(|one| utf8(&one.name)).collect()),
        ("usage", usage.into_iter().map(|one| one.router).collect()),
        ("series", series.into_iter().map(|one| one.router).collect()),
        ("held", held.into_iter().map(|one| one.router).collect()),
        ("callers", callers.into_iter().map(|one| one.router).collect()),
        ("subscribers", subscribers.into_iter().map(|one| one.username).collect()),
    ];
    for (_, names) in &mut all {
        names.sort();
        names.dedup();
    }
    all
}

on_every_store! {
    async fn lists_tell_of_routers_that_are_reached_and_of_who_was_there(store) {
        country(&*store).await;
        for name in ["tower", "hill"] {
            let new = subscriber(name, Scope::Router(name.to_owned()));
            store.insert_subscriber(new, act("subscriber.add")).await.unwrap();
        }
        let away = subscriber("away", Scope::All);
        store.insert_subscriber(away, act("subscriber.add")).await.unwrap();
        let north = reach(&*store, &["north"]).await;
        for (list, names) in told(&*store, &north).await {
            let wanted: &[&str] = if list == "unknown" { &[] } else { &["tower"] };
            assert_eq!(names, wanted, "{list}");
        }
        let both = reach(&*store, &["north", "south"]).await;
        for (list, names) in told(&*store, &both).await {
            let wanted: &[&str] = if list == "unknown" { &[] } else { &["hill", "tower"] };
            assert_eq!(names, wanted, "{list}");
        }
        for (list, names) in told(&*store, &Reach::Everywhere).await {
            let wanted: &[&str] = match list {
                "unknown" => &["sea"],
                "subscribers" => &["away", "hill", "tower"],
                _ => &["hill", "sea", "tower"],
            };
            assert_eq!(names, wanted, "{list}");
        }
    }

    async fn a_subscriber_is_found_by_where_they_are_or_were(store) {
        country(&*store).await;
        let [north, south] = [reach(&*store, &["north"]).await, reach(&*store, &["south"]).await];
        let found = async |name: &str, reach: &Reach| store.find_subscriber_within(name, reach.clone()).await.unwrap();
        let of_group = subscriber("ida", Scope::Group("north".to_owned()));
        store.insert_subscriber(of_group, act("subscriber.add")).await.unwrap();
        assert!(found("ida", &north).await.is_some() && found("ida", &south).await.is_none());
        let hill = subscriber("hill", Scope::Router("hill".to_owned()));
        store.insert_subscriber(hill.clone(), act("subscriber.add")).await.unwrap();
        assert!(found("hill", &north).await.is_none());
        let there = found("hill", &south).await.unwrap();
        assert_eq!((there.logins.len(), there.sessions_open), (1, 1));
        // A second login of hers elsewhere makes her known there, with that alone.
        let kind = accounting::login::LoginKind::Ppp;
        let tower = accounting::login::LoginName::new(kind, b"tower".to_vec());
        let scope = Scope::Router("tower".to_owned());
        store.bind_login(hill.id, tower, scope, act("subscriber.bind")).await.unwrap();
        let there = found(&hill.id.to_string(), &north).await.unwrap();
        assert_eq!(there.logins.iter().map(|login| utf8(&login.name)).collect::<Vec<_>>(), ["tower"]);
        assert_eq!(found("hill", &Reach::Everywhere).await.unwrap().logins.len(), 2);
    }

    async fn a_held_line_is_found_on_a_router_that_is_reached_only(store) {
        country(&*store).await;
        let [north, south] = [reach(&*store, &["north"]).await, reach(&*store, &["south"]).await];
        let bucket = times(10).at.bucket();
        let find = async |router: &str, reach: &Reach| {
            store.find_held_within(router, bucket, 2, reach.clone()).await.unwrap().is_some()
        };
        assert!(find("tower", &north).await && !find("tower", &south).await && find("hill", &south).await);
    }

    async fn operators_are_bound_to_groups_that_are_there_and_admins_to_none(store) {
        country(&*store).await;
        store.insert_operator(operator("eva", Role::Admin), act("operator.add")).await.unwrap();
        store.insert_operator(operator("bob", Role::Cashier), act("operator.add")).await.unwrap();
        let now = async || store.operator_named("bob").await.unwrap().unwrap();
        let groups = |groups: &[&str]| OperatorChange {
            groups: Some(groups.iter().map(|group| (*group).to_owned()).collect()),
            ..OperatorChange::default()
        };
        let change = async |change| store.change_operator(now().await.id, change, act("operator.edit")).await;
        let before = now().await;
        assert!(before.reach.is_everything());
        store.sign_in(sign_in(before.clone(), 1), act("operator.sign_in")).await.unwrap().unwrap();
        assert_eq!(change(groups(&["south", "north"])).await.unwrap().reach.groups(), ["north", "south"]);
        assert_eq!(store.signed_in([1; 32]).await.unwrap(), None, "a browser with the wider reach");
        let late = store.sign_in(sign_in(before, 2), act("operator.sign_in")).await.unwrap();
        assert_eq!(late, None, "their password was looked at when they reached all");
        for wrong in [groups(&["north", "nowhere"]), OperatorChange { role: Some(Role::Admin), ..OperatorChange::default() }] {
            let refused = change(wrong).await;
            assert!(matches!(refused, Err(StoreError::Constraint(_))), "{refused:?}");
            assert_eq!(now().await.reach.groups(), ["north", "south"], "nothing was changed");
        }
        let listed = store.list_operators().await.unwrap();
        assert_eq!(listed.iter().map(|one| one.reach.groups().len()).collect::<Vec<_>>(), [2, 0]);
        let admin = OperatorChange { role: Some(Role::Admin), ..groups(&[]) };
        assert!(change(admin).await.unwrap().reach.is_everything());
        let bound = store::NewOperator { groups: vec!["north".to_owned()], ..operator("ida", Role::Admin) };
        let refused = store.insert_operator(bound.clone(), act("operator.add")).await;
        assert!(matches!(refused, Err(StoreError::Constraint(_))), "{refused:?}");
        let ida = store::NewOperator { role: Role::Viewer, ..bound };
        let ida = store.insert_operator(ida, act("operator.add")).await.unwrap();
        store.remove_operator(ida, act("operator.remove")).await.unwrap();
    }

    async fn tokens_are_bound_as_operators_are(store) {
        country(&*store).await;
        let north = reach(&*store, &["north"]).await;
        assert_eq!((north.groups(), north.has(Some("south"))), (&["north".to_owned()][..], false));
        let listed = store.list_tokens().await.unwrap();
        assert_eq!((&listed[0].token.groups, &listed[0].reach), (&vec!["north".to_owned()], &north));
        for (role, group) in [(Role::Admin, "north"), (Role::Viewer, "nowhere")] {
            let groups = vec![group.to_owned()];
            let new = NewToken { name: "x".to_owned(), sha256: [1; 32], role, expires_at: None, groups };
            let refused = store.insert_token(new, act("token.create")).await;
            assert!(matches!(refused, Err(StoreError::Constraint(_))), "{refused:?}");
        }
        assert_eq!(store.list_tokens().await.unwrap().len(), 1);
    }

    async fn a_language_is_kept_and_signs_nobody_out(store) {
        store.insert_operator(operator("bob", Role::Viewer), act("operator.add")).await.unwrap();
        let bob = store.operator_named("bob").await.unwrap().unwrap();
        assert_eq!(bob.language, None);
        store.sign_in(sign_in(bob.clone(), 1), act("operator.sign_in")).await.unwrap().unwrap();
        store.set_operator_language(bob.id, Some("id".to_owned())).await.unwrap();
        let found = store.signed_in([1; 32]).await.unwrap().unwrap();
        assert_eq!(found.operator.language.as_deref(), Some("id"));
        let gone = store.set_operator_language(bob.id + 900, None).await;
        assert!(matches!(gone, Err(StoreError::NotFound(_))), "{gone:?}");
    }
}
