//! The answer to a commit is lost, after the server made it or before it heard of it (DESIGN rule 3).

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use accounting::Octets;
use store::{AccountingRepository, CommitError, Postgres, VerifyRepository};

use crate::postgres_server::Database;
use crate::rounds::{first, quiet, shared, tower};

/// What a cable does with the next commit.
const CARRIES: u8 = 0;
const BREAKS_AFTER: u8 = 1;
const BREAKS_BEFORE: u8 = 2;

/// A cable to the server that can break, once.
struct Cable {
    url: String,
    next: Arc<AtomicU8>,
}

impl Cable {
    fn lay(database: &Database) -> Cable {
        let (user, place) = database.url().rsplit_once('@').unwrap();
        let (address, name) = place.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{user}@{}/{name}", listener.local_addr().unwrap());
        let (next, address) = (Arc::new(AtomicU8::new(CARRIES)), address.to_owned());
        let told = Arc::clone(&next);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (server, told) = (TcpStream::connect(&address).unwrap(), Arc::clone(&told));
                let (from, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || carry(from, to, |_| CARRIES));
                let breaks = move |bytes: &[u8]| match bytes.windows(7).any(|word| word == b"COMMIT\0") {
                    true => told.swap(CARRIES, Ordering::SeqCst),
                    false => CARRIES,
                };
                std::thread::spawn(move || carry(client, server, breaks));
            }
        });
        Cable { url, next }
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, breaks: impl Fn(&[u8]) -> u8) {
    let mut bytes = [0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        let breaks = breaks(&bytes[..read]);
        if breaks != CARRIES {
            // The client hears nothing any more; the server hears of it, or sees the client go.
            drop(from.shutdown(Shutdown::Both));
        }
        if breaks == BREAKS_BEFORE || to.write_all(&bytes[..read]).is_err() || breaks != CARRIES {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Write));
}

async fn doubtful(breaks: u8) -> (Postgres, store::NasId, u64, i64, Database) {
    let database = Database::create();
    let cable = Cable::lay(&database);
    let store = Postgres::open(&cable.url).unwrap();
    let (nas, version, ana) = tower(&store).await;
    cable.next.store(breaks, Ordering::SeqCst);
    let commit = store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(10, 20)))).await;
    assert!(matches!(commit, Err(CommitError::Doubtful(_))), "{commit:?}");
    (store, nas, version, ana.id, database)
}

#[tokio::test]
async fn a_commit_that_was_made_is_seen_by_who_looks_and_not_made_twice() {
    let (store, nas, version, ana, _database) = doubtful(BREAKS_AFTER).await;
    let loaded = store.load(nas).await.unwrap();
    assert_eq!((loaded.record.poll_seq, loaded.counters.len()), (1, 1));
    let again = store.commit(nas, 1, version, shared(first(ana, None, Octets::new(10, 20)))).await;
    assert_eq!(again, Err(CommitError::Fenced));
    store.commit(nas, 1, version, shared(quiet(2, 10))).await.unwrap();
    let report = store.verify().await.unwrap();
    assert!(report.is_clean() && report.entries_checked == 1, "{report:?}");
}

#[tokio::test]
async fn a_commit_that_was_not_made_is_made_when_it_is_tried_again() {
    let (store, nas, version, ana, _database) = doubtful(BREAKS_BEFORE).await;
    let loaded = store.load(nas).await.unwrap();
    assert_eq!((loaded.record.poll_seq, loaded.counters.len()), (0, 0));
    store.commit(nas, 1, version, shared(first(ana, None, Octets::new(10, 20)))).await.unwrap();
    let report = store.verify().await.unwrap();
    assert!(report.is_clean() && report.entries_checked == 1, "{report:?}");
}
