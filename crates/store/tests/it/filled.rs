//! A store in which every table has rows, by the ways in which they come about.

use accounting::Octets;
use accounting::changes::Changes;
use accounting::ledger::{LedgerEntry, Reason};
use accounting::login::LoginKind;
use accounting::time::{Micros, StartInterval};
use store::{
    EntryKey, HeldAct, Hold, HoldSubject, HostTime, LimitSubject, LimitUntil, NasId, NasPatch, NewAudit,
    NewCommand, NewOperator, NewSubscriber, NewToken, PassedEdges, Plan, PlanCycle, Profile, ProfilePlan,
    ProfileWrite, RateLimit, Renews, Role, Scope, SeenVoucherLogin, SeenVoucherRow, SeenVoucherSession,
    Store, SubscriberChange, VoucherIssue, VoucherLook, VoucherTerms, WantedLimit,
};
use uuid::Uuid;

use crate::operators::{operator, sign_in};
use crate::rounds::{act, entry, first, quiet, resolve, router, session, shared, subscriber, times};
use crate::vouchers::{self, claim, let_in};

const DAY: u64 = 86_400;
/// Days of the tower's entries, in several months.
const DAYS: [u64; 12] = [1, 2, 3, 4, 5, 20, 21, 60, 61, 90, 400, 40_000];
/// Later than all of them.
const LATE: u64 = 40_001;

/// Fills it.
pub(crate) async fn fill(store: &dyn Store) {
    store.mark_simulated().await.unwrap();
    store.write_events(true);
    people(store).await;
    let tower = counted(store).await;
    decided(store, tower).await;
    let ana = adopted(store).await;
    renewed(store, ana).await;
    at_the_edge(store).await;
    shown_again(store, tower).await;
    withdrawn(store, tower).await;
    limited(store, tower).await;
    sold(store, tower).await;
    kept_out(store, tower).await;
    assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
}

fn on_day(day: u64, action: &str) -> NewAudit {
    NewAudit { at: times(day * DAY).at, ..act(action) }
}

/// Who may do what, a plan, a router, and a login that is enrolled on it.
async fn people(store: &dyn Store) {
    signed_in(store).await;
    let name = "\u{f1} \u{202e}\\N\t".to_owned();
    let token = NewToken {
        name,
        sha256: [7; 32],
        role: Role::Viewer,
        expires_at: Some(Micros(-5)),
        groups: Vec::new(),
    };
    store.insert_token(token, act("token.add")).await.unwrap();
    let home = Plan {
        name: "home".to_owned(),
        price: Some("12.50 USD".to_owned()),
        validity: None,
        devices: 1,
        rate_up_bps: Some(i64::MAX.unsigned_abs()),
        rate_down_bps: None,
        quota_octets: Some(1 << 40),
        cycle: PlanCycle::DayOfMonth(1),
        sets_speed: true,
    };
    store.insert_plan(home, act("plan.add")).await.unwrap();
    given(store).await;
    let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    let north = NasPatch { group: Some(Some("north".to_owned())), ..NasPatch::default() };
    store.update_nas(nas, north, act("router.edit")).await.unwrap();
    bound(store).await;
    let facing = NewSubscriber {
        kind: LoginKind::StaticIp,
        service: "static_ip".to_owned(),
        login: b"interface:ether7\xff".to_vec(),
        ..subscriber("shop", Scope::Router("tower".to_owned()))
    };
    store.insert_subscriber(facing, act("subscriber.add")).await.unwrap();
}

/// An operator and a token that are bound to a group of routers.
async fn bound(store: &dyn Store) {
    let groups = vec!["north".to_owned()];
    let udo = NewOperator { groups: groups.clone(), ..operator("Udo", Role::Cashier) };
    let udo = store.insert_operator(udo, act("operator.add")).await.unwrap();
    store.set_operator_language(udo, Some("id".to_owned())).await.unwrap();
    let name = "shop".to_owned();
    let token = NewToken { name, sha256: [8; 32], role: Role::Cashier, expires_at: None, groups };
    store.insert_token(token, act("token.add")).await.unwrap();
}

