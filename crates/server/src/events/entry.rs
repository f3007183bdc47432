//! An event as an entry of the stream.

use redis::Cmd;
use store::Event;

use super::STREAM;
use crate::api::model::event::{VERSION, kind, write_data};

/// Adds it; the stream keeps about so many entries. What `json` holds is written over.
pub(super) fn command(event: &Event, entries: u64, json: &mut Vec<u8>) -> Cmd {
    json.clear();
    write_data(event, json);
    let mut command = Cmd::with_capacity(20, json.len() + 256);
    command.arg("XADD");
    command.arg(STREAM).arg("MAXLEN").arg("~").arg(entries).arg("*");
    command.arg("v").arg(VERSION).arg("type").arg(kind(event));
    command.arg("router").arg(&event.router).arg("router_id").arg(event.router_id.to_string());
    command.arg("seq").arg(event.seq).arg("at_us").arg(event.at.0);
    command.arg("data").arg(json.as_slice());
    command
}
