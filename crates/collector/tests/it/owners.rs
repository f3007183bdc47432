//! Whose counter it is: the join of server rows with session rows, read from words as a router sends them.

use accounting::snapshot::{Owner, Service};
use collector::routeros::owners::{Owners, join};
use collector::routeros::pairing::Reading;
use collector::routeros::servers::{SERVER_MENUS, ServerTable};
use collector::routeros::sessions::SessionTable;

use crate::rows::row;

#[derive(Default)]
struct Router {
    servers: ServerTable,
    sessions: SessionTable,
}

impl Router {
    /// A row of the PPPoE server menu from words without their leading `=`.
    fn server(mut self, words: &[&[u8]]) -> Self {
        row(&attributes(words), |reply| self.servers.push(SERVER_MENUS[0], reply));
        self
    }

    fn dynamic(self, name: &[u8], user: &[u8], mac: &[u8], uptime: &[u8]) -> Self {
        self.server(&[
            b"name",
            name,
            b"user",
            user,
            b"remote-address",
            mac,
            b"uptime",
            uptime,
            b"dynamic",
            b"true",
        ])
    }

    fn session(mut self, login: &[u8], mac: &[u8], uptime: &[u8], id: &[u8]) -> Self {
        let words: [&[u8]; 10] =
            [b"name", login, b"service", b"pppoe", b"caller-id", mac, b"uptime", uptime, b"session-id", id];
        row(&attributes(&words), |reply| self.sessions.push(reply));
        self
    }

    fn owners(&self) -> Owners {
        join(&self.servers, &self.sessions, Reading { sessions_later_s: 0, slack_s: 5 })
    }
}

fn attributes(pairs: &[&[u8]]) -> Vec<&'static [u8]> {
    let word = |pair: &[&[u8]]| [b"=", pair[0], b"=", pair[1]].concat();
    pairs.chunks(2).map(|pair| &*Vec::leak(word(pair))).collect()
}

/// (counter, login, session-id) of each owner with a session.
fn owned(owners: &Owners) -> Vec<(&[u8], &[u8], Option<u64>)> {
    let live = |owner| match owner {
        &Owner { ref counter_name, session: Some(ref session), .. } => {
            Some((&**counter_name, &*session.login, session.acct_session_id))
        }
        Owner { session: None, .. } => None,
    };
    owners.found.iter().filter_map(live).collect()
}

/// Counter, login, session-id and age of a session.
type HalfSeen<'o> = (&'o [u8], &'o [u8], Option<u64>, Option<u64>);

/// Each session that only one table showed.
fn half_seen(owners: &Owners) -> Vec<HalfSeen<'_>> {
    let told = |owner| {
        let &Owner { ref counter_name, session: Some(ref session), .. } = owner else { return None };
        Some((&**counter_name, &*session.login, session.acct_session_id, session.session_time_s))
    };
    owners.half_seen.iter().filter_map(told).collect()
}

#[test]
fn one_session_brings_all_that_its_rows_say() {
    let router = Router::default().dynamic(b"<pppoe-ana>", b"ana", b"AA:00:00:00:00:01", b"1h2m3s").session(
        b"ana",
        b"AA:00:00:00:00:01",
        b"1h2m4s",
        b"0x81100001",
    );
    let owners = router.owners();
    let session = owners.found[0].session.as_ref().unwrap();
    assert!(!owners.found[0].permanent);
    assert_eq!(session.service, Service::Pppoe);
    assert_eq!(session.session_time_s, Some(3723), "the server row's own uptime");
    assert_eq!(&*session.calling_station_id, b"AA:00:00:00:00:01");
    assert_eq!(session.acct_session_id, Some(0x8110_0001));
}

#[test]
fn two_sessions_of_one_user_each_keep_their_own() {
    let router = Router::default()
        .dynamic(b"<pppoe-bob>", b"bob", b"AA:01", b"10m")
        .dynamic(b"<pppoe-bob-1>", b"bob", b"AA:02", b"10m")
        .session(b"bob", b"AA:02", b"10m", b"0x2")
        .session(b"bob", b"AA:01", b"10m", b"0x1");
    assert_eq!(
        owned(&router.owners()),
        [(&b"<pppoe-bob>"[..], &b"bob"[..], Some(1)), (&b"<pppoe-bob-1>"[..], &b"bob"[..], Some(2))]
    );
}

#[test]
fn user_bob_1_is_not_the_second_session_of_bob() {
    let router = Router::default()
        .dynamic(b"<pppoe-bob-1>", b"bob", b"AA:01", b"10m")
        .dynamic(b"<pppoe-bob-1-1>", b"bob-1", b"AA:02", b"10m")
        .session(b"bob", b"AA:01", b"10m", b"0x1")
        .session(b"bob-1", b"AA:02", b"10m", b"0x2");
    assert_eq!(
        owned(&router.owners()),
        [(&b"<pppoe-bob-1>"[..], &b"bob"[..], Some(1)), (&b"<pppoe-bob-1-1>"[..], &b"bob-1"[..], Some(2))]
    );
}