/// The first operator, made by a link, at a browser.
async fn signed_in(store: &dyn Store) {
    assert!(store.keep_setup_key([1; 32], Micros(i64::MAX)).await.unwrap());
    store.insert_first_operator([1; 32], operator("Eva", Role::Admin), act("operator.add")).await.unwrap();
    let eva = store.list_operators().await.unwrap().remove(0);
    store.sign_in(sign_in(eva, 2), act("operator.sign_in")).await.unwrap().unwrap();
}

/// A file of profiles gave a plan.
async fn given(store: &dyn Store) {
    let seen = store.profile_plans().await.unwrap().remove(0);
    let given = Profile {
        name: seen.plan.name.clone(),
        price: Some("12.50 USD".to_owned()),
        validity: Some("30d".to_owned()),
        devices: 4_294_967_295,
        rate_up_bps: Some(i64::MAX.unsigned_abs()),
        rate_down_bps: None,
    };
    let now = ProfilePlan { given: Some(given), ..seen.clone() };
    store.write_profiles(vec![ProfileWrite { seen: Some(seen), now, act: None }]).await.unwrap();
}

async fn commit(store: &dyn Store, nas: NasId, changes: Changes) {
    let version = store.bindings_version().await.unwrap();
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
}

/// The login ana, nobody's yet, on the tower for years.
async fn counted(store: &dyn Store) -> NasId {
    let nas = store.list_nas().await.unwrap()[0].id;
    let (_, ana) = resolve(store, nas, b"ana").await;
    commit(store, nas, first(ana.id, None, Octets::new(10, 20))).await;
    for (seq, day) in (2..).zip(DAYS) {
        let mut changes = quiet(seq, day * DAY);
        let line = grown(seq, ana.id, day);
        changes.counter_octets = vec![(1, line.after)];
        changes.session_octets = vec![(1, line.delta)];
        changes.new_entries = vec![line];
        commit(store, nas, changes).await;
    }
    nas
}

/// One octet more in each direction, in the round of that number.
fn grown(seq: u64, login: i64, day: u64) -> LedgerEntry {
    let (before, after) = (Octets::new(8 + seq, 18 + seq), Octets::new(9 + seq, 19 + seq));
    LedgerEntry { reason: Reason::Grew, before, after, ..entry(seq, 1, login, Octets::new(1, 1), day * DAY) }
}

/// A jump that was held back and released.
async fn decided(store: &dyn Store, nas: NasId) {
    let (_, ana) = resolve(store, nas, b"ana").await;
    let seq = 2 + DAYS.len() as u64;
    let held = LedgerEntry { reason: Reason::Held, posted: false, ..grown(seq, ana.id, LATE) };
    let key = EntryKey { bucket: held.bucket, nas, no: seq };
    let mut changes = quiet(seq, LATE * DAY);
    changes.counter_octets = vec![(1, held.after)];
    changes.new_entries = vec![held];
    commit(store, nas, changes).await;
    store.decide_held(key, HeldAct::Released, on_day(LATE, "held.release")).await.unwrap();
}

/// What the login used becomes a subscriber's, and again after that was undone.
async fn adopted(store: &dyn Store) -> Uuid {
    let ana = NewSubscriber { plan: Some("home".to_owned()), ..subscriber("ana", Scope::All) };
    let act = |action| on_day(LATE + 1, action);
    store.insert_and_adopt(ana.clone(), times(0).at, act("subscriber.add")).await.unwrap();
    store.undo_adoption(ana.id, act("subscriber.adopt_undo")).await.unwrap();
    store.adopt(ana.id, times(DAY).at, act("subscriber.adopt")).await.unwrap();
    ana.id
}

/// Renewals that the router has to settle, one that was undone, and a credit that was cancelled.
async fn renewed(store: &dyn Store, ana: Uuid) {
    for day in [LATE + 2, LATE + 3] {
        let always = SubscriberChange { renews: Renews::Always, ..SubscriberChange::default() };
        let (edit, renew) = (on_day(day, "subscriber.edit"), on_day(day, "subscriber.renew"));
        store.change_subscriber(ana, always, edit, renew).await.unwrap();
    }
    store.undo_renewal(ana, on_day(LATE + 3, "subscriber.renew_undo")).await.unwrap();
    let act = |action| on_day(LATE + 3, action);
    let credit =
        store.add_credit(ana, Octets::new(5, 0), "outage".to_owned(), act("credit.add")).await.unwrap();
    store.cancel_credit(ana, credit.id, "no outage".to_owned(), act("credit.cancel")).await.unwrap();
}

