//! Ends one session on a router, with one login of its own: finds it among those of its login, removes the hotspot's cookies of
//! this user and this device, removes the session, and looks what became of it.
//!
//! * `pace`: how long each of it may take
//! * `keeping_out`: with a hold, whoever had it is kept out first
//! * `scene`: what the router shows, and which session is meant
//! * `plan`: the commands that change something
//! * `aftermath`: what is to be seen afterwards

mod aftermath;
mod keeping_out;
mod pace;
mod plan;
mod scene;
mod wording;

pub use keeping_out::Notes;
pub use pace::Pace;

use operations::{Became, Disconnected, Marks, RouterCommandError, SessionTarget};
use store::Hold;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::link::{Link, LinkError, Target};
use crate::routeros::presence::Menu;
use aftermath::{Before, Seen};
use keeping_out::KeepingOut;
use plan::{Does, Step, plan, shown};
use scene::{Meant, Scene, cookies};

/// A session that is being ended.
pub struct Ending<'a> {
    session: &'a SessionTarget,
    menu: Menu,
    target: Target,
    pace: Pace,
    link: Link,
    /// When it was asked for.
    asked: Instant,
}

/// How the router took the command that removes the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Done,
    /// It had no such session any more.
    WasGone,
    /// The connection ended before an answer.
    Unheard,
}

