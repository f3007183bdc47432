//! Finding subscribers, who is online and vouchers by what people type.

use accounting::Octets;
use accounting::changes::{SessionEnded, SessionRecord, SessionState};
use accounting::login::{LoginKind, LoginName};
use accounting::snapshot::Service;
use accounting::time::Micros;
use store::{
    NasId, NewAudit, NewSubscriber, OnlineOrder, OnlineSearch, Scope, SearchWords, SessionPhase,
    SessionQuery, Store, SubscriberOrder, SubscriberSearch, SubscriberStatus, VoucherQuery,
};

use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, quiet, resolve, router, session, shared, subscriber, times};
use crate::vouchers::{at, claim, issue, let_in, mac, make};

fn words(text: &str) -> SearchWords {
    SearchWords { words: text.split_whitespace().map(str::to_owned).collect(), without_codes: false }
}

fn of_words(text: &str) -> SubscriberSearch {
    SubscriberSearch {
        words: words(text),
        limit: 100,
        reach: store::Reach::Everywhere,
        ..SubscriberSearch::default()
    }
}

async fn usernames(store: &dyn Store, search: SubscriberSearch) -> Vec<String> {
    let found = store.search_subscribers(search).await.unwrap();
    found.into_iter().map(|one| one.username).collect()
}

/// All of a search, two at a time.
async fn walked(store: &dyn Store, order: SubscriberOrder) -> Vec<String> {
    let mut all = Vec::new();
    let mut search =
        SubscriberSearch { order, limit: 2, reach: store::Reach::Everywhere, ..SubscriberSearch::default() };
    loop {
        let page = store.search_subscribers(search.clone()).await.unwrap();
        let Some(last) = page.last() else { return all };
        search.after = Some(last.id);
        all.extend(page.into_iter().map(|one| one.username));
    }
}

/// cid, ana, bob and Dan, added in this order.
async fn four_people(store: &dyn Store) {
    let expiry = |micros| Some(Micros(BEGIN.0 + micros));
    for (no, (username, name, login, status, expiry_at)) in [
        ("cid", Some("Cid 50% off"), &b"cid"[..], SubscriberStatus::Active, expiry(7)),
        ("ana", Some("Ana Maria"), b"line_7", SubscriberStatus::Suspended, None),
        ("bob", None, b"B\xffx", SubscriberStatus::Active, expiry(3)),
        ("Dan", Some("Dan"), b"caf\xc3\xa9\\9", SubscriberStatus::Active, None),
    ]
    .into_iter()
    .enumerate()
    {
        let new = subscriber(username, Scope::All);
        let name = name.map(str::to_owned);
        let new = NewSubscriber { name, login: login.to_vec(), status, expiry_at, ..new };
        let later = i64::try_from(no).unwrap();
        let at = NewAudit { at: Micros(BEGIN.0 + later), ..act("subscriber.add") };
        store.insert_subscriber(new, at).await.unwrap();
    }
}

fn online(text: &str, order: OnlineOrder) -> OnlineSearch {
    OnlineSearch {
        words: words(text),
        router: None,
        service: None,
        phase: SessionPhase::Open,
        order,
        descending: false,
        after: None,
        reach: store::Reach::Everywhere,
        limit: 100,
    }
}

async fn numbers(store: &dyn Store, search: OnlineSearch) -> Vec<u64> {
    store.search_online(search).await.unwrap().iter().map(|session| session.no).collect()
}

