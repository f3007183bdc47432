//! A cable to the database's server that can break: for the next commit, or for as long as somebody likes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

/// What the cable does with the next commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Next {
    /// Carries it.
    Carries,
    /// Breaks when the server has heard of it: its answer is lost.
    BreaksAfter,
    /// Breaks before the server hears of it.
    BreaksBefore,
}

/// See the module.
#[derive(Clone)]
pub(crate) struct Cable {
    url: String,
    next: Arc<AtomicU8>,
    ends: Arc<Mutex<Ends>>,
}

#[derive(Default)]
struct Ends {
    is_cut: bool,
    open: Vec<Ended>,
}

/// Both ends of a connection.
struct Ended {
    client: TcpStream,
    server: TcpStream,
    /// Nothing is carried any more, and neither end is told.
    is_dead: Arc<AtomicBool>,
}

impl Cable {
    /// One to the database of that URL.
    pub(crate) fn lay(url: &str) -> Cable {
        let (user, place) = url.rsplit_once('@').unwrap();
        let (address, name) = place.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{user}@{}/{name}", listener.local_addr().unwrap());
        let cable = Cable { url, next: Arc::default(), ends: Arc::default() };
        let (laid, address) = (cable.clone(), address.to_owned());
        std::thread::spawn(move || {
            listener.incoming().map_while(Result::ok).for_each(|client| laid.connect(client, &address));
        });
        cable
    }

    /// The database's URL at this end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Says what happens to the next commit of any connection.
    pub(crate) fn next_commit(&self, next: Next) {
        self.next.store(next as u8, Ordering::SeqCst);
    }

    /// Whether what was to happen to a commit happened.
    pub(crate) fn carries(&self) -> bool {
        self.next.load(Ordering::SeqCst) == Next::Carries as u8
    }

    /// Nothing gets through, and nobody can connect: the clients see their connections broken, the server does not.
    pub(crate) fn cut(&self) {
        let mut ends = self.ends.lock().unwrap();
        ends.is_cut = true;
        for ended in &ends.open {
            ended.is_dead.store(true, Ordering::SeqCst);
            drop(ended.client.shutdown(Shutdown::Both));
        }
    }

    /// New connections get through again. The server still takes those of before for good ones.
    pub(crate) fn mend(&self) {
        self.ends.lock().unwrap().is_cut = false;
    }

    fn connect(&self, client: TcpStream, address: &str) {
        let mut ends = self.ends.lock().unwrap();
        if ends.is_cut {
            return;
        }
        // A server that is away is away at this end as well.
        let Ok(server) = TcpStream::connect(address) else { return };
        // A cable keeps nothing back to have more to carry.
        [&client, &server].into_iter().for_each(|end| end.set_nodelay(true).unwrap());
        let (from, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        let is_dead = Arc::new(AtomicBool::new(false));
        let (up, dead) = (self.clone(), is_dead.clone());
        ends.open.push(Ended {
            client: client.try_clone().unwrap(),
            server: server.try_clone().unwrap(),
            is_dead: is_dead.clone(),
        });
        drop(ends);
        std::thread::spawn(move || carry(from, to, &dead, |_| Next::Carries));
        std::thread::spawn(move || carry(client, server, &is_dead, |bytes| up.fate(bytes)));
    }

    /// Of what a client sends.
    fn fate(&self, bytes: &[u8]) -> Next {
        if !bytes.windows(7).any(|word| word == b"COMMIT\0") {
            return Next::Carries;
        }
        match self.next.swap(Next::Carries as u8, Ordering::SeqCst) {
            1 => Next::BreaksAfter,
            2 => Next::BreaksBefore,
            _ => Next::Carries,
        }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        drop(self.server.shutdown(Shutdown::Both));
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, is_dead: &AtomicBool, fate: impl Fn(&[u8]) -> Next) {
    let mut bytes = [0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        let fate = fate(&bytes[..read]);
        if fate != Next::Carries {
            // The client hears nothing any more; the server hears of it, or sees the client go.
            drop(from.shutdown(Shutdown::Both));
        }
        if fate == Next::BreaksBefore || to.write_all(&bytes[..read]).is_err() || fate != Next::Carries {
            break;
        }
    }
    if !is_dead.load(Ordering::SeqCst) {
        drop(to.shutdown(Shutdown::Write));
    }
}
