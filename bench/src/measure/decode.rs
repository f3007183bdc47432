//! Decoding one reply that shows all counters, and adding them up.

use std::hint::black_box;
use std::time::Duration;

use accounting::Octets;
use routeros_proto::{Decoder, Event, Limits, Reply, Untagged, value};

use crate::bound::hand_parser;
use crate::figure::{Figure, Result, Section, Target};
use crate::plant::{numbers, reply};
use crate::scale::Scale;
use crate::sums::{Sums, exact};
use crate::timing::{alternate, timed};

/// As much as the collector reads at once.
const READ: usize = 32 * 1024;

/// Passes over the reply in one round: one alone is a few milliseconds.
const PASSES: u32 = 20;

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let bytes = reply::bytes(scale.sessions, 0);
    let expected = numbers::sums(scale.sessions, 0);
    let medians = alternate(
        || passes(|| decoded(black_box(&bytes)), expected),
        || passes(|| hand_parser::sum(black_box(&bytes)), expected),
    )?;
    let rate = |took: Duration| {
        let rows = f64::from(scale.sessions) * f64::from(PASSES);
        format!("{:.1} M rows/s", rows / took.as_secs_f64() / 1e6)
    };
    let figure = Figure {
        what: "decode a reply and sum".to_owned(),
        ours: rate(medians.ours),
        bound: rate(medians.bound),
        value: medians.speed(),
        unit: "x",
        target: Some(Target::AtLeast(0.6)),
    };
    let note = format!(
        "decode: {} bytes a row (`.id`, `name`, `rx-byte`, `tx-byte`), given to the decoder in reads of {READ} bytes, \
         copying included, over sentence, reply and event to the values; the bound walks one slice by hand.",
        bytes.len() as u64 / u64::from(scale.sessions)
    );
    Ok(Section { figures: vec![figure], notes: vec![note] })
}

fn passes(mut pass: impl FnMut() -> Option<Sums>, expected: Sums) -> Result<Duration> {
    let mut total = Duration::ZERO;
    for _ in 0..PASSES {
        let (sums, took) = timed(&mut pass);
        exact("decode", sums, Some(expected))?;
        total += took;
    }
    Ok(total)
}

fn decoded(bytes: &[u8]) -> Option<Sums> {
    let mut decoder = Decoder::new(Limits::default());
    let mut in_flight = Untagged::new();
    in_flight.sent();
    let mut sums = Sums::default();
    for read in bytes.chunks(READ) {
        decoder.feed(read);
        while let Some(sentence) = decoder.next().ok()? {
            match in_flight.accept(Reply::parse(sentence)) {
                Event::Row(row) => sums.add(octets(&row)?),
                Event::Done(_) => return Some(sums),
                _ => return None,
            }
        }
    }
    None
}

fn octets(row: &Reply<'_>) -> Option<Octets> {
    let number = |name: &[u8]| row.get(name).and_then(value::unsigned);
    Some(Octets::new(number(b"rx-byte")?, number(b"tx-byte")?))
}
