//! Many routers read at once by hand: a connection each, logged in before, all prints in flight, nothing remembered but
//! the sum. Over plain TCP, or over TLS as a client would that takes whatever certificate it is shown.

use std::net::SocketAddr;
use std::time::Duration;

use routeros_sim::world::Device;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

use super::hand_client::{PRINT, sentence};
use super::{any_certificate, hand_parser};
use crate::figure::Result;
use crate::sums::Sums;
use crate::timing::timed;

/// As much as is made room for before each read.
const READ: usize = 16 * 1024;

/// Connections to all routers.
pub(crate) struct BareReader {
    connections: Vec<Connection>,
    runtime: Runtime,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct Connection {
    stream: Box<dyn Stream>,
    received: Vec<u8>,
}

impl BareReader {
    /// Connects and logs in everywhere, in clear.
    pub(crate) fn plain(addrs: &[SocketAddr]) -> Result<Self> {
        Self::open(addrs, None)
    }

    /// The same over TLS.
    pub(crate) fn over_tls(addrs: &[SocketAddr]) -> Result<Self> {
        Self::open(addrs, Some(&any_certificate::connector()?))
    }

    fn open(addrs: &[SocketAddr], tls: Option<&TlsConnector>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let connections = addrs.iter().map(|addr| runtime.block_on(Connection::open(*addr, tls)));
        Ok(BareReader { connections: connections.collect::<Result<_>>()?, runtime })
    }

    /// Prints the counters of all of them and adds them up.
    pub(crate) fn round(&mut self) -> Result<(Sums, Duration)> {
        let mut reading = JoinSet::new();
        let connections = std::mem::take(&mut self.connections);
        let (read, took) = timed(|| {
            self.runtime.block_on(async {
                for connection in connections {
                    reading.spawn(connection.print());
                }
                reading.join_all().await
            })
        });
        let mut sums = Sums::default();
        for answer in read {
            let (connection, of_one) = answer?;
            sums.rows += of_one.rows;
            sums.octets += of_one.octets;
            self.connections.push(connection);
        }
        Ok((sums, took))
    }
}

impl Connection {
    async fn open(addr: SocketAddr, tls: Option<&TlsConnector>) -> Result<Self> {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        let stream: Box<dyn Stream> = match tls {
            Some(connector) => Box::new(connector.connect(addr.ip().into(), stream).await?),
            None => Box::new(stream),
        };
        let mut connection = Connection { stream, received: Vec::new() };
        let user = format!("=name={}", Device::DEFAULT_USER);
        let password = format!("=password={}", Device::DEFAULT_PASSWORD);
        connection.ask(&["/login", &user, &password]).await?;
        Ok(connection)
    }

    async fn print(mut self) -> Result<(Self, Sums)> {
        let sums = self.ask(&PRINT).await?;
        Ok((self, sums))
    }

    /// Sends a command and adds up the rows until it is done.
    async fn ask(&mut self, words: &[&str]) -> Result<Sums> {
        self.stream.write_all(&sentence(words)).await?;
        self.stream.flush().await?;
        self.received.clear();
        let mut sums = Sums::default();
        loop {
            self.received.reserve(READ);
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err("a simulated router closed the connection".into());
            }
            let add = |row: hand_parser::Row<'_>| {
                sums.add(row.octets);
                Some(())
            };
            let walk = hand_parser::rows(&self.received, add).ok_or("a reply makes no sense")?;
            if walk.done {
                return Ok(sums);
            }
            self.received.drain(..walk.taken);
        }
    }
}
