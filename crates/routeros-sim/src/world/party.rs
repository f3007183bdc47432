//! Whose traffic simple queues see.

/// By session, by slot of an interface without sessions, or by item of the queue whose target's traffic is scripted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Party {
    Session(u32),
    Fixed(u32),
    Scripted(u32),
}
