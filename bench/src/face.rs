//! The daemon's API, asked as a person's page asks: one page of usage after each round.

use std::net::SocketAddr;
use std::sync::Arc;

use operations::{Operations, ProcessToken};
use server::ServerState;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::figure::Result;

/// The token that children of this program accept; it lives as long as the process.
pub(crate) const TOKEN: &str = "bench-only";

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

    /// Where it listens.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What it answers, which must be well.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.addr).await?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.addr,
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        if answer.starts_with("HTTP/1.1 200 ") { Ok(answer) } else { Err(answer.into()) }
    }

    /// Asks for one page of usage; an answer that is none is an error.
    pub(crate) async fn look(&self) -> Result<()> {
        let mut stream = TcpStream::connect(self.addr).await?;
        let request = format!(
            "GET /api/v1/usage?limit=10000 HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n",
            self.addr
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Answer::default();
        loop {
            let mut part = [0; 16 * 1024];
            let read = stream.read(&mut part).await?;
            if read == 0 {
                return answer.judge();
            }
            answer.take(part.get(..read).unwrap_or_default());
        }
    }
}

/// What is remembered of an answer: the client lives in the process whose memory is measured, so it keeps none of it.
#[derive(Default)]
struct Answer {
    /// The first bytes.
    begin: Vec<u8>,
    /// The last bytes, in which a word may have begun.
    end: Vec<u8>,
    tells_usage: bool,
}

impl Answer {
    /// A word that only usage has.
    const WORD: &[u8] = b"upload_octets";

    fn take(&mut self, part: &[u8]) {
        let room = 64_usize.saturating_sub(self.begin.len()).min(part.len());
        self.begin.extend(part.iter().take(room));
        self.end.extend_from_slice(part);
        self.tells_usage |= self.end.windows(Self::WORD.len()).any(|word| word == Self::WORD);
        self.end.drain(..self.end.len().saturating_sub(Self::WORD.len()));
    }

    fn judge(&self) -> Result<()> {
        let begin = String::from_utf8_lossy(&self.begin);
        if begin.starts_with("HTTP/1.1 200 ") && self.tells_usage {
            return Ok(());
        }
        Err(format!("the API answered {}", begin.lines().next().unwrap_or("nothing")).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_two_reads_share_is_seen() {
        let mut answer = Answer::default();
        answer.take(b"HTTP/1.1 200 OK\r\n\r\n{\"upload_oc");
        assert!(answer.judge().is_err());
        answer.take(b"tets\":1}");
        assert!(answer.judge().is_ok());
        let mut refused = Answer::default();
        refused.take(b"HTTP/1.1 403 Forbidden\r\n\r\nupload_octets");
        assert!(refused.judge().is_err());
    }
}
