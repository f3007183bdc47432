//! What was found, and what mends it.

use super::code::FindingCode;

/// Where a command is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MendPlace {
    /// In a terminal of the router.
    Router,
    /// In a shell on the server's machine.
    Shell,
    /// Nowhere: it is a thing to do, put in words.
    Admin,
}

/// Every place with its stable name.
const PLACES: [(MendPlace, &str); 3] =
    [(MendPlace::Router, "router"), (MendPlace::Shell, "shell"), (MendPlace::Admin, "admin")];

impl MendPlace {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        PLACES.iter().find(|(place, _)| *place == self).map_or("", |(_, name)| name)
    }

    /// The place of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        PLACES.iter().find(|(_, known)| *known == name).map(|(place, _)| *place)
    }
}

/// A step that mends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// Where it is typed.
    pub place: MendPlace,
    /// The command, as it is typed, or the thing to do.
    pub command: String,
}

/// Something that makes figures or limits wrong, or soon may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which of the known kinds; its meaning is [`FindingCode::kind`].
    pub code: FindingCode,
    /// The router's name; `None`: it is about this machine.
    pub router: Option<String>,
    /// The login, queue, device or interface that it is about, as text that leads back to it; `None` where there is no such thing.
    pub about: Option<String>,
    /// What was seen, in a sentence.
    pub what: String,
    /// What mends it, in this order.
    pub mend: Vec<Mend>,
}

impl Finding {
    /// One that is about the whole router, which is named later, or about this machine.
    pub fn new(code: FindingCode, what: impl Into<String>) -> Self {
        Finding { code, router: None, about: None, what: what.into(), mend: Vec::new() }
    }

    /// About that thing.
    #[must_use]
    pub fn about(self, thing: impl Into<String>) -> Self {
        Finding { about: Some(thing.into()), ..self }
    }

    /// Mended by that too.
    #[must_use]
    pub fn mended(mut self, place: MendPlace, command: impl Into<String>) -> Self {
        self.mend.push(Mend { place, command: command.into() });
        self
    }
}

/// What could not be looked at: it may hide anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The router's name; `None`: it is about this machine.
    pub router: Option<String>,
    /// What and why, as half a sentence.
    pub why: String,
}

/// What came of looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The worst first.
    pub findings: Vec<Finding>,
    /// What could not be looked at.
    pub unseen: Vec<Unseen>,
    /// How many routers it is about.
    pub routers: usize,
}

/// What was seen of one router.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) findings: Vec<Finding>,
    pub(super) unseen: Vec<Unseen>,
}

impl Diagnosis {
    /// These are among them, too.
    pub(super) fn take(&mut self, seen: Seen) {
        self.findings.extend(seen.findings);
        self.unseen.extend(seen.unseen);
    }
}
