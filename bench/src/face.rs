//! The daemon's API, asked as a person's page asks: one page of usage after each round.

use std::net::SocketAddr;
use std::sync::Arc;

use operations::{Operations, ProcessToken};
use server::ServerState;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::figure::Result;

/// The token the child accepts; it lives as long as the process.
const TOKEN: &str = "bench-only";

pub(crate) struct Face {
    addr: SocketAddr,
}

impl Face {
    /// Serves until `stop`.
    pub(crate) async fn open(operations: Operations, stop: CancellationToken) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let operations = Operations { process_token: Some(ProcessToken::new(TOKEN)), ..operations };
        tokio::spawn(server::serve(listener, ServerState::new(Arc::new(operations), true), stop));
        Ok(Face { addr })
    }

    /// Asks for one page of usage; an answer that is none is an error.
    pub(crate) async fn look(&self) -> Result<()> {
        let mut stream = TcpStream::connect(self.addr).await?;
        let request = format!(
            "GET /api/v1/usage?limit=10000 HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n",
            self.addr
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        if answer.starts_with("HTTP/1.1 200 ") && answer.contains("upload_octets") {
            return Ok(());
        }
        Err(format!("the API answered {}", answer.lines().next().unwrap_or("nothing")).into())
    }
}
