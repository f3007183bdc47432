//! Sentences over TCP or TLS: connecting, writing, reading, and the end of every wait. Knows no command and no reply's
//! meaning, so that every kind of connection to a router is built on it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use routeros_proto::{Command, Decoder, Limits, Reply};
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::link::error::{Closed, Deadline, Garbage, LinkError, Unreachable};
use crate::link::handshake::shake_hands;
use crate::link::target::Target;
use crate::link::traffic::Traffic;

/// A read asks for this much while tables come: some 400 counter rows.
const MOST_READ: usize = 32 * 1024;
/// A read asks for this much after a short answer: most connections are silent most of the time, and each of them
/// waits with so much memory.
const LEAST_READ: usize = 1024;
/// An answer is short when it fills this part of what was asked for.
const SHORT: usize = 16;

/// TCP keep-alive finds a router that vanished while nothing is in flight.
const KEEP_ALIVE_AFTER: Duration = Duration::from_secs(60);
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(15);

/// How long one answer is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    idle: Duration,
    until: Option<(Instant, Deadline)>,
}

impl Wait {
    /// Without end as long as a byte comes within each `idle`.
    pub fn idle(idle: Duration) -> Self {
        Wait { idle, until: None }
    }

    /// With an end `within` from now, reported as `deadline`.
    pub fn in_all(self, within: Duration, deadline: Deadline) -> Self {
        Wait { until: Some((Instant::now() + within, deadline)), ..self }
    }

    fn next_end(self) -> (Instant, Deadline) {
        let idle = (Instant::now() + self.idle, Deadline::Idle(self.idle));
        match self.until {
            Some(until) if until.0 < idle.0 => until,
            _ => idle,
        }
    }
}

/// What bytes are read from and written to: TCP, or TLS over it.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + fmt::Debug> Stream for T {}

/// A connection that carries sentences.
#[derive(Debug)]
pub struct Transport {
    stream: Box<dyn Stream>,
    decoder: Decoder,
    outgoing: Vec<u8>,
    /// What the next read asks for.
    ask: usize,
    traffic: Traffic,
}

impl Transport {
    /// Connects to `target` within its connect deadline, and shakes hands where it wants TLS.
    ///
    /// # Errors
    /// [`LinkError::Unreachable`], [`LinkError::Insecure`], or the handshake's [`LinkError::TimedOut`] and
    /// [`LinkError::Closed`].
    pub async fn connect(target: &Target) -> Result<Self, LinkError> {
        let stream = connect_any(target).await.map_err(LinkError::Unreachable)?;
        tune(&stream)
            .map_err(|cause| Unreachable::Network { address: target.address(), cause })
            .map_err(LinkError::Unreachable)?;
        let stream: Box<dyn Stream> = match target.security.verifier() {
            Some(verifier) => Box::new(shake_hands(target, stream, verifier).await?),
            None => Box::new(stream),
        };
        Ok(Transport {
            stream,
            decoder: Decoder::new(Limits::default()),
            outgoing: Vec::with_capacity(1024),
            ask: LEAST_READ,
            traffic: Traffic::default(),
        })
    }

    /// Sends one sentence in one write. A router that takes nothing for `within` is given up.
    ///
    /// # Errors
    /// [`LinkError::TimedOut`] or [`LinkError::Closed`]; both end the connection.
    pub async fn send(&mut self, command: &Command, within: Duration) -> Result<(), LinkError> {
        self.outgoing.clear();
        command.encode(&mut self.outgoing);
        let sending = async {
            self.stream.write_all(&self.outgoing).await?;
            // TLS may hold bytes back.
            self.stream.flush().await
        };
        match timeout(within, sending).await {
            Ok(Ok(())) => {}
            Ok(Err(cause)) => return Err(LinkError::Closed(Closed::Broken(cause))),
            Err(_) => return Err(LinkError::TimedOut(Deadline::Write(within))),
        }
        self.traffic.bytes_out += self.outgoing.len() as u64;
        self.traffic.sentences_out += 1;
        Ok(())
    }

