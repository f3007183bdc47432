//! A command on its way, as an entry of the stream of the process that is to carry it out.

use std::collections::HashMap;
use std::time::Duration;

use redis::{Pipeline, Value, from_redis_value_ref};
use serde_json::Value as Json;
use store::{NasId, NewCommand};
use uuid::Uuid;

use super::wire;

/// After so long without a command nobody will read the stream any more.
const STREAM_LIVES: Duration = Duration::from_secs(86_400);
/// More commands than that wait for nobody who is well.
const MOST: u32 = 10_000;

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Its own name.
    pub id: Uuid,
    /// The router it is for; `None`: for the process itself.
    pub nas: Option<NasId>,
    /// What is to be done.
    pub kind: String,
    /// The particulars.
    pub arguments: Json,
    /// How long after it was given it may still be begun, by Redis' clock, and is waited for.
    pub within: Duration,
}

impl Order {
    /// A new one.
    pub fn new(nas: Option<NasId>, kind: &str, arguments: Json, within: Duration) -> Order {
        Order { id: Uuid::new_v4(), nas, kind: kind.to_owned(), arguments, within }
    }

    /// Whether it changes nothing and is asked again and again: it is not written down, and who does not want to wait gives it up.
    pub(super) fn is_question(&self) -> bool {
        wire::QUESTIONS.contains(&&*self.kind)
    }

    /// As it is written down.
    pub(super) fn written(&self, nas: NasId) -> NewCommand {
        NewCommand { id: self.id, nas, kind: self.kind.clone(), arguments: self.arguments.to_string() }
    }

    /// Puts it into the stream of a process; the answer is wanted in the stream `answers`.
    pub(super) fn give(&self, node: &str, answers: &str) -> Pipeline {
        let stream = stream(node);
        let mut give = redis::cmd("XADD");
        give.arg(&stream).arg("MAXLEN").arg("~").arg(MOST).arg("*");
        give.arg("id").arg(self.id.to_string()).arg("kind").arg(&self.kind);
        self.nas.iter().for_each(|nas| _ = give.arg("nas").arg(nas.0));
        give.arg("arguments").arg(self.arguments.to_string());
        give.arg("within_ms").arg(self.within.as_millis().to_string()).arg("answers").arg(answers);
        let mut all = redis::pipe();
        all.atomic().add_command(give).ignore();
        all.cmd("EXPIRE").arg(&stream).arg(STREAM_LIVES.as_secs()).ignore();
        all
    }

    /// Reads it, and where the answer is wanted; `None` for an entry that is no command.
    pub(super) fn read(fields: &HashMap<String, Value>) -> Option<(Order, String)> {
        let text = |name: &str| from_redis_value_ref::<String>(fields.get(name)?).ok();
        let nas = match text("nas") {
            Some(nas) => Some(NasId(nas.parse().ok()?)),
            None => None,
        };
        let order = Order {
            id: Uuid::parse_str(&text("id")?).ok()?,
            nas,
            kind: text("kind")?,
            arguments: serde_json::from_str(&text("arguments")?).ok()?,
            within: Duration::from_millis(text("within_ms")?.parse().ok()?),
        };
        Some((order, text("answers")?))
    }
}

/// The stream of a process.
pub(super) fn stream(node: &str) -> String {
    format!("tikmeter:commands:{node}")
}
