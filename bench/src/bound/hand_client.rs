//! A client for the router's API by hand: a blocking socket, words shorter than 128 bytes, one command at a time.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use super::hand_parser::{self, Row};
use crate::figure::Result;

/// As much as is read at once.
const READ: usize = 64 * 1024;

/// The print of the counters, as the collector asks for it.
pub(crate) const PRINT: [&str; 8] = [
    "/interface/print",
    "=.proplist=.id,name,rx-byte,tx-byte",
    "?type=pppoe-in",
    "?type=l2tp-in",
    "?type=pptp-in",
    "?type=sstp-in",
    "?type=ovpn-in",
    "?#||||",
];

/// A logged-in connection.
pub(crate) struct HandClient {
    stream: TcpStream,
    received: Vec<u8>,
}

impl HandClient {
    /// Connects and logs in with a plain password.
    pub(crate) fn open(addr: SocketAddr, user: &str, password: &str) -> Result<Self> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        let mut client = HandClient { stream, received: Vec::with_capacity(2 * READ) };
        let (name, password) = (format!("=name={user}"), format!("=password={password}"));
        client.send(&sentence(&["/login", &name, &password]))?;
        client.rows(|_| None)?;
        Ok(client)
    }

    /// Sends a command made by [`sentence`], in one write.
    pub(crate) fn send(&mut self, sentence: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(sentence)?)
    }

    /// Sends a command in two writes: what a client does that encodes word by word.
    pub(crate) fn send_in_two(&mut self, sentence: &[u8]) -> Result<()> {
        let (one, two) = sentence.split_at(sentence.len() / 2);
        self.stream.write_all(one)?;
        Ok(self.stream.write_all(two)?)
    }

    /// Hands over each row until the command is done.
    pub(crate) fn rows(&mut self, mut on_row: impl FnMut(Row<'_>) -> Option<()>) -> Result<()> {
        self.received.clear();
        loop {
            self.receive()?;
            let walk = hand_parser::rows(&self.received, &mut on_row).ok_or("a reply makes no sense")?;
            if walk.done {
                return Ok(());
            }
            self.received.drain(..walk.taken);
        }
    }

    fn receive(&mut self) -> Result<()> {
        let before = self.received.len();
        self.received.resize(before + READ, 0);
        let room = self.received.get_mut(before..).unwrap_or_default();
        let read = self.stream.read(room)?;
        self.received.truncate(before + read);
        if read == 0 { Err("the simulated router closed the connection".into()) } else { Ok(()) }
    }
}

/// The bytes of a command.
pub(crate) fn sentence(words: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in words {
        debug_assert!(word.len() < 0x80);
        bytes.extend(u8::try_from(word.len()));
        bytes.extend_from_slice(word.as_bytes());
    }
    bytes.push(0);
    bytes
}
