//! The door: accepts connections, and opens and closes the port when told to.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::api_ssl::Speech;
use super::connection::{self, Welcome};
use super::hold::Hold;
use super::shared::Shared;
use super::stats::Counting;
use crate::faults::Fault;
use crate::world::OverMaxSessions;

const REBIND_PAUSE: Duration = Duration::from_millis(20);
const BACKLOG: u32 = 256;

pub(crate) struct Door {
    pub(crate) shared: Arc<Shared>,
    pub(crate) addr: SocketAddr,
    pub(crate) speech: Speech,
    pub(crate) wanted: watch::Receiver<bool>,
    pub(crate) bound: watch::Sender<bool>,
}

/// Binds so that the same port can be taken again at once.
pub(crate) fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

pub(crate) async fn run(mut door: Door, listener: TcpListener, tasks: TaskTracker) {
    let stop = door.shared.stop.clone();
    stop.run_until_cancelled(door.serve(listener, tasks)).await;
}

impl Door {
    async fn serve(&mut self, mut listener: TcpListener, tasks: TaskTracker) {
        let mut number = 0;
        let mut wanted = self.wanted.clone();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    number += 1;
                    self.admit(accepted, number, &tasks);
                }
                () = until(&mut wanted, false) => {
                    drop(listener);
                    self.bound.send_replace(false);
                    listener = self.reopen().await;
                    self.bound.send_replace(true);
                }
            }
        }
    }

    /// Waits until the port is wanted again and takes it; somebody may hold it for a moment.
    async fn reopen(&mut self) -> TcpListener {
        loop {
            until(&mut self.wanted, true).await;
            match bind(self.addr) {
                Ok(listener) => return listener,
                Err(error) => {
                    tracing::warn!(%error, addr = %self.addr, "simulated router cannot take its port again yet");
                    tokio::time::sleep(REBIND_PAUSE).await;
                }
            }
        }
    }

    fn admit(&self, accepted: io::Result<(TcpStream, SocketAddr)>, number: u32, tasks: &TaskTracker) {
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, addr = %self.addr, "simulated router could not accept a connection");
                return;
            }
        };
        Counting::add(&self.shared.counting.connections, 1);
        match self.judge() {
            Verdict::Serve(welcome) => {
                let hold = Hold::new(self.shared.clone(), number);
                let speech = self.speech.clone();
                tasks.spawn(connection::run(self.shared.clone(), stream, peer, speech, hold, welcome));
            }
            Verdict::Close => drop(stream),
            Verdict::Reset => reset(&stream),
        }
    }

    fn judge(&self) -> Verdict {
        let open = self.shared.counting.open_connections.load(Ordering::Relaxed);
        let (answers, limit, over) = self.shared.world(|world| {
            let device = world.device();
            (world.answers(), u64::from(device.max_sessions), device.switches.over_max_sessions)
        });
        match self.shared.faults.at_connect() {
            Some(Fault::Refuse) => Verdict::Reset,
            Some(Fault::HangOnConnect) => Verdict::Serve(Welcome::Silence),
            Some(Fault::MaxSessions) => over_limit(over),
            _ if !answers => Verdict::Reset,
            _ if open >= limit => over_limit(over),
            _ => Verdict::Serve(Welcome::Normal),
        }
    }
}

/// Waits until the port is wanted open or closed; for ever once nobody can say so any more.
async fn until(wanted: &mut watch::Receiver<bool>, open: bool) {
    if wanted.wait_for(|&wanted| wanted == open).await.is_err() {
        std::future::pending().await
    }
}

enum Verdict {
    Serve(Welcome),
    Close,
    Reset,
}

fn over_limit(behaviour: OverMaxSessions) -> Verdict {
    match behaviour {
        OverMaxSessions::Close => Verdict::Close,
        OverMaxSessions::Trap => Verdict::Serve(Welcome::OverLimit),
        OverMaxSessions::Refuse => Verdict::Reset,
    }
}

/// Without lingering, closing sends a reset instead of a regular end.
fn reset(stream: &TcpStream) {
    if let Err(error) = stream.set_zero_linger() {
        tracing::warn!(%error, "simulated router could not reset a connection");
    }
}
