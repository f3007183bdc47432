//! Why nothing is said of a router's sessions.

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unobserved {
    /// It is disabled or paused.
    NotPolled,
    /// No process has read it since it started.
    NotRead,
    /// It was read once: a rate needs two readings.
    OneReading,
    /// The two latest readings lie too far apart.
    LongWindow,
    /// The latest reading is too old.
    Old,
}

/// Every reason with its stable name and a sentence.
pub const UNOBSERVED: [(Unobserved, &str, &str); 5] = [
    (Unobserved::NotPolled, "not_polled", "It is not polled."),
    (Unobserved::NotRead, "not_read", "It was not read yet; tikmeter router show says why."),
    (
        Unobserved::OneReading,
        "one_reading",
        "It was read once; a rate needs a second reading, which comes with the next poll.",
    ),
    (
        Unobserved::LongWindow,
        "long_window",
        "Its two latest readings lie further apart than three polls and 30 s; a mean over so long is no rate of now. The next \
         poll brings one.",
    ),
    (
        Unobserved::Old,
        "old",
        "Its latest reading is older than three polls and 30 s; tikmeter router show says why.",
    ),
];

impl Unobserved {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        UNOBSERVED.iter().find(|(one, ..)| *one == self).map_or("", |(_, name, _)| name)
    }

    /// The same for people.
    pub fn sentence(self) -> &'static str {
        UNOBSERVED.iter().find(|(one, ..)| *one == self).map_or("", |(.., sentence)| sentence)
    }
}
