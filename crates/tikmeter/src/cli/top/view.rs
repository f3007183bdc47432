//! What the screen shows, whatever its size: the latest answer, who is chosen, and what was seen of them.

use tokio::time::Instant;

use super::answer::{Sort, Talker, Top};
use super::history::{History, Key, Rates, Rows, push};
use super::keys::Wish;

/// See the module.
#[derive(Debug)]
pub(super) struct View {
    /// The order that is asked for.
    pub(super) sort: Sort,
    /// The latest answer.
    pub(super) shown: Shown,
    /// Why there is no newer one, in words.
    pub(super) trouble: Option<String>,
    /// Whose history is shown. They stay chosen when an answer lacks them.
    pub(super) chosen: Option<Key>,
    /// What was seen of each.
    pub(super) history: History,
    /// Live samples of the chosen one.
    pub(super) live: Option<Live>,
    /// Rows there is room for, as they were drawn last.
    pub(super) room: usize,
    place: usize,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) top: Top,
    /// Its figures are nobody's.
    pub(super) simulated: bool,
    /// When it came.
    pub(super) at: Instant,
}

/// Live samples of somebody.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) samples: Rows,
    /// How it stands, in words.
    pub(super) words: String,
}

/// What a wish leads to beyond what is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Nothing.
    Show,
    /// The server is asked at once.
    Ask,
    /// That subscriber is watched.
    Watch(String),
    /// Nobody is watched.
    StopWatching,
    /// The end.
    End,
}

impl View {
    /// Of a first answer.
    pub(super) fn new(shown: Shown) -> View {
        let mut history = History::default();
        history.take(&shown.top, None);
        let sort = shown.top.sort;
        View { sort, shown, trouble: None, chosen: None, history, live: None, room: 1, place: 0 }
    }

    /// Takes an answer.
    pub(super) fn take(&mut self, shown: Shown) {
        self.trouble = None;
        self.history.take(&shown.top, self.chosen.as_ref());
        self.shown = shown;
        self.place = self.chosen_row().unwrap_or(self.place);
    }

    /// The row of the chosen one, where the answer has them.
    pub(super) fn chosen_row(&self) -> Option<usize> {
        let chosen = self.chosen.as_ref()?;
        self.shown.top.items.iter().position(|talker| Key::of(talker) == *chosen)
    }

    /// The chosen one, where the answer has them.
    pub(super) fn chosen_talker(&self) -> Option<&Talker> {
        self.shown.top.items.get(self.chosen_row()?)
    }

    /// Carries out what only changes what is shown; the rest is the answer.
    pub(super) fn carry_out(&mut self, wish: Wish) -> Then {
        match wish {
            Wish::End => return Then::End,
            Wish::Sort(sort) => {
                self.sort = sort;
                return Then::Ask;
            }
            Wish::Watch if self.live.is_some() => {
                self.live = None;
                return Then::StopWatching;
            }
            Wish::Watch => return self.watch(),
            Wish::Move(rows) => self.go(rows),
            Wish::Page(pages) => self.go(pages * i32::try_from(self.room.max(1)).unwrap_or(1)),
            Wish::First => self.choose(0),
            Wish::Last => self.choose(usize::MAX),
        }
        if self.live.take().is_some() { Then::StopWatching } else { Then::Show }
    }

    fn go(&mut self, rows: i32) {
        match (self.chosen_row(), &self.chosen) {
            (Some(row), _) => self.choose(row.saturating_add_signed(rows as isize)),
            // Whoever was there is gone: who is there now is next to them.
            (None, Some(_)) => self.choose(self.place),
            (None, None) => self.choose(if rows < 0 { usize::MAX } else { 0 }),
        }
    }

    fn choose(&mut self, row: usize) {
        let items = &self.shown.top.items;
        self.place = row.min(items.len().saturating_sub(1));
        self.chosen = items.get(self.place).map(Key::of);
    }

    fn watch(&mut self) -> Then {
        let Some(talker) = self.chosen_talker() else { return Then::Show };
        let subscriber = talker.subscriber.clone();
        let words = match subscriber {
            Some(_) => "The server is asked for live samples.",
            None => "Only a subscriber can be watched live, and this login is nobody's.",
        };
        self.live = Some(Live { words: words.to_owned(), ..Live::default() });
        subscriber.map_or(Then::Show, Then::Watch)
    }

    /// Takes a live sample.
    pub(super) fn sampled(&mut self, rates: Rates, words: String) {
        if let Some(live) = &mut self.live {
            push(&mut live.samples, Some(rates));
            live.words = words;
        }
    }

    /// Says how watching stands.
    pub(super) fn stands(&mut self, words: String) {
        if let Some(live) = &mut self.live {
            live.words = words;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::top::example::top;

    fn view() -> View {
        View::new(Shown { top: top(), simulated: false, at: Instant::now() })
    }

    fn chosen(view: &View) -> Option<u64> {
        view.chosen.as_ref().map(|key| key.session)
    }

    #[tokio::test]
    async fn the_chosen_one_stays_chosen_in_another_order() {
        let mut view = view();
        assert_eq!(chosen(&view), None);
        view.carry_out(Wish::Move(1));
        assert_eq!(chosen(&view), Some(1));
        view.carry_out(Wish::Move(1));
        view.carry_out(Wish::Move(1));
        assert_eq!(chosen(&view), Some(2), "it is the last");
        let mut turned = top();
        turned.items.reverse();
        view.take(Shown { top: turned, simulated: false, at: Instant::now() });
        assert_eq!((chosen(&view), view.chosen_row()), (Some(2), Some(0)));
    }

    #[tokio::test]
    async fn who_is_gone_stays_chosen_until_another_is_and_nobody_chooses_among_none() {
        let mut view = view();
        view.carry_out(Wish::Last);
        let mut without = top();
        without.items.pop();
        view.take(Shown { top: without, simulated: false, at: Instant::now() });
        assert_eq!((chosen(&view), view.chosen_row()), (Some(2), None));
        assert!(view.history.of(view.chosen.as_ref().unwrap()).is_some());
        view.carry_out(Wish::Move(-1));
        assert_eq!(chosen(&view), Some(1));
        let mut nobody = top();
        nobody.items.clear();
        view.take(Shown { top: nobody, simulated: false, at: Instant::now() });
        view.carry_out(Wish::Page(1));
        assert_eq!(chosen(&view), None);
    }

    #[tokio::test]
    async fn only_subscribers_are_watched_and_whoever_goes_on_watches_no_more() {
        let mut view = view();
        assert_eq!(view.carry_out(Wish::Watch), Then::Show, "nobody is chosen");
        view.carry_out(Wish::First);
        assert_eq!(view.carry_out(Wish::Watch), Then::Watch("shop".to_owned()));
        view.sampled(Rates { download: 5, upload: 6 }, "now".to_owned());
        assert_eq!(view.live.as_ref().unwrap().samples, [Some(Rates { download: 5, upload: 6 })]);
        assert_eq!(view.carry_out(Wish::Watch), Then::StopWatching);
        assert_eq!(view.carry_out(Wish::Watch), Then::Watch("shop".to_owned()));
        assert_eq!(view.carry_out(Wish::Last), Then::StopWatching);
        assert_eq!(view.carry_out(Wish::Watch), Then::Show);
        assert!(view.live.as_ref().unwrap().words.contains("nobody's"));
        assert_eq!(view.carry_out(Wish::Sort(Sort::Upload)), Then::Ask);
        assert_eq!(view.carry_out(Wish::End), Then::End);
    }
}
