//! Whether a queue counts traffic that counts for somebody already (DESIGN rule 8).

use std::iter::successors;
use std::net::IpAddr;

use accounting::table::Table;
use ipnet::IpNet;
use operations::CounterLook;
use routeros_proto::{Command, Reply, value};
use store::Asked;

/// What is asked of a queue's row (routeros.md §2.9).
const PROPLIST: [&str; 5] = [".id", "name", "target", "parent", "dynamic"];

/// One queue as configured.
pub(super) struct Queue {
    id: u64,
    name: Vec<u8>,
    target: Vec<u8>,
    parent: Vec<u8>,
    dynamic: bool,
}

/// Prints all queues: whose children and which targets there are cannot be asked for by name.
pub(super) fn print() -> Command {
    Command::new("/queue/simple/print").proplist(&PROPLIST)
}

/// Reads one row, or `None` when it lacks its id or name.
pub(super) fn queue(row: &Reply<'_>) -> Option<Queue> {
    let text = |name: &[u8]| row.get(name).unwrap_or_default().to_vec();
    Some(Queue {
        id: value::item_id(row.get(b".id")?)?,
        name: row.get(b"name")?.to_vec(),
        target: text(b"target"),
        parent: text(b"parent"),
        dynamic: matches!(row.get(b"dynamic"), Some(b"true" | b"yes")),
    })
}

/// What the queue of that name is, among all queues and what is enrolled on the router.
pub(super) fn judge(queues: &[Queue], name: &[u8], enrolled: &[Asked]) -> CounterLook {
    let Some(new) = queues.iter().find(|queue| queue.name == name) else { return CounterLook::NotThere };
    if new.dynamic {
        return CounterLook::OfSessions;
    }
    let others: Vec<&Queue> =
        queues.iter().filter(|queue| queue.id != new.id && is_enrolled(queue, enrolled)).collect();
    let named = |found: &&Queue| found.name.clone();
    let holds = |outer: &Queue, inner: &Queue| ancestors(queues, inner).any(|queue| queue.id == outer.id);
    if let Some(outer) = others.iter().find(|other| holds(other, new)) {
        return CounterLook::WithinQueue(named(outer));
    }
    if let Some(inner) = others.iter().find(|other| holds(new, other)) {
        return CounterLook::HoldsQueue(named(inner));
    }
    if let Some(other) = others.iter().find(|other| targets_meet(&other.target, &new.target)) {
        return CounterLook::SharesTarget(named(other));
    }
    let facing = enrolled.iter().filter(|one| one.table == Table::Facing);
    match facing.clone().find(|facing| is_aimed_at(new, &facing.name)) {
        Some(facing) => CounterLook::OnInterface(facing.name.clone()),
        None => CounterLook::Fit,
    }
}

/// What an interface is among them, for all that queues know.
pub(super) fn judge_interface(queues: &[Queue], name: &[u8], enrolled: &[Asked]) -> CounterLook {
    match queues.iter().find(|queue| is_aimed_at(queue, name) && is_enrolled(queue, enrolled)) {
        Some(queue) => CounterLook::PassesQueue(queue.name.clone()),
        None => CounterLook::Fit,
    }
}

fn is_aimed_at(queue: &Queue, interface: &[u8]) -> bool {
    parts(&queue.target).any(|part| part == interface)
}

fn is_enrolled(queue: &Queue, enrolled: &[Asked]) -> bool {
    let mut of_queues = enrolled.iter().filter(|one| one.table == Table::Queue);
    of_queues.any(|one| one.ids.contains(&queue.id) || one.name == queue.name)
}

/// The queues around a queue; as many as there are at most, should they go in a circle.
fn ancestors<'a>(queues: &'a [Queue], of: &'a Queue) -> impl Iterator<Item = &'a Queue> {
    let parent = |queue: &&Queue| queues.iter().find(|other| other.name == queue.parent);
    successors(Some(of), parent).skip(1).take(queues.len())
}

/// Whether one packet can belong to both: to a prefix within the other's, or to the same interface.
fn targets_meet(one: &[u8], other: &[u8]) -> bool {
    parts(one).any(|one| parts(other).any(|other| part_meets(one, other)))
}

fn parts(target: &[u8]) -> impl Iterator<Item = &[u8]> {
    target.split(|byte| *byte == b',').filter(|part| !part.is_empty())
}

fn part_meets(one: &[u8], other: &[u8]) -> bool {
    match (prefix(one), prefix(other)) {
        (Some(one), Some(other)) => one.contains(&other) || other.contains(&one),
        _ => one == other,
    }
}

fn prefix(part: &[u8]) -> Option<IpNet> {
    let text = std::str::from_utf8(part).ok()?;
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::targets_meet;

    #[test]
    fn targets_meet_where_one_packet_can_belong_to_both() {
        for (one, other, meet) in [
            ("10.0.0.7/32", "10.0.0.7", true),
            ("10.0.0.0/24", "10.0.0.7/32", true),
            ("192.0.2.1/32,10.0.0.7/32", "10.0.0.0/29", true),
            ("10.0.0.7/32", "10.0.0.8/32", false),
            ("0.0.0.0/0", "2001:db8::/56", false),
            ("2001:db8::/32", "2001:db8:1::/56", true),
            ("vlan101", "vlan101", true),
            ("vlan101", "vlan10", false),
            ("", "", false),
        ] {
            assert_eq!(targets_meet(one.as_bytes(), other.as_bytes()), meet, "{one} {other}");
            assert_eq!(targets_meet(other.as_bytes(), one.as_bytes()), meet, "{other} {one}");
        }
    }
}
