//! What whoever is bound to groups of routers reads of the journal, of commands, and of what happened.

use accounting::changes::{SessionEnded, SessionState};
use accounting::time::Micros;
use store::{
    AuditQuery, Hold, HoldSubject, LimitSubject, LimitUntil, NasId, NewAudit, NewCommand, RateLimit, Reach,
    Scope, Store, UnknownLoginQuery, WantedLimit,
};
use uuid::Uuid;

use super::reach::{country, reach};
use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, quiet, resolve, shared, subscriber, times};

/// Writes an act down.
async fn done(store: &dyn Store, action: &str, subject: &str, detail: String) {
    let act = NewAudit { subject: subject.to_owned(), detail, ..act(action) };
    store.append_audit(act).await.unwrap();
}

async fn nas(store: &dyn Store, name: &str) -> NasId {
    store.nas_by_name(name).await.unwrap().unwrap().id
}

/// Action, subject and particulars of all acts that are told.
async fn told(store: &dyn Store, reach: Reach) -> Vec<(String, String, String)> {
    let query = AuditQuery { limit: 100, reach, ..AuditQuery::default() };
    let acts = store.list_audit(query).await.unwrap().into_iter().map(|record| record.act);
    acts.map(|act| (act.action, act.subject, act.detail)).collect()
}

/// A command that was withdrawn for each router, in that order.
async fn commands(store: &dyn Store, routers: &[&str]) {
    for router in routers {
        let nas = nas(store, router).await;
        let new =
            NewCommand { id: Uuid::new_v4(), nas, kind: "read_now".to_owned(), arguments: String::new() };
        store.withdraw_command(new).await.unwrap();
    }
}

