//! What was seen of each session so far: a rate for each window, or that there was none.

use std::collections::{HashMap, VecDeque};

use super::answer::{Talker, Top};

/// Windows that are kept of a session: the widest terminals show about so many.
const KEPT: usize = 240;
/// Sessions of which windows are kept beside those that are shown.
const SESSIONS: usize = 2_000;

/// Tells a session from all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) router: String,
    pub(super) session: u64,
}

impl Key {
    pub(super) fn of(talker: &Talker) -> Key {
        Key { router: talker.router.clone(), session: talker.session }
    }
}

/// Bits per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rates {
    pub(super) download: u64,
    pub(super) upload: u64,
}

/// Rates as they came, the oldest first; `None` where a window had none.
pub(super) type Rows = VecDeque<Option<Rates>>;

#[derive(Debug, Default)]
struct Seen {
    rates: Rows,
    as_of: String,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct History {
    seen: HashMap<Key, Seen>,
}

impl History {
    /// Takes an answer: each window counts once, however often it is told.
    pub(super) fn take(&mut self, top: &Top, chosen: Option<&Key>) {
        for talker in &top.items {
            let rates = Rates { download: talker.download_bps, upload: talker.upload_bps };
            self.seen.entry(Key::of(talker)).or_default().push(&talker.as_of, Some(rates));
        }
        for (key, seen) in &mut self.seen {
            let window = top.router(&key.router).and_then(|router| router.window.as_ref());
            if let Some(window) = window {
                seen.push(&window.as_of, None);
            }
        }
        self.seen.retain(|key, seen| Some(key) == chosen || seen.rates.iter().any(Option::is_some));
        if self.seen.len() > SESSIONS {
            self.seen
                .retain(|key, seen| Some(key) == chosen || seen.rates.back().is_some_and(Option::is_some));
        }
    }

    /// What was seen of a session.
    pub(super) fn of(&self, key: &Key) -> Option<&Rows> {
        self.seen.get(key).map(|seen| &seen.rates)
    }
}

impl Seen {
    fn push(&mut self, as_of: &str, rates: Option<Rates>) {
        if self.as_of == as_of {
            return;
        }
        as_of.clone_into(&mut self.as_of);
        push(&mut self.rates, rates);
    }
}

/// One more, and the oldest goes where there are too many.
pub(super) fn push(rows: &mut Rows, rates: Option<Rates>) {
    if rows.len() == KEPT {
        rows.pop_front();
    }
    rows.push_back(rates);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::top::example::top;

    fn at(seconds: u32, with_ana: bool) -> Top {
        let mut top = top();
        let as_of = format!("2026-11-21T14:02:{seconds:02}Z");
        top.items.iter_mut().for_each(|talker| talker.as_of.clone_from(&as_of));
        top.items.retain(|talker| with_ana || talker.session != 1);
        top.routers[0].window.as_mut().unwrap().as_of = as_of;
        top
    }

    #[test]
    fn a_window_counts_once_and_one_without_a_rate_is_a_gap() {
        let mut history = History::default();
        let ana = Key { router: "tower".to_owned(), session: 1 };
        for (seconds, with_ana) in [(1, true), (1, true), (2, true), (3, false), (3, false), (4, true)] {
            history.take(&at(seconds, with_ana), None);
        }
        let rates = Some(Rates { download: 8_000_000, upload: 1_000_000 });
        assert_eq!(history.of(&ana).unwrap(), &[rates, rates, None, rates]);
    }

    #[test]
    fn whoever_does_not_come_back_is_forgotten_unless_chosen() {
        let ana = Key { router: "tower".to_owned(), session: 1 };
        for chosen in [None, Some(&ana)] {
            let mut history = History::default();
            history.take(&at(0, true), chosen);
            let as_of = |n: usize| format!("{n}");
            for n in 0..KEPT {
                let mut later = at(1, false);
                later.routers[0].window.as_mut().unwrap().as_of = as_of(n);
                later.items.clear();
                history.take(&later, chosen);
            }
            assert_eq!(history.of(&ana).is_some(), chosen.is_some());
        }
    }
}
