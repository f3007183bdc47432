//! The queues of a router: what is configured of them, and which is inside which.

use std::collections::HashMap;
use std::iter::successors;

use routeros_proto::{Command, Reply, value};

use crate::link::{Link, LinkError};

/// What is asked of a queue's row (routeros.md §2.9).
const PROPLIST: [&str; 5] = [".id", "name", "target", "parent", "dynamic"];

/// One queue as configured.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) id: u64,
    pub(super) name: Vec<u8>,
    pub(super) dynamic: bool,
    target: Vec<u8>,
    parent: Vec<u8>,
}

/// All queues of a router.
#[derive(Debug, Default)]
pub(super) struct Queues {
    all: Vec<Queue>,
    by_name: HashMap<Vec<u8>, usize>,
}

impl Queues {
    /// Prints all of them: whose children and which targets there are cannot be asked for by name. None where the router
    /// has no such menu.
    pub(super) async fn read(link: &mut Link) -> Result<Queues, LinkError> {
        let mut all = Vec::new();
        let print = Command::new("/queue/simple/print").proplist(&PROPLIST);
        match link.print(&print, |row| all.extend(queue(&row))).await {
            Ok(_) => Ok(Queues::of(all)),
            Err(LinkError::MissingMenu(_)) => Ok(Queues::default()),
            Err(error) => Err(error),
        }
    }

    fn of(all: Vec<Queue>) -> Queues {
        let by_name = all.iter().enumerate().map(|(at, queue)| (queue.name.clone(), at)).collect();
        Queues { all, by_name }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Queue> {
        self.all.iter()
    }

    pub(super) fn named(&self, name: &[u8]) -> Option<&Queue> {
        self.by_name.get(name).and_then(|at| self.all.get(*at))
    }

    /// The queues around a queue; as many as there are at most, should they go in a circle.
    pub(super) fn around<'a>(&'a self, queue: &'a Queue) -> impl Iterator<Item = &'a Queue> {
        successors(Some(queue), |queue| self.named(&queue.parent)).skip(1).take(self.all.len())
    }
}

impl Queue {
    /// Prefixes, addresses and interfaces whose traffic passes it.
    pub(super) fn targets(&self) -> impl Iterator<Item = &[u8]> {
        self.target.split(|byte| *byte == b',').filter(|part| !part.is_empty())
    }
}

/// Reads one row, or `None` when it lacks its id or name.
fn queue(row: &Reply<'_>) -> Option<Queue> {
    let text = |name: &[u8]| row.get(name).unwrap_or_default().to_vec();
    Some(Queue {
        id: value::item_id(row.get(b".id")?)?,
        name: row.get(b"name")?.to_vec(),
        target: text(b"target"),
        parent: text(b"parent"),
        dynamic: matches!(row.get(b"dynamic"), Some(b"true" | b"yes")),
    })
}

#[cfg(test)]
impl Queues {
    /// Of these names, targets and parents.
    pub(super) fn made_of(queues: &[(&str, &str, &str)]) -> Queues {
        let queue = |(id, (name, target, parent)): (u64, &(&str, &str, &str))| Queue {
            id,
            name: name.as_bytes().to_vec(),
            dynamic: false,
            target: target.as_bytes().to_vec(),
            parent: parent.as_bytes().to_vec(),
        };
        Queues::of((1..).zip(queues).map(queue).collect())
    }
}
