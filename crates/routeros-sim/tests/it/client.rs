//! A minimal client of the binary API, so that the simulator is seen as over a real socket.

use std::net::SocketAddr;
use std::time::Duration;

use routeros_proto::{ClientLogin, Command, Decoder, Event, Limits, LoginStep, Reply, Trap, Untagged};
use routeros_sim::server::SimRouter;
use routeros_sim::world::Device;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) type Words = Vec<Vec<u8>>;

pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    decoder: Decoder,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row(pub(crate) Vec<(Vec<u8>, Vec<u8>)>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Done { ret: Option<Vec<u8>>, was_empty: bool },
    Trap(Trap),
    Fatal(String),
    Closed,
    Garbled,
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    pub(crate) end: End,
}

impl Row {
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        let found = self.0.iter().rev().find(|(known, _)| known == name.as_bytes());
        found.map(|(_, value)| value.as_slice())
    }

    pub(crate) fn text(&self, name: &str) -> String {
        let value = self.get(name).unwrap_or_else(|| panic!("no {name} in {self:?}"));
        String::from_utf8_lossy(value).into_owned()
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        routeros_proto::value::unsigned(self.get(name).expect("has it")).expect("a number")
    }
}

impl Answer {
    /// The rows of an answer that ended well.
    pub(crate) fn ok(self) -> Vec<Row> {
        assert!(matches!(self.end, End::Done { .. }), "{:?}", self.end);
        self.rows
    }

    pub(crate) fn trap(&self) -> &str {
        match &self.end {
            End::Trap(trap) => &trap.message,
            other => panic!("no trap but {other:?}"),
        }
    }
}

impl Client {
    pub(crate) async fn connect(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).await.expect("the router listens");
        Self { stream, decoder: Decoder::new(Limits::default()) }
    }

    /// Connected and logged in as the default user.
    pub(crate) async fn login(router: &SimRouter) -> Self {
        let mut client = Self::connect(router.addr()).await;
        client.log_in(Device::DEFAULT_USER, Device::DEFAULT_PASSWORD).await.expect("the login succeeds");
        client
    }

    pub(crate) async fn log_in(&mut self, name: &str, password: &str) -> Result<(), End> {
        let mut login = ClientLogin::new(name.as_bytes(), password.as_bytes());
        let mut command = login.first();
        loop {
            let answer = self.call(command).await;
            let event = match answer.end {
                End::Done { ret, was_empty } => {
                    Event::Done(routeros_proto::Finished { ret: ret.map(Vec::into_boxed_slice), was_empty })
                }
                End::Trap(trap) => Event::Trapped(trap),
                other => return Err(other),
            };
            match login.step(event) {
                LoginStep::Send(next) => command = next,
                LoginStep::Success => return Ok(()),
                LoginStep::Refused(trap) => return Err(End::Trap(trap)),
                LoginStep::Wait => panic!("a finished command leaves nothing to wait for"),
                LoginStep::Closed(text) => return Err(End::Fatal(text)),
            }
        }
    }

    pub(crate) async fn send(&mut self, command: &Command) {
        let mut bytes = Vec::new();
        command.encode(&mut bytes);
        self.stream.write_all(&bytes).await.expect("the router reads");
    }

    pub(crate) async fn call(&mut self, command: Command) -> Answer {
        self.send(&command).await;
        self.answer().await
    }

    /// Prints a menu, with these properties.
    pub(crate) async fn print(&mut self, path: &str, properties: &[&str]) -> Answer {
        self.call(Command::new(path).proplist(properties)).await
    }

    pub(crate) async fn answer(&mut self) -> Answer {
        let mut rows = Vec::new();
        let mut untagged = Untagged::new();
        untagged.sent();
        loop {
            let end = match self.decoder.next() {
                Ok(Some(sentence)) => match untagged.accept(Reply::parse(sentence)) {
                    Event::Row(reply) => {
                        rows.push(Row(reply.attributes().map(|(n, v)| (n.to_vec(), v.to_vec())).collect()));
                        None
                    }
                    Event::Done(done) => {
                        Some(End::Done { ret: done.ret.map(Vec::from), was_empty: done.was_empty })
                    }
                    Event::Trapped(trap) => Some(End::Trap(trap)),
                    Event::Fatal(text) => Some(End::Fatal(text)),
                    Event::Cancelled | Event::Ignored(_) => None,
                },
                Ok(None) => (!self.read().await).then_some(End::Closed),
                Err(_) => Some(End::Garbled),
            };
            if let Some(end) = end {
                return Answer { rows, end };
            }
        }
    }

    /// The next sentence as it is; `None` when the connection ended.
    pub(crate) async fn words(&mut self) -> Option<Words> {
        loop {
            if let Some(sentence) = self.decoder.next().expect("well formed") {
                return Some(sentence.words().map(<[u8]>::to_vec).collect());
            }
            if !self.read().await {
                return None;
            }
        }
    }

    /// Whether the router keeps silent for a while.
    pub(crate) async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(150), self.words()).await.is_err()
    }

    async fn read(&mut self) -> bool {
        let space = self.decoder.space(64 * 1024);
        let read = tokio::time::timeout(PATIENCE, self.stream.read(space)).await.expect("an answer in time");
        let read = read.unwrap_or(0);
        self.decoder.advance(read);
        read > 0
    }
}

/// Words for comparison with literals.
pub(crate) fn words(text: &[&str]) -> Option<Words> {
    Some(text.iter().map(|word| word.as_bytes().to_vec()).collect())
}