/// A plan's day comes while nobody reads any of many routers.
async fn at_the_edge(store: &dyn Store) {
    for no in 0..20 {
        let nas = store.insert_nas(router(&format!("hill{no:02}")), act("router.add")).await.unwrap();
        let (_, login) = resolve(store, nas, b"eva").await;
        commit(store, nas, first(login.id, login.cycle, Octets::ZERO)).await;
    }
    let due = store.due_edges(Micros(i64::MAX), 100).await.unwrap();
    let opened = times((LATE + 4) * DAY).at;
    let passed = due.into_iter().map(|due| PassedEdges { opened: vec![opened], next: None, due });
    store.pass_edges(passed.collect(), vec![], Micros(i64::MAX)).await.unwrap();
}

/// The next reading shows her, and does not tell what of hers was before the edge.
async fn shown_again(store: &dyn Store, nas: NasId) {
    let (_, ana) = resolve(store, nas, b"ana").await;
    let mut changes = quiet(3 + DAYS.len() as u64, (LATE + 5) * DAY);
    changes.new_sessions = vec![session(2, ana.id)];
    commit(store, nas, changes).await;
}

/// A command that another process did not take in time.
async fn withdrawn(store: &dyn Store, nas: NasId) {
    let command =
        NewCommand { id: Uuid::new_v4(), nas, kind: "read_now".to_owned(), arguments: "7".to_owned() };
    store.withdraw_command(command).await.unwrap();
}

/// A speed limit that somebody set, another for a while in its place, and one until an instant.
async fn limited(store: &dyn Store, nas: NasId) {
    let limit = WantedLimit {
        nas,
        subject: LimitSubject::Ppp(b"ana\xff".to_vec()),
        rate: RateLimit { up_bps: Some(1_000_000), down_bps: None },
        until: LimitUntil::Removed,
        set_by: "eva".to_owned(),
        set_at: Micros(-5),
    };
    let boost = WantedLimit { until: LimitUntil::Lasting(Micros(1 << 60)), ..limit.clone() };
    let subject = LimitSubject::Ppp(b"bob".to_vec());
    let until = WantedLimit { subject, until: LimitUntil::At(Micros(i64::MAX)), ..limit.clone() };
    for limit in [limit, boost, until] {
        store.set_limit(limit, act("limit.set")).await.unwrap();
    }
}

/// A voucher whose device is in, and one without any limits that was paused.
async fn sold(store: &dyn Store, nas: NasId) {
    let bare = VoucherTerms { validity_us: None, quota_octets: None, rate: RateLimit::default(), devices: 2 };
    let issue = VoucherIssue { note: Some("\u{f1}\\N\t".to_owned()), terms: bare, ..vouchers::issue(2) };
    vouchers::make(store, vouchers::issue(1), &["ABC"]).await;
    vouchers::make(store, issue, &["BARE"]).await;
    let device = let_in(store, claim("ABC", nas, 1, 5)).await.device;
    let session =
        SeenVoucherSession { began: StartInterval { earliest: -1, latest: 2 }, age_s: 3, octets: 7 };
    let row = SeenVoucherRow { id: b"*1\xff".to_vec(), octets: 9 };
    let (session, row, at) = (Some(session), Some(row), Micros(9));
    let seen = SeenVoucherLogin { login: device.login, mac: device.mac, session, row, at, is_up: true };
    let look = VoucherLook { logins: vec![seen], whole_at: Some(at) };
    store.note_voucher_logins(nas, look).await.unwrap();
    let paused = let_in(store, claim("BARE", nas, 2, 5)).await.device.voucher;
    store.pause_voucher(paused, vouchers::act_at(9, "voucher.pause")).await.unwrap().unwrap();
    let time =
        HostTime { node: "east".to_owned(), epoch: u128::MAX, known: None, ahead_us: -5, at: Micros(9) };
    store.settle_host_time(time).await.unwrap();
}

/// Somebody who is kept out for a while.
async fn kept_out(store: &dyn Store, nas: NasId) {
    let hold = Hold {
        nas,
        subject: HoldSubject::Ppp(b"ana\xff".to_vec()),
        until: Micros(i64::MAX),
        is_placed: true,
        set_by: "eva".to_owned(),
        set_at: Micros(-5),
    };
    store.set_hold(hold, act("hold.set")).await.unwrap();
}
