//! How fast the decoder is, as a ratio to a minimal parser written by hand for the same bytes.
//!
//! Both sum `rx-byte` and `tx-byte` over a reply of 100 000 rows of five words. The hand parser walks one slice that
//! holds everything; the decoder gets the bytes in reads of 16 KiB, copying included, and goes the whole way over
//! sentences, replies, events and values. They take turns; medians are compared.
//!
//! `cargo run --release -p routeros-proto --example decode_speed`

#![expect(clippy::print_stdout, reason = "this program exists to print")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use routeros_proto::{Decoder, Event, Limits, Reply, ReplyWriter, Untagged, value};

const ROWS: u64 = 100_000;
const TURNS: usize = 51;
const READ: usize = 16 * 1024;

/// Rows, upload and download.
type Sums = (u64, u64, u64);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reply = table();
    let mut by_hand = Vec::new();
    let mut by_decoder = Vec::new();
    for _ in 0..TURNS {
        by_hand.push(timed(|| hand_parser(black_box(&reply)))?);
        by_decoder.push(timed(|| decoder(black_box(&reply)))?);
    }
    let (hand, decoded) = (median(by_hand), median(by_decoder));
    println!("{ROWS} rows, {} bytes, {:.1} bytes a row", reply.len(), reply.len() as f64 / ROWS as f64);
    println!("hand parser: {hand:?}");
    println!("decoder:     {decoded:?}");
    println!("ratio:       {:.2} (at least 0.60 wanted)", hand.as_secs_f64() / decoded.as_secs_f64());
    Ok(())
}

fn table() -> Vec<u8> {
    let mut out = Vec::new();
    for i in 0..ROWS {
        let mut row = ReplyWriter::row(&mut out, None);
        row.attribute(b".id", format!("*{:X}", 0xF0_0000 + i).as_bytes());
        row.attribute(b"name", format!("<pppoe-user{i:05}>").as_bytes());
        row.attribute(b"rx-byte", (1_968_989_292 + i * 7919).to_string().as_bytes());
        row.attribute(b"tx-byte", (15_358_415_653 + i * 104_729).to_string().as_bytes());
        row.finish();
    }
    ReplyWriter::done(&mut out, None).finish();
    out
}

fn expected() -> Sums {
    let triangle = ROWS * (ROWS - 1) / 2;
    (ROWS, 1_968_989_292 * ROWS + triangle * 7919, 15_358_415_653 * ROWS + triangle * 104_729)
}

fn timed(run: impl FnOnce() -> Option<Sums>) -> Result<Duration, &'static str> {
    #[expect(clippy::disallowed_methods, reason = "measuring time is what this program is for")]
    let began = Instant::now();
    let sums = black_box(run());
    let took = began.elapsed();
    if sums == Some(expected()) { Ok(took) } else { Err("a sum is wrong") }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// As little as one can do and still be right on these bytes.
fn hand_parser(mut bytes: &[u8]) -> Option<Sums> {
    let (mut rows, mut upload, mut download) = (0, 0, 0);
    while let Some((&length, tail)) = bytes.split_first() {
        if length >= 0x80 {
            return None;
        }
        let (word, rest) = tail.split_at_checked(length.into())?;
        if word == b"!re" {
            rows += 1;
        } else if let Some(number) = word.strip_prefix(b"=rx-byte=") {
            upload += integer(number)?;
        } else if let Some(number) = word.strip_prefix(b"=tx-byte=") {
            download += integer(number)?;
        }
        bytes = rest;
    }
    Some((rows, upload, download))
}

fn integer(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |sum, digit| {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 { None } else { Some(sum.wrapping_mul(10).wrapping_add(digit.into())) }
    })
}

fn decoder(bytes: &[u8]) -> Option<Sums> {
    let mut decoder = Decoder::new(Limits::default());
    let mut in_flight = Untagged::new();
    in_flight.sent();
    let (mut rows, mut upload, mut download) = (0, 0, 0);
    for read in bytes.chunks(READ) {
        decoder.space(READ).get_mut(..read.len())?.copy_from_slice(read);
        decoder.advance(read.len());
        while let Some(sentence) = decoder.next().ok()? {
            match in_flight.accept(Reply::parse(sentence)) {
                Event::Row(row) => {
                    rows += 1;
                    upload += row.get(b"rx-byte").and_then(value::unsigned)?;
                    download += row.get(b"tx-byte").and_then(value::unsigned)?;
                }
                Event::Done(_) => return Some((rows, upload, download)),
                _ => return None,
            }
        }
    }
    None
}