    /// The next reply among the bytes received so far, or `None` when more must be read.
    ///
    /// # Errors
    /// [`LinkError::Protocol`]; nothing after such bytes can be trusted.
    pub fn reply(&mut self) -> Result<Option<Reply<'_>>, LinkError> {
        let sentence = match self.decoder.next() {
            Ok(Some(sentence)) => sentence,
            Ok(None) => return Ok(None),
            Err(error) => return Err(LinkError::Protocol(Garbage::Undecodable(error))),
        };
        self.traffic.sentences_in += 1;
        match sentence.word(0) {
            Some(word) if word.first() == Some(&b'!') => Ok(Some(Reply::parse(sentence))),
            word => Err(LinkError::Protocol(Garbage::NoReplyWord(excerpt(word.unwrap_or_default())))),
        }
    }

    /// Reads what the router sends next, after [`Self::reply`] found no more; at least one byte.
    ///
    /// # Errors
    /// [`LinkError::TimedOut`], [`LinkError::Closed`] or [`LinkError::Protocol`]; all end the connection.
    pub async fn fill(&mut self, wait: Wait) -> Result<(), LinkError> {
        self.check_begun()?;
        let (end, deadline) = wait.next_end();
        let read = self.stream.read(self.decoder.space(self.ask));
        let received = match timeout_at(end, read).await {
            Ok(Ok(0)) => return Err(LinkError::Closed(Closed::EndOfStream)),
            Ok(Ok(received)) => received,
            // TLS tells an end without farewell apart, TCP does not.
            Ok(Err(cause)) if cause.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(LinkError::Closed(Closed::EndOfStream));
            }
            Ok(Err(cause)) => return Err(LinkError::Closed(Closed::Broken(cause))),
            Err(_) => return Err(LinkError::TimedOut(deadline)),
        };
        self.decoder.advance(received);
        self.ask_next(received);
        self.traffic.bytes_in += received as u64;
        Ok(())
    }

    /// The banner of another protocol announces more bytes than ever come: it is known by the first, not by waiting for
    /// the last.
    fn check_begun(&self) -> Result<(), LinkError> {
        match self.decoder.begins_with() {
            None | Some(b'!') => Ok(()),
            Some(_) => Err(LinkError::Protocol(Garbage::NoReplyWord(excerpt(self.decoder.begun())))),
        }
    }

    /// A full read means that more stands behind it; after a short one the memory for long ones is given back.
    fn ask_next(&mut self, received: usize) {
        if received >= self.ask {
            self.ask = (self.ask * 8).min(MOST_READ);
        } else if self.ask > LEAST_READ && received <= self.ask / SHORT {
            self.ask = LEAST_READ;
            self.decoder.release();
        }
    }

    /// What went over this connection so far.
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }
}

async fn connect_any(target: &Target) -> Result<TcpStream, Unreachable> {
    let within = target.deadlines.connect;
    let no_answer = |_| Unreachable::NoAnswer { address: target.address(), within };
    timeout(within, async {
        let addresses = allowed(target, resolve(target).await?)?;
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(cause) => last = cause,
            }
        }
        Err(unreachable_because(target, last))
    })
    .await
    .map_err(no_answer)?
}

async fn resolve(target: &Target) -> Result<Vec<SocketAddr>, Unreachable> {
    match tokio::net::lookup_host((target.host.as_str(), target.port)).await {
        Ok(addresses) => Ok(addresses.collect()),
        Err(cause) => Err(Unreachable::NoName { address: target.address(), cause }),
    }
}

/// Those of them where a router may be. Where none is, no connection is tried.
fn allowed(target: &Target, resolved: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Unreachable> {
    let (mut fit, mut refused) = (Vec::new(), None);
    for found in resolved {
        match target.allowed.check(found.ip()) {
            Ok(()) => fit.push(found),
            Err(why) => refused = Some((found.ip(), why)),
        }
    }
    match refused.filter(|_| fit.is_empty()) {
        Some((ip, why)) => Err(Unreachable::NotAllowed { address: target.address(), ip, why }),
        None => Ok(fit),
    }
}

fn unreachable_because(target: &Target, cause: io::Error) -> Unreachable {
    let address = target.address();
    match cause.kind() {
        io::ErrorKind::ConnectionRefused => Unreachable::Refused { address },
        io::ErrorKind::TimedOut => Unreachable::NoAnswer { address, within: target.deadlines.connect },
        _ => Unreachable::Network { address, cause },
    }
}

fn tune(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let keep_alive = TcpKeepalive::new().with_time(KEEP_ALIVE_AFTER).with_interval(KEEP_ALIVE_EVERY);
    SockRef::from(stream).set_tcp_keepalive(&keep_alive)
}

/// Enough of a strange word to recognise another protocol by, harmless on a terminal.
fn excerpt(word: &[u8]) -> String {
    word[..word.len().min(24)].escape_ascii().to_string()
}
