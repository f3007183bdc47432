//! The reply of a router that shows all counters, in the bytes it sends.

use std::io::Write as _;

use routeros_proto::{ReplyWriter, value};

use super::numbers;

/// The reply of round `round`: one row per subscriber, then the `!done`.
pub(crate) fn bytes(sessions: u32, round: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(sessions as usize * 88);
    let mut text = Vec::with_capacity(24);
    for i in 0..sessions {
        let octets = numbers::octets(i, round);
        let mut row = ReplyWriter::row(&mut out, None);
        text.clear();
        value::write_item_id(numbers::handle(i), &mut text);
        row.attribute(b".id", &text);
        row.attribute(b"name", numbers::interface(i).as_bytes());
        row.attribute(b"rx-byte", decimal(&mut text, octets.input));
        row.attribute(b"tx-byte", decimal(&mut text, octets.output));
        row.finish();
    }
    ReplyWriter::done(&mut out, None).finish();
    out
}

fn decimal(text: &mut Vec<u8>, number: u64) -> &[u8] {
    text.clear();
    // Writing into a Vec cannot fail.
    let _ = write!(text, "{number}");
    text
}
