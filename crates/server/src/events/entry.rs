//! An event as an entry of the stream.

use redis::Cmd;
use store::Event;

use super::STREAM;
use crate::api::model::event::{Data, VERSION};

/// Adds it; the stream keeps about so many entries.
pub(super) fn command(event: &Event, entries: u64) -> Cmd {
    let data = Data::of(event);
    let text = serde_json::to_string(&data).expect("plain strings and numbers are always JSON");
    let mut command = redis::cmd("XADD");
    command.arg(STREAM).arg("MAXLEN").arg("~").arg(entries).arg("*");
    command.arg("v").arg(VERSION).arg("type").arg(data.kind());
    command.arg("router").arg(&event.router).arg("router_id").arg(event.router_id.to_string());
    command.arg("seq").arg(event.seq).arg("at_us").arg(event.at.0);
    command.arg("data").arg(text);
    command
}