#[test]
fn logins_are_told_apart_bytewise() {
    let router = Router::default()
        .dynamic(b"<pppoe-Ana>", b"Ana", b"", b"10m")
        .dynamic(b"<pppoe-ana>", b"ana", b"", b"10m")
        .dynamic(b"<pppoe-jos\xE9>", b"jos\xE9", b"", b"10m")
        .session(b"jos\xE9", b"", b"10m", b"0x3")
        .session(b"jos\xE8", b"", b"10m", b"0x4")
        .session(b"ana", b"", b"10m", b"0x1")
        .session(b"Ana", b"", b"10m", b"0x2");
    let owners = router.owners();
    assert_eq!(owned(&owners).iter().map(|owner| owner.2).collect::<Vec<_>>(), [Some(2), Some(1), Some(3)]);
}

#[test]
fn a_dynamic_row_without_its_session_has_no_owner_but_was_there() {
    let owners = Router::default().dynamic(b"<pppoe-ana>", b"ana", b"AA:01", b"1m").owners();
    assert_eq!((owners.found.as_slice(), owners.unpaired), (&[][..], 1));
    assert_eq!(half_seen(&owners), [(&b"<pppoe-ana>"[..], &b"ana"[..], None, Some(60))]);
}

#[test]
fn a_session_without_a_server_row_owns_nothing_but_was_there() {
    let owners = Router::default().session(b"ana", b"AA:01", b"1m", b"0x1").owners();
    assert_eq!((owners.found.as_slice(), owners.unpaired), (&[][..], 0));
    assert_eq!(half_seen(&owners), [(&b""[..], &b"ana"[..], Some(1), Some(60))]);
}

/// Which of two alike was paired is chance, so the one that is left has no id of its own.
#[test]
fn of_two_alike_the_one_that_is_left_keeps_no_id() {
    let router = Router::default()
        .dynamic(b"<pppoe-ana>", b"ana", b"AA:01", b"1m")
        .session(b"ana", b"AA:01", b"1m", b"0x1")
        .session(b"ana", b"AA:01", b"1m2s", b"0x2")
        .session(b"ana", b"AA:01", b"1h", b"0x3");
    let owners = router.owners();
    assert_eq!(owned(&owners), [(&b"<pppoe-ana>"[..], &b"ana"[..], None)]);
    let ids: Vec<_> =
        half_seen(&owners).into_iter().map(|(_, _, id, age)| (id, age.unwrap() > 100)).collect();
    assert!(ids.contains(&(Some(3), true)) && ids.contains(&(None, false)), "{ids:?}");
}

#[test]
fn a_stale_twin_is_told_from_the_new_session_by_age() {
    let router = Router::default()
        .dynamic(b"<pppoe-ana>", b"ana", b"AA:01", b"2d3h")
        .dynamic(b"<pppoe-ana-1>", b"ana", b"AA:01", b"7s")
        .session(b"ana", b"AA:01", b"8s", b"0x9")
        .session(b"ana", b"AA:01", b"2d3h1s", b"0x1");
    assert_eq!(
        owned(&router.owners()),
        [(&b"<pppoe-ana>"[..], &b"ana"[..], Some(1)), (&b"<pppoe-ana-1>"[..], &b"ana"[..], Some(9))]
    );
}

#[test]
fn static_bindings_are_permanent_and_have_a_session_only_while_running() {
    let binding = |router: Router, running: &[u8]| {
        router.server(&[b"name", b"pppoe-in1", b"user", b"ana", b"dynamic", b"false", b"running", running])
    };
    let idle = binding(Router::default(), b"false").session(b"ana", b"AA:01", b"1m", b"0x1").owners();
    assert_eq!(idle.found, [Owner { counter_name: b"pppoe-in1"[..].into(), permanent: true, session: None }]);
    let running = binding(Router::default(), b"true").session(b"ana", b"AA:01", b"1m", b"0x1").owners();
    assert!(running.found[0].permanent);
    let session = running.found[0].session.as_ref().unwrap();
    assert_eq!(session.session_time_s, Some(60), "the session row's uptime where the server row has none");
    let unknown = binding(Router::default(), b"true").owners();
    assert_eq!((unknown.found.as_slice(), unknown.unpaired), (&[][..], 1));
}

#[test]
fn a_thousand_users_are_joined_in_the_servers_order() {
    let mut router = Router::default();
    for user in 0..1000 {
        let (name, login) = (format!("<pppoe-u{user}>"), format!("u{user}"));
        router = router.dynamic(name.as_bytes(), login.as_bytes(), b"", b"1m");
        router = router.session(format!("u{}", 999 - user).as_bytes(), b"", b"1m", b"");
    }
    let owners = router.owners();
    assert_eq!((owners.found.len(), owners.unpaired), (1000, 0));
    assert!(owned(&owners).iter().all(|(name, login, _)| *name == [b"<pppoe-", *login, b">"].concat()));
}
