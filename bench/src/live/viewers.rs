//! Who looks: WebSocket clients by hand, which note when each message came and keep none of them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::numbers::Place;
use super::orders::now_ns;
use crate::face::TOKEN;
use crate::figure::Result;

/// How often it is looked whether all have it.
const LOOK_EVERY: Duration = Duration::from_millis(1);
/// Looks without a message for anybody after which something is lost.
const PATIENCE: u32 = 10_000;
/// After so long something is said again.
const SAID_AGAIN: Duration = Duration::from_secs(1);
/// Viewers that connect at the same moment.
const AT_ONCE: usize = 50;
/// A pong without words, masked by nothing.
const PONG: [u8; 6] = [0x8A, 0x80, 0, 0, 0, 0];

/// A message that came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived {
    /// When.
    pub(crate) at: u64,
    /// What is moved according to it.
    pub(crate) moved: u32,
}

/// What came, in its order.
type Arrivals = Arc<Mutex<Vec<Arrived>>>;

/// They look until dropped.
pub(crate) struct Viewers {
    arrivals: Vec<Arrivals>,
    // Dropped last: they run on it.
    _runtime: Runtime,
}

impl Viewers {
    /// Lets so many connect, who read at that place of a message what is moved.
    pub(crate) fn connect(addr: SocketAddr, count: usize, place: Place) -> Result<Viewers> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let mut arrivals = Vec::with_capacity(count);
        while arrivals.len() < count {
            let mut coming = JoinSet::new();
            for _ in arrivals.len()..count.min(arrivals.len() + AT_ONCE) {
                coming.spawn_on(connected(addr), runtime.handle());
            }
            for socket in runtime.block_on(coming.join_all()) {
                let noted = Arrivals::default();
                arrivals.push(Arc::clone(&noted));
                runtime.spawn(look(socket?, place, noted));
            }
        }
        Ok(Viewers { arrivals, _runtime: runtime })
    }

    /// Waits until each has so many messages, of which these were not noted before.
    pub(crate) fn until_all_have(&self, messages: usize) -> Result<()> {
        let (mut before, mut looks) = (0, 0);
        loop {
            let have = self.arrivals.iter().map(|noted| all(noted).len());
            let (least, sum) = have.fold((usize::MAX, 0), |(least, sum), one| (least.min(one), sum + one));
            if least >= messages {
                return Ok(());
            }
            looks = if sum == before { looks + 1 } else { 0 };
            if looks > PATIENCE {
                return Err(
                    format!("live: a viewer has {least} of {messages} messages, and no more come").into()
                );
            }
            before = sum;
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// What each viewer was told since the last call.
    pub(crate) fn take(&self) -> Vec<Vec<Arrived>> {
        self.arrivals.iter().map(|noted| std::mem::take(&mut *all(noted))).collect()
    }
}

/// Lets something be said until so many messages came; their words. What is said before the server has begun to listen to its
/// routers reaches nobody.
pub(crate) fn overhear(
    addr: SocketAddr,
    messages: usize,
    mut say: impl FnMut() -> Result<()>,
) -> Result<Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut socket = runtime.block_on(connected(addr))?;
    let (mut frames, mut words) = (Frames::default(), Vec::new());
    while words.len() < messages {
        say()?;
        let hearing = async {
            tokio::time::timeout(SAID_AGAIN, hear(&mut frames, &mut socket, &mut words, messages)).await
        };
        match runtime.block_on(hearing) {
            Ok(heard) => heard?,
            Err(_) => eprintln!("bench: live: {} of {messages} messages came; said again", words.len()),
        }
    }
    words.truncate(messages);
    Ok(words)
}

async fn hear(
    frames: &mut Frames,
    socket: &mut TcpStream,
    words: &mut Vec<String>,
    messages: usize,
) -> Result<()> {
    while words.len() < messages {
        frames.read(socket).await?;
        while let Some((opcode, text)) = frames.next() {
            if opcode == 0x1 {
                words.push(String::from_utf8(text.to_vec())?);
            }
        }
    }
    Ok(())
}

fn all(noted: &Arrivals) -> MutexGuard<'_, Vec<Arrived>> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn connected(addr: SocketAddr) -> Result<TcpStream> {
    let mut socket = TcpStream::connect(addr).await?;
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: {addr}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // No frame is sent before something is said.
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(socket.read_u8().await?);
    }
    if answer.starts_with(b"HTTP/1.1 101 ") {
        return Ok(socket);
    }
    Err(format!("live: refused: {}", String::from_utf8_lossy(&answer)).into())
}

/// Ends when the server closes, or with the runtime.
async fn look(mut socket: TcpStream, place: Place, noted: Arrivals) {
    let mut frames = Frames::default();
    while frames.read(&mut socket).await.is_ok() {
        if note(&mut frames, place, &noted) && socket.write_all(&PONG).await.is_err() {
            return;
        }
    }
}

/// Notes the whole messages; whether a ping is among the frames.
fn note(frames: &mut Frames, place: Place, noted: &Arrivals) -> bool {
    let (now, mut pinged, mut noted) = (now_ns(), false, all(noted));
    while let Some((opcode, inside)) = frames.next() {
        match opcode {
            // One that cannot be read is of no sample that anybody waits for.
            0x1 => noted.push(Arrived { at: now, moved: place.read(inside).unwrap_or(0) }),
            0x9 => pinged = true,
            _ => {}
        }
    }
    pinged
}

/// Frames as servers send them: unmasked, and here never longer than 64 KiB.
#[derive(Default)]
struct Frames {
    held: Vec<u8>,
    taken: usize,
}

impl Frames {
    /// Some octets more; an error at the end.
    async fn read(&mut self, socket: &mut TcpStream) -> Result<()> {
        self.held.drain(..std::mem::take(&mut self.taken));
        match socket.read_buf(&mut self.held).await? {
            0 => Err("the server closed".into()),
            _ => Ok(()),
        }
    }

    /// The next whole one: its opcode, and what is in it.
    fn next(&mut self) -> Option<(u8, &[u8])> {
        let rest = self.held.get(self.taken..)?;
        let (opcode, short) = (rest.first()? & 0x0F, rest.get(1)? & 0x7F);
        let (head, length) = match short {
            126 => (4, usize::from(u16::from_be_bytes(rest.get(2..4)?.try_into().ok()?))),
            short => (2, usize::from(short)),
        };
        let whole = head + length;
        let inside = rest.get(head..whole)?;
        self.taken += whole;
        Some((opcode, inside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_where_reads_part_them() {
        let long = vec![b'x'; 300];
        let bytes = [&[0x81, 2, b'a', b'b', 0x89, 0, 0x81, 126, 1, 44][..], &long].concat();
        for part in 1..bytes.len() {
            let mut frames = Frames::default();
            let mut found = Vec::new();
            for some in bytes.chunks(part) {
                frames.held.extend_from_slice(some);
                while let Some((opcode, inside)) = frames.next() {
                    found.push((opcode, inside.len()));
                }
            }
            assert_eq!(found, [(1, 2), (9, 0), (1, 300)], "by {part}");
        }
    }
}
