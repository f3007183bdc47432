//! One connection: reads requests, answers them in turns, tells listeners what happened.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use routeros_proto::{Decoder, Limits, Request};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::api_ssl::{Speech, Stream};
use super::desk::Desk;
use super::hold::Hold;
use super::job::{BUFFER, Job, Next};
use super::outlet;
use super::shared::Shared;
use super::stats::Counting;

const READ: usize = 4096;
/// By so much a row may outgrow the buffer that it begins in.
const A_ROW: usize = 1024;
/// Stands for no idle timeout.
const A_LONG_TIME: Duration = Duration::from_secs(365 * 86_400);

/// How a new client is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Welcome {
    Normal,
    /// The login will be refused.
    OverLimit,
    /// Nothing will ever be said.
    Silence,
}

/// Serves one connection until it ends, is cut, or the router stops.
pub(crate) async fn run(
    shared: Arc<Shared>,
    stream: TcpStream,
    peer: SocketAddr,
    speech: Speech,
    hold: Hold,
    welcome: Welcome,
) {
    let cut = shared.cut_token();
    let served = async {
        stream.set_nodelay(true)?;
        // Who says nothing shakes no hands either.
        let speech = if welcome == Welcome::Silence { Speech::Plain } else { speech };
        let Some(stream) = speech.greet(stream).await? else { return Ok(()) };
        let address = peer.ip().to_string().into_bytes();
        let desk = Desk::new(shared.clone(), hold.number, address, welcome == Welcome::OverLimit);
        let changes = shared.changes();
        let decoder = Decoder::new(Limits::default());
        let mut connection =
            Connection { shared: shared.clone(), cut: cut.clone(), stream, decoder, desk, changes };
        if welcome == Welcome::Silence { connection.hang().await } else { connection.serve().await }
    };
    if let Some(Err(error)) = cut.run_until_cancelled(served).await {
        tracing::debug!(%error, %peer, "a client's connection to the simulated router broke");
    }
}

struct Connection {
    shared: Arc<Shared>,
    cut: CancellationToken,
    stream: Box<dyn Stream>,
    decoder: Decoder,
    desk: Desk,
    changes: watch::Receiver<u64>,
}

impl Connection {
    async fn serve(&mut self) -> io::Result<()> {
        loop {
            self.take_requests()?;
            self.tell_listeners().await?;
            let open = match self.desk.jobs.pop_front() {
                Some(job) => self.work(job).await? && self.read_what_is_there().await?,
                None => self.wait().await?,
            };
            if !open {
                return Ok(());
            }
        }
    }

    fn take_requests(&mut self) -> io::Result<()> {
        loop {
            match self.decoder.next() {
                Ok(Some(sentence)) => match Request::parse(sentence) {
                    Some(request) => self.desk.accept(&request),
                    None => self.desk.wonder(),
                },
                Ok(None) => return Ok(()),
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
    }

    async fn tell_listeners(&mut self) -> io::Result<()> {
        if !self.desk.listens() && self.desk.sample_due().is_none() {
            return Ok(());
        }
        let mut out = Vec::new();
        let (shared, desk) = (&self.shared, &mut self.desk);
        let shown = shared.world(|world| desk.tell(world, &mut out));
        outlet::write(&mut self.stream, &shared.counting, &out, None, || {
            shared.world(|world| world.note_sightings(shown));
        })
        .await
    }

    /// Answers a piece of one command; whether the connection goes on.
    async fn work(&mut self, mut job: Job) -> io::Result<bool> {
        if let Some(delay) = job.faults.delay.take() {
            tokio::time::sleep(delay).await;
        }
        let shared = &self.shared;
        if let Some(path) = job.about_to_print() {
            for action in shared.hooks.take(path) {
                shared.world(action);
            }
        }
        if self.cut.is_cancelled() {
            // What happened just now was a reboot: nobody is left to answer.
            return Ok(false);
        }
        let mut out = Vec::with_capacity(BUFFER + A_ROW);
        let step = shared.world(|world| job.step(world, &mut out));
        outlet::write(&mut self.stream, &shared.counting, &out, job.faults.trickle, || {
            shared.world(|world| world.note_sightings(step.shown));
        })
        .await?;
        match step.next {
            Next::Again => self.desk.jobs.push_back(job),
            Next::Finished => {}
            Next::Close => return Ok(false),
            Next::Hang => {
                self.hang().await?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Between two pieces of an answer: takes further requests without waiting for any.
    async fn read_what_is_there(&mut self) -> io::Result<bool> {
        tokio::select! {
            biased;
            read = self.stream.read(self.decoder.space(READ)) => {
                let read = read?;
                Ok(self.received(read))
            }
            () = std::future::ready(()) => Ok(true),
        }
    }

    /// With nothing to do: waits for a request or for something to tell.
    async fn wait(&mut self) -> io::Result<bool> {
        let timeout =
            self.shared.world(|world| world.device.switches.api_idle_timeout).unwrap_or(A_LONG_TIME);
        tokio::select! {
            read = self.stream.read(self.decoder.space(READ)) => {
                let read = read?;
                Ok(self.received(read))
            }
            _ = self.changes.changed(), if self.desk.listens() => Ok(true),
            () = sleep_until(self.desk.sample_due()) => Ok(true),
            () = tokio::time::sleep(timeout) => Ok(false),
        }
    }

    /// Says nothing any more, until the client goes away.
    async fn hang(&mut self) -> io::Result<()> {
        let mut ignored = [0; READ];
        while self.stream.read(&mut ignored).await? > 0 {}
        Ok(())
    }

    fn received(&mut self, read: usize) -> bool {
        self.decoder.advance(read);
        Counting::add(&self.shared.counting.bytes_in, read);
        read > 0
    }
}

/// For ever where there is nothing to wait for.
async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
