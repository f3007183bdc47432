//! What is said between who wants limits and who keeps a router to them.

use std::sync::Arc;

use store::{LimitSessions, LimitSubject, RateLimit, WantedLimit};

/// How the limits of a router stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitsKept {
    /// The commands that were sent to change something, or would be; word by word, in their order.
    pub commands: Vec<String>,
    /// How each wanted limit stands, as it was read back; with a dry run, as it was before.
    pub found: Vec<(LimitSubject, LimitFound)>,
    /// With a dry run those that would be refused, and why.
    pub refused: Vec<(LimitSubject, String)>,
    /// Queues with our mark that the router still shows.
    pub ours: usize,
    /// Why queues of ours are still there that nobody wants.
    pub stays: Option<String>,
}

impl LimitsKept {
    /// How one of them stands.
    pub fn of(&self, subject: &LimitSubject) -> Option<&LimitFound> {
        self.found.iter().find(|(of, _)| of == subject).map(|(_, found)| found)
    }

    /// The same with what is said of that one only: a router may have thousands.
    #[must_use]
    pub fn about(mut self, subject: &LimitSubject) -> LimitsKept {
        self.found.retain(|(of, _)| of == subject);
        self.refused.retain(|(of, _)| of == subject);
        self
    }
}

/// How a wanted limit stands on its router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitFound {
    /// Nobody of whom it is for is connected: it is set when they come.
    Away,
    /// They may be as fast as they can, and nothing of ours slows them.
    Free,
    /// The router shows it as wanted, and nothing that is known takes its traffic away from it.
    Set(RateLimit),
    /// The router shows it as wanted, and it limits nothing: why, and how to mend that.
    WithoutEffect(NoEffect),
    /// The router shows it otherwise, or does not take it: why, in its words where it has some.
    Refused(String),
}

/// Why a queue that stands as wanted limits nothing, or not all (routeros.md §2.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoEffect {
    /// A rule of the firewall FastTracks, which passes all queues by.
    FastTrack,
    /// This queue takes the traffic before ours sees it.
    Behind {
        /// Its name, raw.
        queue: Vec<u8>,
        /// The router made it, of the rate limit of a profile, a user or RADIUS.
        dynamic: bool,
    },
    /// This queue stands before ours and takes the traffic of some of their addresses: ours limits the rest.
    PartBehind {
        /// Its name, raw.
        queue: Vec<u8>,
    },
    /// This queue stands before ours and takes what its conditions select: traffic to some destinations, with some marks, at some times.
    MayMatch {
        /// Its name, raw.
        queue: Vec<u8>,
    },
    /// This queue is aimed at an interface and stands before ours: if they are behind that interface it takes their traffic.
    MayBeBehind {
        /// Its name, raw.
        queue: Vec<u8>,
    },
}

/// What somebody who has a router kept to its limits is after; changes of what is wanted are only thought of, but for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitChange {
    /// Nothing is wanted on the router, which is about to be left. This one is made: what is ours goes, and is not set again for half
    /// a minute.
    Leave,
    /// Nothing else is wanted; the answer is to be about this one.
    About(LimitSubject),
    /// This one is wanted too.
    Set(WantedLimit),
    /// None is wanted for this subject.
    Remove(LimitSubject),
    /// All of these, one after the other.
    All(Vec<LimitChange>),
}

impl LimitChange {
    /// Whom the answer is to be about; nobody: all that are limited.
    pub fn about(&self) -> Option<&LimitSubject> {
        match self {
            LimitChange::Leave | LimitChange::All(_) => None,
            LimitChange::Set(limit) => Some(&limit.subject),
            LimitChange::About(subject) | LimitChange::Remove(subject) => Some(subject),
        }
    }

    /// What would be wanted with it.
    pub fn apply(self, mut wanted: Vec<WantedLimit>) -> Vec<WantedLimit> {
        let subject = match &self {
            LimitChange::Leave => return Vec::new(),
            LimitChange::About(_) => return wanted,
            LimitChange::All(changes) => {
                return changes.iter().cloned().fold(wanted, |wanted, change| change.apply(wanted));
            }
            LimitChange::Set(limit) => limit.subject.clone(),
            LimitChange::Remove(subject) => subject.clone(),
        };
        wanted.retain(|limit| limit.subject != subject);
        if let LimitChange::Set(limit) = self {
            wanted.push(limit);
        }
        wanted
    }
}

/// What a router is to be kept to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouterLimits {
    /// The limits that are wanted on it.
    pub wanted: Arc<[WantedLimit]>,
    /// The sessions that some of them end with, in the order of subjects.
    pub sessions: Arc<[LimitSessions]>,
    /// Something of ours may be on it, or it is looked at: without either it is not asked.
    pub is_asked: bool,
    /// The number by which this process told the router so: higher than that of whatever any router was told before.
    pub told: u64,
}