on_every_store! {
    async fn the_journal_tells_acts_on_what_is_reached_and_names_nothing_beyond(store) {
        country(&*store).await;
        let mut ids = Vec::new();
        for name in ["tower", "hill"] {
            let new = subscriber(name, Scope::Router(name.to_owned()));
            ids.push(new.id);
            store.insert_subscriber(new, act("subscriber.add")).await.unwrap();
        }
        let (tower, hill) = (nas(&*store, "tower").await, nas(&*store, "hill").await);
        let theirs = [
            ("router.edit", "tower", "{}".to_owned()),
            ("router.edit", "tower", r#"{"group":"north"}"#.to_owned()),
            ("held.release", "tower", r#"{"login":"x"}"#.to_owned()),
            ("limit.set", "ana", r#"{"router":"tower","kind":"ppp"}"#.to_owned()),
            ("hold.end", "ana", format!(r#"{{"nas":{tower},"kind":"ppp"}}"#)),
            ("voucher.activate", "ABC", format!(r#"{{"nas":{tower},"mac":"x"}}"#)),
            ("credit.add", "tower", format!(r#"{{"id":"{}","reason":"hill"}}"#, ids[0])),
            ("subscriber.bind", "tower", format!(r#"{{"id":"{}","scope":"router tower"}}"#, ids[0])),
            ("subscriber.bind", "tower", format!(r#"{{"id":"{}","scope":"group north"}}"#, ids[0])),
            ("subscriber.edit", "tower", format!(r#"{{"id":"{}"}}"#, ids[0])),
        ];
        let others = [
            ("router.edit", "hill", "{}".to_owned()),
            ("router.edit", "sea", "{}".to_owned()),
            ("router.edit", "tower", r#"{"group":"south"}"#.to_owned()),
            ("limit.set", "tower", r#"{"router":"hill"}"#.to_owned()),
            ("hold.end", "tower", format!(r#"{{"nas":{hill}}}"#)),
            ("credit.add", "tower", format!(r#"{{"id":"{}","reason":"\"router\":\"tower\""}}"#, ids[1])),
            ("subscriber.bind", "tower", format!(r#"{{"id":"{}","scope":"router hill"}}"#, ids[0])),
            ("subscriber.unbind", "tower", format!(r#"{{"id":"{}","scope":"group south"}}"#, ids[0])),
            ("operator.create", "tower", "{}".to_owned()),
            ("plan.edit", "tower", "{}".to_owned()),
            ("token.create", "tower", "no object".to_owned()),
            ("voucher.make", "7", "{}".to_owned()),
        ];
        for (action, subject, detail) in others.iter().chain(&theirs) {
            done(&*store, action, subject, detail.clone()).await;
        }
        let before = NewAudit { at: Micros(BEGIN.0 - 1), subject: "tower".to_owned(), ..act("router.edit") };
        store.append_audit(before).await.unwrap();
        let north = reach(&*store, &["north"]).await;
        let seen = told(&*store, north.clone()).await;
        let wanted: Vec<_> =
            theirs.iter().rev().map(|(action, subject, detail)| ((*action).to_owned(), (*subject).to_owned(), detail.clone())).collect();
        assert_eq!(seen, wanted, "and nothing of a router that had the name before");
        let query = AuditQuery { limit: 3, reach: north, ..AuditQuery::default() };
        assert_eq!(store.list_audit(query).await.unwrap().len(), 3, "a page is as long as it can be");
        assert_eq!(told(&*store, Reach::default()).await, []);
        assert!(told(&*store, Reach::Everywhere).await.len() > theirs.len() + others.len());
    }

    async fn commands_are_told_of_routers_that_are_reached(store) {
        country(&*store).await;
        commands(&*store, &["tower", "hill", "tower", "sea"]).await;
        let north = reach(&*store, &["north"]).await;
        let tower = nas(&*store, "tower").await;
        let newest = store.list_commands_within(10, north.clone()).await.unwrap();
        assert_eq!(newest.iter().map(|one| one.nas).collect::<Vec<_>>(), [tower, tower]);
        let end = Micros(i64::MAX);
        let before = async |of, reach: &Reach| {
            store.list_commands_before(of, end, None, 10, reach.clone()).await.unwrap().len()
        };
        let hill = Some(nas(&*store, "hill").await);
        assert_eq!((before(None, &north).await, before(hill, &north).await, before(None, &Reach::Everywhere).await), (2, 0, 4));
    }

    async fn sessions_that_ended_are_told_of_routers_that_are_reached(store) {
        country(&*store).await;
        for name in ["tower", "hill"] {
            let nas = nas(&*store, name).await;
            let (version, _) = resolve(&*store, nas, name.as_bytes()).await;
            let ended = SessionEnded { last_seen_at: times(12).at, terminate_cause: None };
            let mut changes = quiet(3, 20);
            changes.session_states = vec![(1, SessionState::Ended(ended))];
            store.commit(nas, 1, version, shared(changes)).await.unwrap();
        }
        let ended = async |router: Option<&str>, reach: &Reach| {
            let router = router.map(str::to_owned);
            let rows = store.list_ended_sessions(router, BEGIN, None, 9, reach.clone()).await.unwrap();
            rows.into_iter().map(|row| row.router).collect::<Vec<_>>()
        };
        let north = reach(&*store, &["north"]).await;
        assert_eq!(ended(None, &north).await, ["tower"]);
        assert_eq!(ended(Some("hill"), &north).await, Vec::<String>::new());
        assert_eq!(ended(None, &Reach::Everywhere).await.len(), 2);
    }

    async fn limits_and_holds_are_told_of_routers_that_are_reached(store) {
        country(&*store).await;
        for name in ["tower", "hill", "sea"] {
            let nas = nas(&*store, name).await;
            let wanted = WantedLimit {
                nas,
                subject: LimitSubject::Device(b"AA:BB:CC:DD:EE:FF".to_vec()),
                rate: RateLimit { up_bps: Some(1), down_bps: None },
                until: LimitUntil::Removed,
                set_by: name.to_owned(),
                set_at: BEGIN,
            };
            store.set_limit(wanted, act("limit.set")).await.unwrap();
            let subject = HoldSubject::Ppp(name.as_bytes().to_vec());
            let hold = Hold { nas, subject, until: Micros(i64::MAX), is_placed: false, set_by: name.to_owned(), set_at: BEGIN };
            store.set_hold(hold, act("hold.set")).await.unwrap();
        }
        let north = reach(&*store, &["north"]).await;
        let limits = store.limits_within(None, north.clone()).await.unwrap();
        let holds = store.holds_within(north.clone()).await.unwrap();
        assert_eq!(limits.iter().map(|one| &*one.set_by).collect::<Vec<_>>(), ["tower"]);
        assert_eq!(holds.iter().map(|one| &*one.set_by).collect::<Vec<_>>(), ["tower"]);
        let hill = Some(nas(&*store, "hill").await);
        assert_eq!(store.limits_within(hill, north).await.unwrap(), []);
        assert_eq!((store.limits(None).await.unwrap().len(), store.holds().await.unwrap().len()), (3, 3));
    }

    async fn a_cursor_of_a_login_beyond_tells_nothing_of_where_it_stands(store) {
        country(&*store).await;
        let page = async |after: Option<i64>, reach: Reach| {
            let query = UnknownLoginQuery { after, limit: 9, reach, ..UnknownLoginQuery::default() };
            store.unknown_logins(query).await.unwrap()
        };
        // Nobody's on the hill, which stands before the tower's.
        let all = page(None, Reach::Everywhere).await;
        assert_eq!(all.iter().map(|one| &*one.router).collect::<Vec<_>>(), ["hill", "sea", "tower"]);
        let north = reach(&*store, &["north"]).await;
        assert_eq!(page(None, north.clone()).await.len(), 1);
        assert_eq!(page(Some(all[0].id), Reach::Everywhere).await.len(), 2);
        assert_eq!(page(Some(all[0].id), north).await.len(), 0, "it would say that the tower's comes behind the hill's");
    }
}
