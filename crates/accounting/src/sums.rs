//! What a router adds up for each of its users by itself, beside the counters of their sessions. Nobody has established
//! when such a sum moves, so it is believed of a session only after it was seen to move with it, and only to tell what
//! the session moved after its last reading (docs/adr/0016).

use rustc_hash::FxHashMap;

use crate::octets::Octets;
use crate::rows::CounterRows;

/// What one print showed of the sums: its handles are the router's ids of its users, its names theirs. It came before the
/// print of the logins in the same round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SumRows {
    /// The rows that were asked for.
    pub rows: CounterRows,
    /// All were asked for.
    pub whole: bool,
}

/// Which sums the next round should read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SumsWanted {
    /// None: they decide nothing now.
    #[default]
    Nothing,
    /// Those of these users, by raw bytes.
    Of(Vec<Box<[u8]>>),
    /// All of them.
    All,
}

/// Rounds from one look at all sums to the next: a user who is away then may be followed from their next login on.
const LOOK_EVERY: u32 = 12;
/// Users that are asked for by name; of more all are printed.
const BY_NAME_AT_MOST: usize = 64;
/// A router with more users is not asked for their sums.
const USERS_AT_MOST: usize = 10_000;
/// Looks at which the sum must have moved with the session's counter, in both directions each time.
pub(crate) const LOOKS_TO_BELIEVE: u32 = 2;
/// Sessions in a row whose sums did not move with them: this router is not asked any more until we start again.
const REFUTED_AT_MOST: u32 = 16;

/// What is known of the sums of one router. Not stored, but for [`crate::changes::NasRecord::told_until`]: after a restart
/// they are followed anew.
#[derive(Debug)]
pub(crate) struct Sums {
    /// By [`folded`] name.
    pub(crate) users: FxHashMap<Box<[u8]>, User>,
    /// Users of whom a sum told something, by folded name, and by which second of uptime it was read.
    told: FxHashMap<Box<[u8]>, u64>,
    /// The same of all users whom a restart forgot.
    told_before: Option<u64>,
    rounds_since_all: u32,
    refuted: u32,
}

/// A user who has a sum.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) handle: u64,
    pub(crate) name: Box<[u8]>,
    /// The round that showed the sum last, by our poll_seq.
    pub(crate) seen_in: u64,
    pub(crate) stands: Stands,
}

/// What is known of the sum.
#[derive(Debug)]
pub(crate) enum Stands {
    /// Nothing to build on, until it is read while the user is away.
    Unknown,
    /// It was read while the user was away.
    Away {
        /// What it showed.
        base: Octets,
        /// By which second of uptime.
        read_by: u64,
    },
    /// The user's only session since then is followed.
    Followed(Followed),
}

/// A session beside its user's sum.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) session: u64,
    /// The sum before the session.
    pub(crate) base: Octets,
    /// The session's own counter when it was read last.
    pub(crate) active: Octets,
    /// The same before the latest look that counts.
    shown: Octets,
    /// Looks that count.
    pub(crate) looks: u32,
    /// The sum at the latest look.
    pub(crate) latest: Octets,
    /// By how much it then fell short of what the session's counter showed a moment later: what passed between the two
    /// prints, or what a reset took away.
    pub(crate) short_by: u64,
    /// The sum as read while the session was missing, and the round that read it.
    pub(crate) last: Option<(u64, Octets)>,
}

impl Followed {
    pub(crate) fn new(session: u64, base: Octets) -> Self {
        Followed {
            session,
            base,
            active: Octets::ZERO,
            shown: Octets::ZERO,
            looks: 0,
            latest: base,
            short_by: 0,
            last: None,
        }
    }

    /// Compares the sum with the session's counter, which showed `active` in the round before and `now` a moment after
    /// the sum was read. False: the sum does not move with it.
    fn agrees(&mut self, sum: Octets, now: Octets) -> bool {
        let least = self.base + self.active;
        let Some(short) = (self.base + now).grown_since(sum).filter(|_| sum.grown_since(least).is_some())
        else {
            return false;
        };
        (self.latest, self.short_by) = (sum, short.both());
        if self.active.input > self.shown.input && self.active.output > self.shown.output {
            self.looks += 1;
            self.shown = self.active;
        }
        true
    }
}

