//! Subscribers among those who stay connected, who are renewed through the API of servers that are about to be killed. A
//! renewal that was answered is kept, one that was not may or may not have been made, and none is made twice.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use accounting::Octets;
use store::CycleTotals;

use super::kept::Kept;
use super::town::Town;
use crate::chance::Chance;
use crate::server::Server;

/// One in so many of those who stay is a subscriber.
const ONE_IN: u64 = 10;
const SUBSCRIBERS: u64 = 60;

/// See the module.
#[derive(Default)]
pub(super) struct Renewals {
    asked: Arc<Mutex<BTreeMap<String, Asked>>>,
    /// Cycles by row that were final after an earlier kill.
    finals: BTreeMap<i64, Octets>,
}

/// What came of the renewals of one subscriber.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    answered: usize,
    unanswered: usize,
}

impl Renewals {
    /// Adds the subscribers, each with the login of their name.
    pub(super) fn begin(server: &Server, folder: &Path) -> Renewals {
        let names: String = (0..SUBSCRIBERS).map(|nth| username(nth) + "\n").collect();
        let file = folder.join("subscribers.csv");
        std::fs::write(&file, format!("username\n{names}")).unwrap();
        let told = server.text(&["subscriber", "import", file.to_str().unwrap()]);
        assert!(told.contains(&format!("{SUBSCRIBERS} subscribers added")), "{told}");
        Renewals::default()
    }

    /// Renews one after the other until the server is gone.
    pub(super) fn go_on(&self, server: &Server, seed: u64) -> JoinHandle<()> {
        let address = server.url.strip_prefix("http://").unwrap().to_owned();
        let (token, asked) = (server.token.clone(), self.asked.clone());
        let mut chance = Chance::new(seed);
        std::thread::spawn(move || {
            while let Ok(mut stream) = TcpStream::connect(&address) {
                let username = username(chance.below(SUBSCRIBERS));
                let answered = renew(&mut stream, &address, &token, &username);
                let mut asked = asked.lock().unwrap();
                let asked = asked.entry(username).or_default();
                *(if answered { &mut asked.answered } else { &mut asked.unanswered }) += 1;
            }
        })
    }

    /// Waits until one more renewal is answered, for which the router was read; false where it has to give up.
    pub(super) fn until_answered(&self) -> bool {
        let answered = || self.asked.lock().unwrap().values().map(|asked| asked.answered).sum::<usize>();
        let before = answered();
        (0..4_000).any(|_| {
            std::thread::sleep(Duration::from_millis(5));
            answered() > before
        })
    }

    /// No cycle that was final before has changed.
    pub(super) async fn finals_stay(&mut self, kept: &Kept) {
        for (username, cycles) in cycles(kept).await {
            for cycle in cycles.iter().filter(|cycle| cycle.closed_at.is_some() && cycle.unsettled == 0) {
                let before = self.finals.insert(cycle.id, cycle.octets);
                assert!(
                    before.is_none_or(|before| before == cycle.octets),
                    "{username}: {before:?}, {cycle:?}"
                );
            }
        }
    }

    /// The cycles of each subscriber hold together what their login moved, and there are as many as renewals were made.
    pub(super) async fn cycles_are_exact(&self, kept: &Kept, town: &Town) -> String {
        let (truth, asked) = (town.truth(), self.asked.lock().unwrap().clone());
        let (mut exact, mut closed, mut shared) = (0, 0, 0);
        for (username, cycles) in cycles(kept).await {
            let Asked { answered, unanswered } = asked.get(&username).copied().unwrap_or_default();
            let renewed = cycles.len() - 1;
            let may_be = answered..=answered + unanswered;
            assert!(may_be.contains(&renewed), "{username}: {may_be:?} renewals, cycles: {cycles:?}");
            let Some(truth) = truth.get(username.as_bytes()) else { continue };
            let moved = Octets::new(truth.total().input, truth.total().output);
            let said = cycles.iter().map(|cycle| cycle.octets).sum::<Octets>();
            assert_eq!(said, moved, "{username}: {cycles:?}");
            exact += 1;
            closed += renewed;
            shared += cycles.iter().filter(|cycle| !cycle.octets.is_zero()).count();
        }
        assert!(
            exact > 25 && closed >= 20 && shared >= 20,
            "{exact} subscribers, {closed} renewals, {shared}"
        );
        let unanswered: usize = asked.values().map(|asked| asked.unanswered).sum();
        format!(
            "{exact} subscribers exact to the octet over {closed} renewals, {unanswered} of them cut off by a kill; {} cycles \
             were final early and stayed",
            self.finals.len()
        )
    }
}

fn username(nth: u64) -> String {
    format!("steady-{}", nth * ONE_IN)
}

/// Whether it was answered that the renewal was made; nothing else may be answered.
fn renew(stream: &mut TcpStream, address: &str, token: &str, username: &str) -> bool {
    let sent = write!(
        stream,
        "POST /api/v1/subscribers/{username}/renew HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    );
    let mut answer = Vec::new();
    // Where the server was killed before the end, what came of the answer counts.
    drop(sent.and_then(|()| stream.read_to_end(&mut answer)));
    let answer = String::from_utf8_lossy(&answer);
    match answer.split(' ').nth(1) {
        Some(status) => {
            assert_eq!(status, "200", "{answer}");
            true
        }
        None => false,
    }
}

/// All cycles of all subscribers.
async fn cycles(kept: &Kept) -> BTreeMap<String, Vec<CycleTotals>> {
    let store = kept.open();
    let mut all = BTreeMap::new();
    for subscriber in store.list_subscribers(None, 1_000).await.unwrap() {
        let cycles = store.subscriber_cycles(subscriber.id, None, 1_000).await.unwrap();
        all.insert(subscriber.username, cycles);
    }
    all
}
