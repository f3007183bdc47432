//! Two batches are on their way to Redis at once: what becomes of each is its own. The Redis is a scripted one, which answers
//! the first transaction when it has the second.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::{Telling, desk, rounds, settings};
use crate::harness::Desk;
use crate::redis_server::until;

/// More than are told of in a batch.
const ROUTERS: usize = 260;

/// Of each transaction: whose events, which, and whether they were taken.
type Transactions = Vec<(Vec<(String, u64)>, bool)>;

#[derive(Clone, Copy, PartialEq)]
enum Script {
    /// Refuses this one of the first two, as one that has no memory left.
    Refuses(usize),
    /// Never answers them.
    Holds,
}

struct Scripted {
    address: String,
    seen: Arc<Mutex<Transactions>>,
}

impl Scripted {
    fn start(script: Script) -> Scripted {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::<Mutex<Transactions>>::default();
        let writes = Arc::clone(&seen);
        std::thread::spawn(move || {
            for asker in listener.incoming() {
                let seen = Arc::clone(&writes);
                std::thread::spawn(move || _ = serve(&asker.unwrap(), script, &seen));
            }
        });
        Scripted { address, seen }
    }

    fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// How often each event was taken.
    fn taken(&self) -> HashMap<(String, u64), usize> {
        let mut taken = HashMap::new();
        for (events, _) in self.seen.lock().unwrap().iter().filter(|(_, is_taken)| *is_taken) {
            events.iter().for_each(|event| *taken.entry(event.clone()).or_default() += 1);
        }
        taken
    }
}

/// Answers one who asks, until they go.
fn serve(asker: &TcpStream, script: Script, seen: &Mutex<Transactions>) -> std::io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(asker), asker);
    let (mut transaction, mut held) = (Vec::new(), Vec::new());
    loop {
        let words = command(&mut reader)?;
        match &*words[0] {
            "MULTI" | "PING" | "CLIENT" => held.extend_from_slice(b"+OK\r\n"),
            "XADD" => transaction.push(event(&words)),
            _ => held.extend(end(std::mem::take(&mut transaction), script, seen)),
        }
        let waits_for_the_second = transaction.is_empty() && seen.lock().unwrap().len() != 1;
        if waits_for_the_second && !(script == Script::Holds && seen.lock().unwrap().len() == 2) {
            writer.write_all(&std::mem::take(&mut held))?;
        }
    }
}

/// The answers to what a transaction had in it, and to its end.
fn end(events: Vec<(String, u64)>, script: Script, seen: &Mutex<Transactions>) -> Vec<u8> {
    let of = events.len();
    if of == 0 {
        return b"*0\r\n".to_vec();
    }
    let mut seen = seen.lock().unwrap();
    let is_taken = script != Script::Refuses(seen.len());
    seen.push((events, is_taken));
    match is_taken {
        true => format!("{}*{of}\r\n{}", "+QUEUED\r\n".repeat(of), "$3\r\n1-1\r\n".repeat(of)),
        false => format!("{}-EXECABORT discarded\r\n", "-OOM no memory\r\n".repeat(of)),
    }
    .into_bytes()
}

/// Whose it is and which.
fn event(words: &[String]) -> (String, u64) {
    let field = |name: &str| words[words.iter().position(|word| word == name).unwrap() + 1].clone();
    (field("router"), field("seq").parse().unwrap())
}

/// The next command, as bulk strings.
fn command(reader: &mut impl BufRead) -> std::io::Result<Vec<String>> {
    let count = number(reader)?;
    (0..count).map(|_| bulk(reader)).collect()
}

fn bulk(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut bytes = vec![0; number(reader)? + 2];
    reader.read_exact(&mut bytes)?;
    bytes.truncate(bytes.len() - 2);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The number of a line such as `*3` or `$5`.
fn number(reader: &mut impl BufRead) -> std::io::Result<usize> {
    let mut line = String::new();
    match reader.read_line(&mut line)? {
        0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end()[1..].parse().unwrap()),
    }
}

/// A desk with two events of each of many routers.
async fn many() -> Desk {
    let desk = desk().await;
    for number in 0..ROUTERS {
        let nas = desk.add_router(&format!("tower-{number}")).await;
        rounds(&desk, nas, 0..2).await;
    }
    desk
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_one_that_is_taken_is_not_told_again_whichever_is_refused() {
    for refused in [0, 1] {
        let (desk, redis) = (many().await, Scripted::start(Script::Refuses(refused)));
        let telling = Telling::start(&desk, settings(&redis.url()));
        telling.drained().await;
        let taken = redis.taken();
        assert_eq!(taken.len(), 2 * ROUTERS, "all were told");
        assert!(taken.values().all(|times| *times == 1), "with {refused} refused: {taken:?}");
        let refused = redis.seen.lock().unwrap().iter().filter(|(_, is_taken)| !is_taken).count();
        assert_eq!(refused, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_ends_while_two_are_on_their_way_leaves_all_for_the_next() {
    let (desk, redis) = (many().await, Scripted::start(Script::Holds));
    let telling = Telling::start(&desk, settings(&redis.url()));
    let both = || (redis.seen.lock().unwrap().len() == 2).then_some(());
    until(&|| format!("{} are on their way", redis.seen.lock().unwrap().len()), both);
    drop(telling);
    let waiting: u64 = desk.store.outbox().await.unwrap().iter().map(|queue| queue.events).sum();
    assert_eq!(waiting, 2 * ROUTERS as u64, "nobody said that they were taken");
    let next = Scripted::start(Script::Refuses(usize::MAX));
    Telling::start(&desk, settings(&next.url())).drained().await;
    assert_eq!(next.taken().len(), 2 * ROUTERS);
}
