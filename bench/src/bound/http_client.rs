//! A client of HTTP that does no more than it must: it keeps a connection and reads answers whose length is told.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::face::TOKEN;
use crate::figure::Result;

/// See the module.
pub(crate) struct HttpClient {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

impl HttpClient {
    /// Connected.
    pub(crate) async fn to(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        // Ten thousand of them wait: what one holds counts.
        Ok(HttpClient { stream: BufReader::with_capacity(1_024, stream), address })
    }

    /// How many octets the answer's body has; one that is not well is an error.
    pub(crate) async fn ask(&mut self, path: &str) -> Result<u64> {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n", self.address);
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        let (mut line, mut length, mut first) = (String::new(), None, true);
        loop {
            line.clear();
            if self.stream.read_line(&mut line).await? == 0 {
                return Err("the server closed a connection instead of answering".into());
            }
            if std::mem::take(&mut first) && !line.starts_with("HTTP/1.1 200 ") {
                return Err(line.into());
            }
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse()?);
            }
        }
        let length = length.ok_or("an answer does not tell its length")?;
        let read = tokio::io::copy(&mut (&mut self.stream).take(length), &mut tokio::io::sink()).await?;
        if read == length { Ok(length) } else { Err("an answer was cut off".into()) }
    }

    /// Waits until the server closes it.
    pub(crate) async fn until_closed(&mut self) {
        // Whatever else comes than its end ends it, too.
        let _ = self.stream.fill_buf().await;
    }
}
