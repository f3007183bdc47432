//! Threads that own a connection each and run closures on it.
//!
//! The queue is bounded: who asks more than it holds waits. A closure runs whole or not at all; dropping the
//! future that waits for its answer does not stop it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::error::StoreError;

/// Jobs that wait for a connection before callers wait in line; also how many snapshots may share a transaction.
const QUEUE: usize = 256;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;
type Queue = Arc<Mutex<mpsc::Receiver<Job>>>;

/// What a worker does when its queue ran empty after at least one job.
pub(super) type Idle = Box<dyn FnMut(&Connection) + Send>;

/// One queue and the threads that serve it. Dropping it runs what is queued, then closes the connections.
pub(super) struct Worker {
    jobs: Option<mpsc::Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Lost {
    /// The job was not run.
    NotRun,
    /// The job was not run, for this reason.
    Refused(StoreError),
    /// The job may have run; its answer is lost.
    Unanswered,
}

impl From<Lost> for StoreError {
    fn from(lost: Lost) -> Self {
        let told = match lost {
            Lost::Refused(error) => return error,
            Lost::NotRun => "its thread has stopped; restart the server",
            Lost::Unanswered => "a statement stopped half-way and was undone; see the log",
        };
        StoreError::Unavailable(told.to_owned())
    }
}

impl Worker {
    /// Starts one thread per connection, all on one queue. The idle work is done on the first connection.
    pub(super) fn start(
        name: &str,
        connections: Vec<Connection>,
        mut idle: Option<Idle>,
    ) -> Result<Worker, StoreError> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let queue: Queue = Arc::new(Mutex::new(queue));
        let threads = connections
            .into_iter()
            .map(|connection| {
                let (queue, idle) = (Arc::clone(&queue), idle.take());
                std::thread::Builder::new()
                    .name(name.to_owned())
                    .spawn(move || serve(connection, &queue, idle))
                    .map_err(|error| StoreError::Unavailable(format!("no thread could be started: {error}")))
            })
            .collect::<Result<_, _>>()?;
        Ok(Worker { jobs: Some(jobs), threads })
    }

    /// Runs `job` on a connection and hands back what it returns.
    pub(super) async fn run<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> R + Send + 'static,
    ) -> Result<R, Lost> {
        let (answer, answered) = oneshot::channel();
        self.place().await?.take(move |connection| {
            // A caller that went away does not want its answer.
            let _ = answer.send(job(connection));
        });
        answered.await.map_err(|_| Lost::Unanswered)
    }

    /// Waits for a place in the queue.
    pub(super) async fn place(&self) -> Result<QueuePlace<'_>, Lost> {
        let jobs = self.jobs.as_ref().ok_or(Lost::NotRun)?;
        jobs.reserve().await.map(QueuePlace).map_err(|_| Lost::NotRun)
    }
}

/// A place in the queue that is not taken yet; free for others again when dropped.
pub(super) struct QueuePlace<'w>(mpsc::Permit<'w, Job>);

impl QueuePlace<'_> {
    /// Queues `job` there.
    pub(super) fn take(self, job: impl FnOnce(&mut Connection) + Send + 'static) {
        self.0.send(Box::new(job));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a database thread ended in a panic");
            }
        }
    }
}

fn serve(mut connection: Connection, queue: &Queue, mut idle: Option<Idle>) {
    while let Some(job) = next(queue, &connection, idle.as_mut()) {
        if std::panic::catch_unwind(AssertUnwindSafe(|| job(&mut connection))).is_err() {
            tracing::error!("a database job panicked; its transaction is undone");
        }
        leave_no_transaction(&connection);
    }
}

/// The next job; does the idle work first when none is waiting. `None` when the store is closed.
fn next(queue: &Queue, connection: &Connection, idle: Option<&mut Idle>) -> Option<Job> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    if let (Some(idle), true) = (idle, queue.is_empty()) {
        idle(connection);
    }
    queue.blocking_recv()
}

/// A job that failed in the middle must not leave its transaction to the next one.
fn leave_no_transaction(connection: &Connection) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(error) = connection.execute_batch("ROLLBACK") {
        tracing::error!(%error, "a failed transaction could not be undone");
    }
}
