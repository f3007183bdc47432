//! What routers do with simple queues, where nobody has established it.

/// What `/queue/simple/set` does to the queue's `bytes` (U3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueSet {
    /// They go on.
    #[default]
    Keeps,
    /// They begin at 0.
    StartsOver,
}

/// Whether a client may put a static queue before one that the router made itself (U14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StaticBeforeDynamic {
    /// It may, and its queue takes the traffic.
    #[default]
    Allowed,
    /// `place-before` is refused.
    Refused,
}

/// Where the router puts a queue of its own that no profile gives a place (not established).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DynamicQueuePlace {
    /// Before all others: static queues of the same target see nothing (routeros.md §2.9).
    #[default]
    First,
    /// Behind all others.
    Last,
}
