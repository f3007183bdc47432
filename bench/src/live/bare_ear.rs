//! The bound's ear: reads what routers say by hand, and puts the rates into texts that it has ready. Words shorter than 128
//! bytes, no limits, no error but giving up.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::broadcast;

use super::numbers::Place;
use super::side::EACH;
use crate::bound::hand_client::sentence;
use crate::figure::Result;

/// As much as is read at once.
const READ: usize = 16 * 1_024;

/// Ready texts by the interface they are about.
pub(super) type Texts = HashMap<Vec<u8>, String>;

/// Asks a router for samples and passes them on, all rows of one together, until it goes.
pub(super) async fn hear(
    router: SocketAddr,
    texts: Arc<Texts>,
    ring: broadcast::Sender<Arc<[Utf8Bytes]>>,
) -> Result<()> {
    let mut stream = TcpStream::connect(router).await?;
    stream.set_nodelay(true)?;
    let login = sentence(&["/login", "=name=bench", "=password=bench"]);
    let ask = sentence(&["/interface/monitor-traffic", "=interface=all-of-them", "=interval=1s"]);
    stream.write_all(&[login, ask].concat()).await?;
    let (mut received, mut moment) = (Vec::with_capacity(READ), Vec::new());
    while stream.read_buf(&mut received).await? > 0 {
        let taken = rows(&received, |name, rate| {
            let text = texts.get(name)?;
            let place = Place::of(text)?;
            moment.push(Utf8Bytes::from(put_in(text, place, std::str::from_utf8(rate).ok()?)));
            if moment.len() == EACH as usize {
                // Nobody has to look.
                drop(ring.send(std::mem::take(&mut moment).into()));
            }
            Some(())
        });
        received.drain(..taken.ok_or("a reply makes no sense")?);
    }
    Ok(())
}

fn put_in(text: &str, place: Place, rate: &str) -> String {
    let mut told = String::with_capacity(text.len());
    told.push_str(&text[..place.begin]);
    told.push_str(rate);
    told.push_str(&text[place.end..]);
    told
}

/// Name and rate of each whole row; how many bytes of whole sentences there were.
fn rows(bytes: &[u8], mut on_row: impl FnMut(&[u8], &[u8]) -> Option<()>) -> Option<usize> {
    let (mut taken, mut unread) = (0, bytes);
    let (mut name, mut rate) = (None, None);
    while let Some((&length, tail)) = unread.split_first() {
        if length >= 0x80 {
            return None;
        }
        let Some((word, rest)) = tail.split_at_checked(length.into()) else { break };
        unread = rest;
        if word.is_empty() {
            if let Some((name, rate)) = name.take().zip(rate.take()) {
                on_row(name, rate)?;
            }
            taken = bytes.len() - rest.len();
        } else if let Some(value) = word.strip_prefix(b"=name=") {
            name = Some(value);
        } else if let Some(value) = word.strip_prefix(b"=rx-bits-per-second=") {
            rate = Some(value);
        }
    }
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_reads_part_are_found_once() {
        let one =
            |name: &str| sentence(&["!re", &format!("=name={name}"), "=rx-bits-per-second=7", "=.section=1"]);
        let bytes = [sentence(&["!done"]), one("a"), one("b")].concat();
        for cut in 0..bytes.len() {
            let mut found = Vec::new();
            let mut note = |name: &[u8], rate: &[u8]| {
                found.push((name.to_vec(), rate.to_vec()));
                Some(())
            };
            let taken = rows(&bytes[..cut], &mut note).unwrap();
            assert_eq!(rows(&bytes[taken..], &mut note), Some(bytes.len() - taken));
            assert_eq!(found, [(b"a".to_vec(), b"7".to_vec()), (b"b".to_vec(), b"7".to_vec())], "at {cut}");
        }
        assert_eq!(rows(b"\x80\x01", |_, _| Some(())), None);
    }
}