/// On the tower: 1 of ana, 2 of a login that is no text, 3 of ana that is missing and 4 that ended; on the hill 5 of `HOTCODE`.
async fn five_sessions(store: &dyn Store) -> [NasId; 2] {
    let mut routers = Vec::new();
    for name in ["tower", "hill"] {
        routers.push(store.insert_nas(router(name), act("router.add")).await.unwrap());
    }
    let (tower, hill) = (routers[0], routers[1]);
    let (_, ana) = resolve(store, tower, b"Ana").await;
    let (version, odd) = resolve(store, tower, b"x\xff_%").await;
    let record = |no, login, caller: &[u8], address: &[u8], began: i64| SessionRecord {
        calling_station_id: Box::from(caller),
        framed_address: Box::from(address),
        started_at: Micros(BEGIN.0 + began),
        ..session(no, login)
    };
    let mut changes = quiet(1, 0);
    changes.new_sessions = vec![
        record(1, ana.id, b"AA:BB:CC:00:00:01", b"10.0.0.9", 30),
        record(2, odd.id, b"AA:BB:CC:00:00:02", b"10.0.0.7", 10),
        record(3, ana.id, b"AA:BB:CC:00:00:03", b"10.0.0.8", 20),
        record(4, ana.id, b"AA:BB:CC:00:00:04", b"10.0.0.6", 0),
    ];
    changes.session_octets = vec![(1, Octets::new(5, 500)), (2, Octets::new(7, 100))];
    store.commit(tower, 1, version, shared(changes)).await.unwrap();
    let mut changes = quiet(2, 10);
    let ended = SessionEnded { last_seen_at: times(4).at, terminate_cause: None };
    changes.session_states = vec![(3, SessionState::Missing), (4, SessionState::Ended(ended))];
    store.commit(tower, 1, version, shared(changes)).await.unwrap();
    let (version, code) = resolve(store, hill, b"HOTCODE").await;
    let mut changes = quiet(1, 20);
    let of_hotspot = record(5, code.id, b"DD:BB:CC:00:00:05", b"10.0.0.5", 5);
    changes.new_sessions = vec![SessionRecord { service: Service::Hotspot, ..of_hotspot }];
    changes.session_octets = vec![(5, Octets::new(6, 300))];
    store.commit(hill, 1, version, shared(changes)).await.unwrap();
    [tower, hill]
}

