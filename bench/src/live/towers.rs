//! Routers by hand, which say what their subscribers move when they are told to: they answer what they are asked, and note
//! when the bytes of a sample were written.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use routeros_proto::{Decoder, Limits, ReplyWriter, Request};

use super::numbers::{interface, moved, username};
use super::orders::now_ns;
use super::side::{EACH, ROUTERS};
use crate::figure::Result;

/// Until then each of them has been asked for samples.
const ASKED_WITHIN: Duration = Duration::from_secs(60);
/// What every subscriber is sent, bits a second.
const DOWNLOAD: &str = "23456789";

/// All of them. Each lives until who asked it goes.
pub(crate) struct Towers {
    towers: Vec<Arc<Tower>>,
    addrs: Vec<SocketAddr>,
}

impl Towers {
    /// Opens them.
    pub(crate) fn open() -> Result<Towers> {
        let mut opened = Towers { towers: Vec::new(), addrs: Vec::new() };
        for number in 0..ROUTERS {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            opened.addrs.push(listener.local_addr()?);
            let tower = Arc::new(Tower { number, listened: Mutex::default(), asked: Condvar::new() });
            opened.towers.push(Arc::clone(&tower));
            std::thread::spawn(move || tower.serve(&listener));
        }
        Ok(opened)
    }

    /// Where they are, in their order.
    pub(crate) fn addrs(&self) -> &[SocketAddr] {
        &self.addrs
    }

    /// One of them says what its subscribers move, in the sample of that number; when it did. It waits until it is asked.
    pub(crate) fn say(&self, router: u32, sample: u32) -> Result<u64> {
        self.towers.get(router as usize).ok_or("there is no such router")?.say(sample)
    }
}

struct Tower {
    number: u32,
    listened: Mutex<Option<Listened>>,
    asked: Condvar,
}

/// Who asked for samples, and under which tag.
struct Listened {
    by: TcpStream,
    tag: Option<Vec<u8>>,
}

impl Tower {
    /// Answers one connection until it ends.
    fn serve(&self, listener: &TcpListener) {
        if let Err(error) = listener.accept().map_err(Into::into).and_then(|(by, _)| self.answer(by)) {
            eprintln!("bench: live: a router by hand ended: {error}");
        }
    }

    fn answer(&self, mut by: TcpStream) -> Result<()> {
        by.set_nodelay(true)?;
        let mut decoder = Decoder::new(Limits::default());
        loop {
            let mut out = Vec::new();
            while let Some(sentence) = decoder.next()? {
                let request = Request::parse(sentence).ok_or("that is no command")?;
                if request.path() == b"/interface/monitor-traffic" {
                    *self.listened() =
                        Some(Listened { by: by.try_clone()?, tag: request.tag().map(<[u8]>::to_vec) });
                    self.asked.notify_all();
                } else {
                    self.reply(&request, &mut out);
                }
            }
            // Not into the middle of a sample.
            let held = self.listened();
            by.write_all(&out)?;
            drop(held);
            match by.read(decoder.space(4_096))? {
                0 => return Ok(()),
                read => decoder.advance(read),
            }
        }
    }

    /// Rows where a look-up asks for sessions; all else is done without a word, and to a listen nothing is said.
    fn reply(&self, request: &Request<'_>, out: &mut Vec<u8>) {
        let tag = request.tag();
        match request.path() {
            b"/ppp/active/listen" => return,
            b"/interface/pppoe-server/print" => (0..EACH).for_each(|no| self.session(no, tag, out)),
            _ => {}
        }
        ReplyWriter::done(out, tag).finish();
    }

    fn session(&self, no: u32, tag: Option<&[u8]>, out: &mut Vec<u8>) {
        let mut row = ReplyWriter::row(out, tag);
        row.attribute(b"name", interface(self.number, no).as_bytes());
        row.attribute(b"user", username(self.number, no).as_bytes());
        row.attribute(b"uptime", b"1d").attribute(b"running", b"true").attribute(b"dynamic", b"true");
        row.finish();
    }

    fn say(&self, sample: u32) -> Result<u64> {
        let not_yet = |listened: &mut Option<Listened>| listened.is_none();
        let waited = self.asked.wait_timeout_while(self.listened(), ASKED_WITHIN, not_yet);
        let (mut listened, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let Listened { by, tag } = listened.as_mut().ok_or("a router is not asked for samples")?;
        let mut rows = Vec::new();
        for no in 0..EACH {
            let mut row = ReplyWriter::row(&mut rows, tag.as_deref());
            row.attribute(b"name", interface(self.number, no).as_bytes());
            row.attribute(b"rx-bits-per-second", moved(self.number, sample).to_string().as_bytes());
            row.attribute(b"tx-bits-per-second", DOWNLOAD.as_bytes());
            row.attribute(b".section", sample.to_string().as_bytes());
            row.finish();
        }
        let at = now_ns();
        by.write_all(&rows)?;
        Ok(at)
    }

    fn listened(&self) -> MutexGuard<'_, Option<Listened>> {
        self.listened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
