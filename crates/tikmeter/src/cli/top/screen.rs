//! The terminal as long as somebody looks: keys, answers and the time change what is shown.

use std::time::Duration;

use crossterm::event::EventStream;
use futures_util::StreamExt;
use ratatui::DefaultTerminal;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::draw::draw;
use super::keys::wish;
use super::question::Question;
use super::view::{Shown, Then, View};
use super::watching::{Heard, Watching};
use crate::cli::caller::Caller;
use crate::client::Client;
use crate::failure::Failure;
use crate::signals;

/// The server is asked so long after it answered. Readings come more seldom; it is asked for them on its own machine mostly.
const EVERY: Duration = Duration::from_secs(2);
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(10);
/// Ages are shown anew.
const TICK: Duration = Duration::from_secs(1);

/// Shows it until somebody ends it. A server that does not answer at the beginning ends it at once; later its loss is shown.
///
/// # Errors
/// One sentence.
pub(super) async fn run(caller: &Caller, mut question: Question) -> Result<(), Failure> {
    let view = View::new(ask(&question, &caller.client).await?);
    let stop = CancellationToken::new();
    signals::cancel_on_stop(&stop)?;
    let terminal = Restored::begin()?;
    show(terminal, view, &mut question, &caller.client, &stop).await
}

/// The terminal as the screen has it; however it goes, it is as it was before.
struct Restored(DefaultTerminal);

impl Restored {
    fn begin() -> Result<Restored, Failure> {
        let terminal = ratatui::try_init().map_err(|error| {
            ratatui::restore();
            Failure::said(format!("this terminal cannot show it ({error}); give --once for a list"))
        })?;
        Ok(Restored(terminal))
    }
}

impl Drop for Restored {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

async fn ask(question: &Question, client: &Client) -> Result<Shown, Failure> {
    let answer = timeout(PATIENCE, question.ask(client))
        .await
        .map_err(|_| Failure::said(format!("the server did not answer within {} s", PATIENCE.as_secs())))??;
    Ok(Shown { top: answer.read()?, simulated: answer.simulated, at: Instant::now() })
}

async fn show(
    mut terminal: Restored,
    mut view: View,
    question: &mut Question,
    client: &Client,
    stop: &CancellationToken,
) -> Result<(), Failure> {
    let ascii = !shows_unicode();
    let (mut events, mut watching) = (EventStream::new(), Watching::Nobody);
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next = Instant::now() + EVERY;
    let mut asking = None;
    loop {
        terminal.0.draw(|frame| draw(frame, &mut view, Instant::now(), ascii))?;
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            event = events.next() => {
                let Some(event) = event else { return Ok(()) };
                match wish(&event?).map_or(Then::Show, |wish| view.carry_out(wish)) {
                    Then::Show => {}
                    Then::End => return Ok(()),
                    Then::Watch(subscriber) => watching = Watching::begin(client, subscriber),
                    Then::StopWatching => watching = Watching::Nobody,
                    Then::Ask => (asking, next) = (None, Instant::now()),
                }
            }
            () = sleep_until(next), if asking.is_none() => {
                question.sort = view.sort;
                let question = question.clone();
                asking = Some(Box::pin(async move { ask(&question, client).await }));
            }
            answer = answered(&mut asking) => {
                (asking, next) = (None, Instant::now() + EVERY);
                match answer {
                    Ok(shown) => view.take(shown),
                    Err(failure) => view.trouble = Some(failure.to_string()),
                }
            }
            heard = watching.next() => match heard {
                Heard::Sample(rates, words) => view.sampled(rates, words),
                Heard::Stands(words) => view.stands(words),
            },
            _ = ticks.tick() => {}
        }
    }
}

/// What is being asked for; never anything where nothing is.
async fn answered<T>(asking: &mut Option<impl Future<Output = T> + Unpin>) -> T {
    match asking {
        Some(asking) => asking.await,
        None => std::future::pending().await,
    }
}

/// Whether the first of the variables that is set says so (POSIX: an empty one is not set).
fn shows_unicode() -> bool {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let charset = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    charset.is_some_and(|name| name.to_ascii_uppercase().replace('-', "").contains("UTF8"))
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