on_every_store! {
    async fn subscribers_are_found_by_all_words_in_whatever_is_theirs(store) {
        four_people(&*store).await;
        for (text, found) in [
            ("", &["Dan", "ana", "bob", "cid"][..]),
            ("aNA", &["ana"]),
            ("maria an", &["ana"]),
            ("maria bob", &[]),
            ("line_", &["ana"]),
            ("line%", &[]),
            ("50%", &["cid"]),
            ("_", &["ana"]),
            ("!", &[]),
            ("caf\u{e9}", &["Dan"]),
            ("\\9", &["Dan"]),
            ("d a n x", &[]),
        ] {
            assert_eq!(usernames(&*store, of_words(text)).await, found, "{text}");
        }
        let status = Some(SubscriberStatus::Active);
        assert_eq!(usernames(&*store, SubscriberSearch { status, ..of_words("a") }).await, ["Dan"]);
    }

    async fn each_order_of_subscribers_has_pages_that_join(store) {
        four_people(&*store).await;
        assert_eq!(walked(&*store, SubscriberOrder::Username).await, ["Dan", "ana", "bob", "cid"]);
        assert_eq!(walked(&*store, SubscriberOrder::Newest).await, ["Dan", "bob", "ana", "cid"]);
        let by_expiry = walked(&*store, SubscriberOrder::Expiry).await;
        assert_eq!(by_expiry[..2], ["bob", "cid"]);
        assert_eq!(by_expiry.len(), 4, "who has no end comes last: {by_expiry:?}");
        let nobody = SubscriberSearch { after: Some(uuid::Uuid::new_v4()), ..of_words("") };
        assert_eq!(usernames(&*store, nobody).await, [""; 0]);
    }

    async fn who_is_online_is_found_by_what_is_seen_of_them(store) {
        let [tower, _] = five_sessions(&*store).await;
        store.insert_subscriber(subscriber("Ana", Scope::All), act("subscriber.add")).await.unwrap();
        let by = |text: &str| online(text, OnlineOrder::Started);
        for (text, found) in [
            ("", &[5, 2, 1][..]),
            ("ana", &[1]),
            ("hotcode hill", &[5]),
            ("hotcode tower", &[]),
            ("0.7", &[2]),
            ("aa:bb", &[2, 1]),
            ("_", &[2]),
            ("\u{ff}", &[]),
            ("aa bb cc 00", &[2, 1]),
        ] {
            assert_eq!(numbers(&*store, by(text)).await, found, "{text}");
        }
        let missing = OnlineSearch { phase: SessionPhase::Missing, ..by("ana") };
        assert_eq!(numbers(&*store, missing).await, [3]);
        let hotspot = OnlineSearch { service: Some("hotspot".to_owned()), ..by("") };
        assert_eq!(numbers(&*store, hotspot).await, [5]);
        let on_hill = OnlineSearch { router: Some("hill".to_owned()), ..by("") };
        assert_eq!(numbers(&*store, on_hill).await, [5]);
        store.remove_nas(tower, act("router.remove")).await.unwrap();
        assert_eq!(numbers(&*store, by("")).await, [5]);
    }

    async fn each_order_of_those_online_goes_both_ways_and_has_pages_that_join(store) {
        five_sessions(&*store).await;
        for (order, upward) in [
            (OnlineOrder::Username, [1, 5, 2]),
            (OnlineOrder::Address, [5, 2, 1]),
            (OnlineOrder::Caller, [1, 2, 5]),
            (OnlineOrder::Started, [5, 2, 1]),
            (OnlineOrder::Download, [2, 5, 1]),
            (OnlineOrder::Upload, [1, 5, 2]),
            (OnlineOrder::Router, [5, 1, 2]),
        ] {
            for descending in [false, true] {
                let mut search = OnlineSearch { descending, limit: 1, ..online("", order) };
                let mut walked = Vec::new();
                while let Some(last) = store.search_online(search.clone()).await.unwrap().pop() {
                    walked.push(last.no);
                    search.after = Some((last.nas, last.no));
                }
                let mut expected = upward.to_vec();
                if descending {
                    expected.reverse();
                }
                assert_eq!(walked, expected, "{order:?} {descending}");
            }
        }
    }

    async fn nobody_is_found_by_a_code_who_may_not_read_codes(store) {
        five_sessions(&*store).await;
        make(&*store, issue(1), &["HOTCODE"]).await;
        let coded = NewSubscriber { login: b"hotcode".to_vec(), ..subscriber("guest", Scope::All) };
        store.insert_subscriber(coded, act("subscriber.add")).await.unwrap();
        for (without_codes, found) in [(false, 1), (true, 0)] {
            let typed = SearchWords { without_codes, ..words("hotc") };
            let sessions = OnlineSearch { words: typed.clone(), ..online("", OnlineOrder::Started) };
            assert_eq!(numbers(&*store, sessions).await.len(), found);
            let people = SubscriberSearch { words: typed, ..of_words("") };
            assert_eq!(usernames(&*store, people).await.len(), found);
            // By all else they are found.
            let typed = SearchWords { without_codes, ..words("dd:bb") };
            let sessions = OnlineSearch { words: typed, ..online("", OnlineOrder::Started) };
            assert_eq!(numbers(&*store, sessions).await, [5]);
        }
    }

    async fn a_subscribers_sessions_are_those_of_the_time_in_which_the_login_was_theirs(store) {
        let later = |seconds| NewAudit { at: times(seconds).at, ..act("subscriber.add") };
        let ana = NewSubscriber { login: b"Ana".to_vec(), ..subscriber("ana", Scope::All) };
        let id = ana.id;
        store.insert_subscriber(ana, later(0)).await.unwrap();
        five_sessions(&*store).await;
        let listed = async |subscriber| {
            let query = SessionQuery { subscriber, limit: 100, reach: store::Reach::Everywhere, ..SessionQuery::default() };
            let found = store.list_sessions(query).await.unwrap();
            let mut numbers: Vec<u64> = found.iter().map(|one| one.no).collect();
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(listed(Some(id)).await, [1, 3, 4]);
        let login = LoginName::new(LoginKind::Ppp, &b"Ana"[..]);
        store.unbind_login(id, login, Scope::All, later(9)).await.unwrap();
        assert_eq!(listed(Some(id)).await, [1, 3, 4], "they were theirs then");
        let bob = NewSubscriber { login: b"Ana".to_vec(), ..subscriber("bob", Scope::All) };
        let bob_id = bob.id;
        store.insert_subscriber(bob, later(90)).await.unwrap();
        assert_eq!(listed(Some(bob_id)).await, [1], "the others were over before");
    }

    async fn vouchers_are_found_by_a_device_that_ever_had_them(store) {
        let [tower, _] = five_sessions(&*store).await;
        let first = make(&*store, issue(2), &["A1", "A2"]).await;
        make(&*store, issue(1), &["B1"]).await;
        let_in(&*store, claim("A1", tower, 1, 5)).await;
        let left = let_in(&*store, claim("B1", tower, 2, 5)).await.device;
        store.put_out_voucher_device(left.id, act("voucher.leave")).await.unwrap();
        let_in(&*store, claim("A2", tower, 2, 6)).await;
        let of = |no| VoucherQuery { mac: Some(mac(no)), limit: 9, whose: store::WhoseVouchers::all(), ..VoucherQuery::default() };
        let codes = async |query| {
            let found = store.list_vouchers(query, at(7)).await.unwrap();
            found.into_iter().map(|one| one.voucher.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(of(1)).await, ["A1"]);
        assert_eq!(codes(of(2)).await, ["B1", "A2"]);
        assert_eq!(codes(VoucherQuery { batch: Some(first.id), ..of(2) }).await, ["A2"]);
        assert_eq!(codes(of(3)).await, [""; 0]);
    }
}