impl<'a> Ending<'a> {
    /// Logs in. Nothing is looked at yet, so that a reading can be taken as late as possible.
    ///
    /// # Errors
    /// Why there is no connection, or no such session to end.
    pub async fn open(
        target: Target,
        session: &'a SessionTarget,
        pace: Pace,
    ) -> Result<Ending<'a>, RouterCommandError> {
        let menu = Menu::of(session.service.kind());
        let menu = menu.ok_or_else(|| RouterCommandError::Refused(wording::NO_SESSION.to_owned()))?;
        let (asked, target) = (Instant::now(), pace::hurried(target));
        let link = Link::open(&target).await.map_err(|error| wording::no_link(&error))?;
        Ok(Ending { session, menu, target, pace, link, asked })
    }

    /// Ends it; with `dry_run` finds out how, and leaves it. Where whoever has it is to be kept out, that is written down in
    /// `notes` before anything is sent.
    ///
    /// # Errors
    /// Why it was not ended, or with `Unknown` why nobody knows.
    pub async fn end(mut self, dry_run: bool, notes: &Notes<'_>) -> Result<Disconnected, RouterCommandError> {
        let keeping_out = self.look_to_keep_out(&notes.marks).await?;
        let placed = match &keeping_out {
            Some(keeping_out) if !dry_run => Some((keeping_out, keeping_out.write_down(notes).await?)),
            _ => None,
        };
        let Some(before) = self.find().await? else { return Ok(plainly(Became::NotFound, Vec::new())) };
        let cookies = match self.menu.has_cookies() {
            true => cookies(&mut self.link, &self.session.login).await.map_err(wording::looking)?,
            false => Vec::new(),
        };
        let keeps_out = keeping_out.as_ref().and_then(|keeping_out| keeping_out.command.clone());
        let steps = plan(self.menu, before.session(), &cookies, keeps_out);
        let commands = shown(&steps);
        if dry_run {
            return Ok(plainly(Became::Planned, commands));
        }
        let taken = self.act(&before, &steps, placed.as_ref(), notes).await?;
        let removed = Instant::now();
        let (seen, also_gone) =
            self.watch(&before, removed).await.ok_or_else(|| wording::unseen(taken != Taken::Unheard))?;
        let became = self.judge(taken, seen)?;
        Ok(Disconnected { became, commands, also_gone })
    }

    async fn look_to_keep_out(&mut self, marks: &Marks) -> Result<Option<KeepingOut>, RouterCommandError> {
        match self.session.hold {
            true => KeepingOut::look(&mut self.link, self.session, marks).await.map(Some),
            false => Ok(None),
        }
    }

    /// Finds the session again, as it is now.
    async fn find(&mut self) -> Result<Option<Before>, RouterCommandError> {
        let scene = self.scene().await?;
        let session = match scene.meant(self.session) {
            Meant::This(session) => session.clone(),
            Meant::None => return Ok(None),
            Meant::Several(many) => return Err(wording::several(many)),
        };
        match scene.was_up(&session, self.asked) {
            Some(true) => Ok(Some(Before::new(scene, session))),
            Some(false) => Err(wording::too_young(session.uptime_s.unwrap_or(0))),
            None => Err(wording::no_age()),
        }
    }

    async fn scene(&mut self) -> Result<Scene, RouterCommandError> {
        let scene = Scene::look(&mut self.link, self.menu, &self.session.login).await;
        scene.map_err(wording::looking)
    }

    /// Sends the commands, each while what was seen may still be acted on. A cookie that is gone by now is none that has to be
    /// removed.
    async fn act(
        &mut self,
        before: &Before,
        steps: &[Step],
        placed: Option<&(&KeepingOut, Hold)>,
        notes: &Notes<'_>,
    ) -> Result<Taken, RouterCommandError> {
        let mut cookies = 0;
        for step in steps {
            if !before.is_fresh(self.asked, self.pace) {
                return Err(wording::too_slow(cookies));
            }
            match (self.link.print(&step.command, |_| ()).await, step.does) {
                (Ok(_), Does::KeepOut) => {
                    if let Some((keeping_out, placed)) = placed {
                        keeping_out.confirm(&mut self.link, notes, placed).await?;
                    }
                }
                (Ok(_), Does::RemoveCookie) => cookies += 1,
                (Ok(_), Does::RemoveSession) => break,
                (Err(error), Does::KeepOut) if error.ends_link() => {
                    return Err(wording::maybe_kept_out(&error));
                }
                (Err(error), Does::RemoveCookie) if error.is_no_such_item() => {}
                (Err(error), Does::RemoveSession) if error.is_no_such_item() => return Ok(Taken::WasGone),
                (Err(error), Does::RemoveSession) if error.ends_link() => return Ok(Taken::Unheard),
                (Err(error), _) => return Err(wording::not_ended(&error, cookies)),
            }
        }
        Ok(Taken::Done)
    }

    /// Looks until somebody is back, or for long enough; the last that was seen, `None` when nothing was. The last look is made when
    /// the time is over, and not before.
    async fn watch(&mut self, before: &Before, removed: Instant) -> Option<(Seen, u64)> {
        let (until, mut last) = (removed + self.pace.look_for, None);
        loop {
            let is_last = Instant::now() >= until;
            if let Ok(Ok(scene)) = timeout_at(until + self.pace.look_every, self.look()).await {
                last = Some((before.compare(&scene, removed), before.others_gone(&scene)));
            }
            if matches!(last, Some((Seen::Back { .. }, _))) || is_last {
                return last;
            }
            sleep_until(until.min(Instant::now() + self.pace.look_every)).await;
        }
    }

    /// The router may have ended the connection.
    async fn look(&mut self) -> Result<Scene, LinkError> {
        if !self.link.is_usable() {
            self.link = Link::open(&self.target).await?;
        }
        Scene::look(&mut self.link, self.menu, &self.session.login).await
    }

    fn judge(&self, taken: Taken, seen: Seen) -> Result<Became, RouterCommandError> {
        match (taken, seen) {
            (Taken::Unheard, Seen::Still { .. }) => Err(wording::not_taken()),
            (Taken::WasGone, Seen::Still { .. }) => Err(wording::contradicted()),
            (_, Seen::Still { looked_s }) => Ok(Became::StillThere { looked_s }),
            // A device may have gone as it was blocked.
            (Taken::WasGone, Seen::Gone { looked_s }) if self.session.hold => Ok(Became::Gone { looked_s }),
            (Taken::WasGone, Seen::Gone { .. } | Seen::Back { .. }) => Ok(Became::NotFound),
            (_, Seen::Gone { looked_s }) => Ok(Became::Gone { looked_s }),
            (_, Seen::Back { after_s, by }) => Ok(Became::CameBack { after_s, by }),
        }
    }
}

fn plainly(became: Became, commands: Vec<String>) -> Disconnected {
    Disconnected { became, commands, also_gone: 0 }
}