impl Sums {
    pub(crate) fn new(told_before: Option<u64>) -> Self {
        Sums {
            users: FxHashMap::default(),
            told: FxHashMap::default(),
            told_before,
            rounds_since_all: LOOK_EVERY,
            refuted: 0,
        }
    }

    /// Nothing read before has to do with what comes.
    pub(crate) fn forget_boot(&mut self) {
        (self.told, self.told_before) = (FxHashMap::default(), None);
        self.users.clear();
        self.rounds_since_all = LOOK_EVERY;
    }

    /// The axis leapt ahead.
    pub(crate) fn leap(&mut self, seconds: u64) {
        self.told.values_mut().chain(&mut self.told_before).for_each(|told| *told += seconds);
    }

    /// The sum of a user told what nobody had read, by that second of uptime, and the user is away.
    pub(crate) fn tell(&mut self, user: &[u8], sum: Octets, until: u64) {
        let name = folded(user);
        if let Some(user) = self.users.get_mut(&name) {
            user.stands = Stands::Away { base: sum, read_by: until };
        }
        self.told.insert(name, until);
    }

    /// True when a user's session that began by then may have moved what their sum told.
    pub(crate) fn may_have_told(&self, user: &[u8], began: i64) -> bool {
        let told = self.told.get(&folded(user)).copied().max(self.told_before);
        told.is_some_and(|until| began <= i64::try_from(until).unwrap_or(i64::MAX))
    }

    /// Whether there is any use in reading more.
    pub(crate) fn is_of_use(&self) -> bool {
        self.refuted < REFUTED_AT_MOST
    }

    fn is_look_due(&self) -> bool {
        self.rounds_since_all + 1 >= LOOK_EVERY
    }

    /// A round read the logins, and these sums.
    pub(crate) fn note_look(&mut self, read: Option<&SumRows>, was_wanted: bool) {
        if read.is_some_and(|read| read.rows.len() > USERS_AT_MOST) {
            self.refuted = REFUTED_AT_MOST;
        }
        // A router that refuses is not asked again at once.
        let looked = read.map_or(self.is_look_due() && was_wanted, |read| read.whole);
        self.rounds_since_all = if looked { 0 } else { (self.rounds_since_all + 1).min(LOOK_EVERY) };
    }

    /// Which sums to read next; `named`: those of users whose sessions they may say something of now.
    pub(crate) fn wanted<'n>(&self, named: impl Iterator<Item = &'n [u8]>) -> SumsWanted {
        if !self.is_of_use() {
            return SumsWanted::Nothing;
        }
        if self.is_look_due() {
            return SumsWanted::All;
        }
        let named: Vec<Box<[u8]>> = named.take(BY_NAME_AT_MOST + 1).map(Box::from).collect();
        match named.len() {
            0 => SumsWanted::Nothing,
            1..=BY_NAME_AT_MOST => SumsWanted::Of(named),
            _ => SumsWanted::All,
        }
    }

    /// The session that is followed beside the sum of its login.
    pub(crate) fn followed(&self, login: &[u8], session: u64) -> Option<&Followed> {
        match &self.users.get(&folded(login))?.stands {
            Stands::Followed(followed) if followed.session == session => Some(followed),
            _ => None,
        }
    }

    /// That session is not followed beside the sum of its login any more.
    pub(crate) fn leave(&mut self, login: &[u8], session: u64) {
        if self.followed(login, session).is_some()
            && let Some(user) = self.users.get_mut(&folded(login))
        {
            user.stands = Stands::Unknown;
        }
    }

    /// A sum and its session's counter as one round showed them.
    pub(crate) fn compare(&mut self, user: &[u8], sum: Octets, now: Octets) {
        let Some(user) = self.users.get_mut(user) else { return };
        let Stands::Followed(followed) = &mut user.stands else { return };
        if !followed.agrees(sum, now) {
            user.stands = Stands::Unknown;
            self.refuted += 1;
        } else if followed.looks == LOOKS_TO_BELIEVE {
            self.refuted = 0;
        }
    }
}

/// Names that differ by the case of letters alone are taken for one: whether a router tells them apart is not
/// established, and two users with one sum would each be given what the other moved.
pub(crate) fn folded(user: &[u8]) -> Box<[u8]> {
    user.to_ascii_lowercase().into()
}
