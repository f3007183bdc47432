//! `/queue/simple` as what limits: rows with all that tells whose they are and whether they stand as wanted, and the commands
//! that make them so (routeros.md §2.9). Every pair is upload/download of the target.

use routeros_proto::{Command, Reply, value};

use super::queue_target::{QueueTarget, write_list};
use operations::{MarkOn, Marks, Whose};

/// How the names of ours begin: of a hotspot device (the seed's scripts look for `pisonet-{MAC}`, compat.md 001), of a PPP login, of
/// an address, of an interface.
pub const NAMES: [&str; 4] = ["pisonet-", "tikmeter-ppp-", "tikmeter-ip-", "tikmeter-if-"];

const PROPLIST: [&str; 12] = [
    ".id",
    "name",
    "target",
    "dst",
    "packet-marks",
    "time",
    "max-limit",
    "dynamic",
    "disabled",
    "invalid",
    "comment",
    "bytes",
];
/// Settings by which a queue takes only a part of its target's traffic.
const CONDITIONS: [&[u8]; 3] = [b"dst", b"packet-marks", b"time"];

/// A queue as the router shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimpleQueue {
    /// Its `.id`, as printed; never empty (routeros.md §8, trap 21).
    pub id: Vec<u8>,
    /// Raw.
    pub name: Vec<u8>,
    /// What it is aimed at, in the router's order.
    pub targets: Vec<QueueTarget>,
    /// Bits per second, upload and download, 0 for no limit; `None` when not given or not understood.
    pub max_limit: Option<(u64, u64)>,
    /// The router made it, and nobody can change it.
    pub dynamic: bool,
    /// It is switched off, or its interface is gone.
    pub is_off: bool,
    /// It takes only traffic to some destinations, with some marks, or at some times.
    pub is_conditional: bool,
    /// By its mark.
    pub whose: Whose,
    /// Raw; empty when it has none.
    pub comment: Vec<u8>,
    /// Octets that passed it, upload and download.
    pub octets: Option<(u64, u64)>,
}

impl SimpleQueue {
    /// Whether it carries our mark, and is called as we call them.
    pub fn is_ours(&self) -> bool {
        let is_called_so = NAMES.iter().any(|begin| self.name.starts_with(begin.as_bytes()));
        !self.dynamic && self.whose.is_ours() && is_called_so
    }
}

/// A queue of ours as it is to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitQueue {
    /// Its name.
    pub name: Vec<u8>,
    /// What it is aimed at.
    pub targets: Vec<QueueTarget>,
    /// Bits per second, upload and download, 0 for no limit.
    pub max_limit: (u64, u64),
    /// Whose it is.
    pub mark: Marks,
}

/// Prints all of them, in the order in which packets meet them.
pub fn print() -> Command {
    Command::new("/queue/simple/print").proplist(&PROPLIST)
}

/// Reads one row; `None` for one without an id or a name. `mark`: of this installation.
pub fn queue(row: &Reply<'_>, mark: &Marks) -> Option<SimpleQueue> {
    let text = |name: &[u8]| row.get(name).unwrap_or_default();
    let is = |name: &[u8]| row.get(name).and_then(value::boolean) == Some(true);
    let id = row.get(b".id").filter(|id| value::item_id(id).is_some())?;
    let rates = value::pair(text(b"max-limit"));
    Some(SimpleQueue {
        id: id.to_vec(),
        name: row.get(b"name")?.to_vec(),
        targets: QueueTarget::read_list(text(b"target")),
        max_limit: rates.and_then(|(up, down)| Some((value::rate_bps(up)?, value::rate_bps(down)?))),
        dynamic: is(b"dynamic"),
        is_off: is(b"disabled") || is(b"invalid"),
        is_conditional: CONDITIONS.iter().any(|setting| !text(setting).is_empty()),
        whose: mark.whose(MarkOn::Limit, text(b"comment")),
        comment: text(b"comment").to_vec(),
        octets: value::octets_pair(text(b"bytes")),
    })
}

/// Adds one, before the queue of that id or behind all others.
pub fn add(queue: &LimitQueue, before: Option<&[u8]>) -> Command {
    let add = Command::new("/queue/simple/add").attr("name", &queue.name);
    let add = with_limits(add, queue);
    match before {
        Some(before) => add.attr("place-before", before),
        None => add,
    }
}

/// Makes the one of that id stand so.
pub fn set(id: &[u8], queue: &LimitQueue) -> Command {
    with_limits(Command::new("/queue/simple/set").attr(".id", id), queue).attr("disabled", "no")
}

/// Removes the one of that id.
pub fn remove(id: &[u8]) -> Command {
    Command::new("/queue/simple/remove").attr(".id", id)
}

fn with_limits(command: Command, queue: &LimitQueue) -> Command {
    let (up, down) = queue.max_limit;
    let command =
        command.attr("target", write_list(&queue.targets)).attr("max-limit", format!("{up}/{down}"));
    command.attr("comment", queue.mark.comment(MarkOn::Limit))
}
