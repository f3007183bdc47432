//! Threads that own a connection each and run closures on it.
//!
//! The queue is bounded: who asks more than it holds waits. A closure runs whole or not at all; dropping the
//! future that waits for its answer does not stop it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use crate::error::StoreError;

use super::driver::Session;

/// Jobs that wait for a connection before callers wait in line; also how many snapshots may share a transaction.
const QUEUE: usize = 256;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;
type Queue<S> = Arc<Mutex<mpsc::Receiver<Job<S>>>>;

/// What a worker does when its queue ran empty after at least one job.
pub(crate) type Idle<S> = Box<dyn FnMut(&mut S) + Send>;

/// One queue and the threads that serve it. Dropping it runs what is queued, then closes the connections.
pub(crate) struct Worker<S> {
    jobs: Option<mpsc::Sender<Job<S>>>,
    threads: Vec<JoinHandle<()>>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Lost {
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

impl<S: Session> Worker<S> {
    /// Starts one thread per connection, all on one queue. The idle work is done on the first connection.
    pub(crate) fn start(
        name: &str,
        sessions: Vec<S>,
        mut idle: Option<Idle<S>>,
    ) -> Result<Worker<S>, StoreError> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let queue: Queue<S> = Arc::new(Mutex::new(queue));
        let threads = sessions
            .into_iter()
            .map(|session| {
                let (queue, idle) = (Arc::clone(&queue), idle.take());
                std::thread::Builder::new()
                    .name(name.to_owned())
                    .spawn(move || serve(session, &queue, idle))
                    .map_err(|error| StoreError::Unavailable(format!("no thread could be started: {error}")))
            })
            .collect::<Result<_, _>>()?;
        Ok(Worker { jobs: Some(jobs), threads })
    }

    /// Runs `job` on a connection and hands back what it returns.
    pub(crate) async fn run<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut S) -> R + Send + 'static,
    ) -> Result<R, Lost> {
        let (answer, answered) = oneshot::channel();
        self.place().await?.take(move |session| {
            // A caller that went away does not want its answer.
            let _ = answer.send(job(session));
        });
        answered.await.map_err(|_| Lost::Unanswered)
    }

    /// Waits for a place in the queue.
    pub(super) async fn place(&self) -> Result<QueuePlace<'_, S>, Lost> {
        let jobs = self.jobs.as_ref().ok_or(Lost::NotRun)?;
        jobs.reserve().await.map(QueuePlace).map_err(|_| Lost::NotRun)
    }
}

/// A place in the queue that is not taken yet; free for others again when dropped.
pub(super) struct QueuePlace<'w, S>(mpsc::Permit<'w, Job<S>>);

impl<S> QueuePlace<'_, S> {
    /// Queues `job` there.
    pub(super) fn take(self, job: impl FnOnce(&mut S) + Send + 'static) {
        self.0.send(Box::new(job));
    }
}

impl<S> Drop for Worker<S> {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a database thread ended in a panic");
            }
        }
    }
}

fn serve<S: Session>(mut session: S, queue: &Queue<S>, mut idle: Option<Idle<S>>) {
    while let Some(job) = next(queue, &mut session, idle.as_mut()) {
        if std::panic::catch_unwind(AssertUnwindSafe(|| job(&mut session))).is_err() {
            tracing::error!("a database job panicked; its transaction is undone");
            session.leave_no_transaction();
        }
    }
}

/// The next job; does the idle work first when none is waiting. `None` when the store is closed.
fn next<S>(queue: &Queue<S>, session: &mut S, idle: Option<&mut Idle<S>>) -> Option<Job<S>> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    if let (Some(idle), true) = (idle, queue.is_empty()) {
        idle(session);
    }
    queue.blocking_recv()
}
