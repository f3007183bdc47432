//! Commands that one process gives to another are carried out once at most, and what became of them is told as it is, whatever
//! breaks in between. A sample command proves it: its executions are counted on a device that outlives the processes.

mod contract;
mod cut_off;
mod once;
mod questions;
mod settled;
mod standing;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use operations::RouterCommandError;
use serde_json::{Value as Json, json};
use server::{Asker, Executor, Order, Outcome, Performer, RedisUrl, RedisUses, Taker};
use store::{Command, CommandState, NasId, Node, NodeRole, Store, Unsettled};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::harness::Desk;
use crate::postgres_server::{self, Database};
use crate::redis_server::{Redis, until};

/// Longer than anything takes, where an answer is to come.
const PATIENT: Duration = Duration::from_secs(20);
/// Where none will.
const HASTY: Duration = Duration::from_millis(1_500);

/// Where a process is while it carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    Before,
    After,
}

/// The device, and what goes on around a change of it.
struct Device {
    /// How often each command was carried out.
    done: Mutex<HashMap<Uuid, u32>>,
    /// Who comes by, and where.
    seen: mpsc::Sender<Point>,
    /// Let on one by one where the test holds them.
    holds: Mutex<Option<Point>>,
    on: Semaphore,
    /// It does not show what was done to it.
    blind: AtomicBool,
}

impl Device {
    fn new() -> (Arc<Device>, mpsc::Receiver<Point>) {
        let (seen, sight) = mpsc::channel(100);
        let device = Device {
            done: Mutex::default(),
            seen,
            holds: Mutex::default(),
            on: Semaphore::new(0),
            blind: AtomicBool::default(),
        };
        (Arc::new(device), sight)
    }

    fn holding(self: &Arc<Self>, point: Point) -> Arc<Device> {
        *self.holds.lock().unwrap() = Some(point);
        Arc::clone(self)
    }

    async fn pass(&self, point: Point) {
        // The test may not look.
        let _ = self.seen.try_send(point);
        let is_held = *self.holds.lock().unwrap() == Some(point);
        if is_held {
            self.on.acquire().await.unwrap().forget();
        }
    }

    fn times(&self, id: Uuid) -> u32 {
        self.done.lock().unwrap().get(&id).copied().unwrap_or(0)
    }
}

#[async_trait]
impl Executor for Device {
    async fn execute(&self, order: &Order, _: Duration) -> Outcome {
        self.pass(Point::Before).await;
        *self.done.lock().unwrap().entry(order.id).or_default() += 1;
        self.pass(Point::After).await;
        Ok(json!({ "did": order.arguments }))
    }

    async fn settle(&self, unsettled: &Unsettled) -> Outcome {
        match self.times(unsettled.command.id) {
            _ if self.blind.load(Ordering::SeqCst) => {
                Err(RouterCommandError::Unknown("the device does not show it".to_owned()))
            }
            0 => Err(RouterCommandError::NotDone("the device shows that it was not done".to_owned())),
            _ => Ok(json!({ "seen": true })),
        }
    }
}

/// The house: a router that the process east polls, and Redis.
struct House {
    desk: Desk,
    /// Its database's URL.
    database: String,
    redis: Redis,
    nas: NasId,
    uses: RedisUses,
}

impl House {
    async fn new() -> House {
        let database = Database::create();
        let url = database.url().to_owned();
        let mut desk = Desk::shared(database).await;
        let nas = desk.add_router("tower").await;
        join(&*desk.store, "east").await;
        let uses = RedisUses::default();
        desk.state = desk.state.clone().between(uses.clone());
        House { desk, database: url, redis: Redis::start(), nas, uses }
    }

    fn url(&self) -> RedisUrl {
        RedisUrl::parse(&self.redis.url()).unwrap()
    }

    /// The process east, carrying out on this device.
    fn east(&self, device: &Arc<Device>) -> Process {
        self.process("east", Arc::clone(device) as Arc<dyn Executor>)
    }

    fn process(&self, name: &str, executor: Arc<dyn Executor>) -> Process {
        self.process_settling(name, executor, Duration::ZERO)
    }

    /// One that settles commands of others when they are so old.
    fn process_settling(&self, name: &str, executor: Arc<dyn Executor>, settled_after: Duration) -> Process {
        let performer = Arc::new(Performer::new(Arc::clone(&self.desk.store), name, executor));
        let taker = Taker::new(performer, self.url(), Arc::new(|| true), self.uses.clone());
        let taker = taker.settling_after(settled_after);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.spawn(taker.run(CancellationToken::new()));
        Process(Some(runtime))
    }

    /// The process web, which asks.
    fn web(&self) -> Arc<Asker> {
        let asker = self.deaf_web();
        tokio::spawn(Arc::clone(&asker).run(CancellationToken::new()));
        asker
    }

    /// It asks and hears no answer.
    fn deaf_web(&self) -> Arc<Asker> {
        let node = Node::new("web", NodeRole::Api);
        Arc::new(Asker::new(Arc::clone(&self.desk.store), self.url(), &node, self.uses.clone()))
    }

    fn order(&self, within: Duration) -> Order {
        Order::new(Some(self.nas), "sample", json!(7), within)
    }

    /// Waits until so many commands stand in east's stream.
    fn until_given(&self, commands: u64) {
        until(&|| format!("{commands} commands stand in the stream"), || {
            let given: u64 = self.redis.run(&["XLEN", "tikmeter:commands:east"]);
            (given == commands).then_some(())
        });
    }

    /// The database has lost the table of commands, or has it again.
    fn hide_commands(&self, yes: bool) {
        let (from, to) = if yes { ("command", "hidden") } else { ("hidden", "command") };
        postgres_server::run(&self.database, &format!("ALTER TABLE tikmeter.{from} RENAME TO {to}"));
    }

    /// The only command that is written down.
    async fn written(&self) -> Command {
        let mut all = self.desk.store.list_commands(10).await.unwrap();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// Waits until its outcome is written down.
    async fn ended(&self) -> Command {
        loop {
            let command = self.written().await;
            if command.state == CommandState::Ended {
                return command;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A process enters itself and takes the router if nobody has it; what it had under an earlier run is its own under another
/// epoch.
async fn join(store: &dyn Store, name: &str) {
    let node = Node::new(name, NodeRole::All);
    store.join(node.clone(), Duration::from_secs(60)).await.unwrap();
    store.share_out(node).await.unwrap();
}

/// A process that can be killed.
struct Process(Option<Runtime>);

impl Process {
    /// Ends all of it where it stands.
    fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.0.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn done() -> Outcome {
    Ok(json!({ "did": 7 }))
}

/// The text of an outcome that is not what was asked for, if it is of that kind.
fn not_done(outcome: Outcome) -> String {
    match outcome {
        Err(RouterCommandError::NotDone(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn unknown(outcome: Outcome) -> String {
    match outcome {
        Err(RouterCommandError::Unknown(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// The outcome as it is written down.
fn outcome_of(command: &Command) -> Json {
    serde_json::from_str(command.outcome.as_deref().unwrap()).unwrap()
}
